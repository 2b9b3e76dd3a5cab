import { type scope, startDovecot, startPostfix } from '../mail-servers/index.ts';

/** A healthy mail server, and beside it an IMAP server that knows nothing newer than TLS 1.0. */
export const startMailHost = async (servers: ReturnType<typeof scope>) => {
  const authority = await servers.authority();
  const certificate = await authority.issue();
  const [dovecot, old, postfix] = await Promise.all([
    servers.start(startDovecot({ certificate })),
    servers.start(startDovecot({ certificate, versions: ['TLSv1'] })),
    servers.start(startPostfix({ certificate })),
  ]);
  /** As it is typed into the form. */
  const account = (imapPort: number) => ({
    imapHost: '127.0.0.1',
    imapPort: String(imapPort),
    imapEncryption: 'tls',
    smtpHost: '127.0.0.1',
    smtpPort: String(postfix.smtpsPort),
    smtpEncryption: 'tls',
  });
  return { dovecot, old, postfix, certificate, caFile: authority.caFile, account };
};
export type MailHost = Awaited<ReturnType<typeof startMailHost>>;
