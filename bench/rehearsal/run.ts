/** Times a login test, a rehearsal, and the bare libraries that do the same steps. Prints the figures of each round as JSON. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { readAuthorities, runCheck } from '../../src/check.ts';
import type { Account } from '../../src/diagnosis/account/account.ts';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import { writeTestMail } from '../../src/mailbox/message/test-mail.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { Secret } from '../../src/secret.ts';
import { REP } from '../../test/mail-servers/index.ts';

type Where = { address: string; ca: string; imaps: number; smtps: number };
const { address, ca, imaps, smtps }: Where = JSON.parse(process.argv[2] ?? '{}');
const rounds = Number(process.argv[3] ?? 3);

const endpoint = (service: Service, port: number) =>
  ({ service, host: address, asciiHost: address, port, encryption: 'tls' }) as const;
const account: Account = {
  ...{ address: REP.name, username: REP.name, smtpLogin: 'same', personalInbox: true },
  ...{ imap: endpoint('imap', imaps), smtp: endpoint('smtp', smtps), untrustedCertificateExpected: false },
};
const network = createNetwork({
  guard: createGuard({ restricted: false, allowNetworks: ['127.0.0.0/8', '10.0.0.0/8'], allowPorts: [] }),
  nameServers: [],
});
const authorities = await readAuthorities(ca);

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

const check = (rehearsal: { patienceMs: number } | null) =>
  runCheck(
    account,
    { network, authorities, policy: 'hubspot-2017', now: Date.now },
    { secret: new Secret(REP.password), ...(rehearsal ? { rehearsal } : {}) },
  );

/** The rehearsal alone, without the check before it. */
const rehearse = async (): Promise<number> => {
  const { observations, assessment } = await check({ patienceMs: 20_000 });
  const at = observations.flatMap((seen) => (seen.type === 'rehearsal' ? [seen.at] : []));
  if (assessment.verdict !== 'ready') throw new Error(`expected a good mailbox, it is ${assessment.verdict}`);
  return (at[1] ?? Number.NaN) - (at[0] ?? Number.NaN);
};

const openImap = async (): Promise<ImapFlow> => {
  const client = new ImapFlow({
    ...{ host: address, port: imaps, secure: true, logger: false, disableAutoIdle: true },
    auth: { user: REP.name, pass: REP.password },
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  return client;
};

const openSmtp = async (): Promise<SMTPConnection> => {
  const connection = new SMTPConnection({
    ...{ host: address, port: smtps, secure: true, tls: { rejectUnauthorized: false } },
  });
  await new Promise<void>((resolve) => connection.connect(() => resolve()));
  await new Promise<void>((resolve) =>
    connection.login({ user: REP.name, pass: REP.password }, () => resolve()),
  );
  return connection;
};

const uidIn = async (client: ImapFlow, id: string): Promise<number> => {
  for (;;) {
    const found = await client.search({ header: { 'X-Connect-Email-Test': id } }, { uid: true });
    if (found && found[0] !== undefined) return found[0];
    // What came before it listened is not told.
    const told = new Promise((resolve) => client.once('exists', resolve));
    void client.idle();
    await Promise.race([told, sleep(500)]);
  }
};

/** The same steps by the libraries alone, one after another. */
const bare = async (): Promise<void> => {
  const first = await openImap();
  await first.list();
  await first.mailboxOpen('INBOX', { readOnly: true });
  const second = await openImap();
  await second.mailboxOpen('Sent', { readOnly: true });
  const third = await openImap();
  const sender = await openSmtp();
  const idle = await openSmtp();
  const { id, message } = writeTestMail(REP.name, Date.now());
  await new Promise<void>((resolve) =>
    sender.send({ from: REP.name, to: [REP.name] }, message, () => resolve()),
  );
  await second.append('Sent', message, ['\\Seen']);
  const uid = await uidIn(first, id);
  await first.mailboxOpen('INBOX');
  await first.messageDelete(String(uid), { uid: true });
  await second.mailboxOpen('Sent');
  await second.messageDelete(String(await uidIn(second, id)), { uid: true });
  for (const client of [first, second, third]) await client.logout();
  for (const connection of [sender, idle]) connection.quit();
};

const figures = { login: [], rehearsal: [], bare: [] } as Record<'login' | 'rehearsal' | 'bare', number[]>;
// The libraries are loaded once, and not timed.
await rehearse();
for (let round = 0; round < rounds; round += 1) {
  figures.login.push(await timed(() => check(null)));
  figures.rehearsal.push(await rehearse());
  figures.bare.push(await timed(bare));
}
process.stdout.write(JSON.stringify(figures));
process.exit(0);
