/** Mailboxes that let everybody in and then send more than anybody needs, beside a quiet one. Prints where they are; ends with its input. */

import { imapAccepts, smtpAccepts, startAnswering } from '../../test/journeys/login-cases.ts';
import { type Action, scope } from '../../test/mail-servers/index.ts';

const servers = scope();
const authority = await servers.authority();
const certificate = await authority.issue();
const smtp = await startAnswering('smtp', servers, {
  ...{ certificate, answer: smtpAccepts },
  // Nothing is waited for.
  before: [['DATA', '550 5.7.1 no mail today\r\n']],
});

const list = /^[0-9A-F]+ LIST /u;
const examine = /^[0-9A-F]+ EXAMINE /u;
const folders = Array.from({ length: 100_000 }, (_, at) => `* LIST () "/" "Archive/${at}"\r\n`).join('');
/** What a library asks has a tag of digits; the login test asks the same with tags of its own. */
const kinds: Record<string, readonly [RegExp, Action]> = {
  quiet: [list, '* LIST (\\Sent) "/" Sent\r\n{tag} OK done\r\n'],
  'an endless line': [examine, `* OK ${'x'.repeat(64 * 1024 * 1024)}`],
  'endless lines': [examine, '* OK still there\r\n'.repeat(2_000_000)],
  'a hundred thousand folders': [list, `${folders}{tag} OK done\r\n`],
  'a literal of a gigabyte': [list, '* LIST () "/" {1073741824}\r\nxxxx'],
  'a literal that comes': [list, `* LIST () "/" {1073741824}\r\n${'x'.repeat(64 * 1024 * 1024)}`],
};
const at = await Promise.all(
  Object.entries(kinds).map(async ([name, before]) => {
    const imap = await startAnswering('imap', servers, {
      ...{ certificate, answer: imapAccepts, before: [before] },
    });
    return { name, address: '127.0.0.1', ca: authority.caFile, imaps: imap.port, smtps: smtp.port };
  }),
);
process.stdout.write(`${JSON.stringify(at)}\n`);
process.stdin.resume().on('end', () => void servers.stop().then(() => process.exit(0)));
