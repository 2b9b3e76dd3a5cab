/** A good mailbox: what its Postfix takes is delivered into its Dovecot. Prints where it is; ends with its input. */
import { scope, startMailbox } from '../../test/mail-servers/index.ts';

const address = process.argv[2] ?? '127.0.0.1';
const servers = scope();
const authority = await servers.authority();
const certificate = await authority.issue({ hosts: [address] });
const { imap, smtp } = await servers.start(
  startMailbox({ certificate, dovecot: { address }, postfix: { address } }),
);
const where = { address, ca: authority.caFile, imaps: imap.imapsPort, smtps: smtp.smtpsPort };
process.stdout.write(`${JSON.stringify(where)}\n`);
process.stdin.resume().on('end', () => void servers.stop().then(() => process.exit(0)));
