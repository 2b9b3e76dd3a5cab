/** What others do in a mailbox by hand: the rep's phone, and its administrator. */
import { writeFile } from 'node:fs/promises';
import { ImapFlow } from 'imapflow';
import type { Mailbox, MailUser } from '../mail-servers/index.ts';

/** Another program has marked a mail as deleted and not removed it yet. */
export const putDeletedMail = async ({ imap }: Mailbox, { name, password }: MailUser): Promise<void> => {
  const client = new ImapFlow({
    ...{ host: imap.host, port: imap.imapsPort, secure: true, logger: false },
    auth: { user: name, pass: password },
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  await client.append('INBOX', 'Subject: from somebody else\r\n\r\nkeep me\r\n', ['\\Deleted']);
  await client.logout();
};

/** Dovecot's settings where a folder may be read and not written; the rules stand in a file. */
export const readOnlyFolder = async (file: string, folder: string): Promise<string> => {
  await writeFile(file, `${folder} owner lrs\n`, { mode: 0o644 });
  return `
mail_plugins = acl
protocol imap {
  mail_plugins = acl imap_acl
}
plugin {
  acl = vfile:${file}
}`;
};
