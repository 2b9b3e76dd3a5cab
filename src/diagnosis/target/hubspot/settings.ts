import type { Account } from '../../account/account.ts';
import { services } from '../../account/endpoint.ts';
import type { Finding } from '../../finding.ts';
import type { Seen } from '../../observed/seen.ts';
import type { Settings } from './index.ts';

/** Null where a server or the way to secure it is not known. */
export const settingsOf = (
  account: Account,
  seen: readonly Seen[],
  findings: readonly Finding[],
): Settings | null => {
  const [imap, smtp] = services.map((service) => seen.find((one) => one.service === service));
  if (!imap?.endpoint || !smtp?.endpoint || !imap.encryption || !smtp.encryption) return null;
  return {
    email: account.address,
    username: account.username,
    imapHost: imap.endpoint.host,
    imapPort: imap.endpoint.port,
    imapEncryption: imap.encryption,
    smtpHost: smtp.endpoint.host,
    smtpPort: smtp.endpoint.port,
    smtpEncryption: smtp.encryption,
    allowUntrustedCertificate: findings.some(
      ({ requirement, verdict }) => requirement === 'cert-trusted' && verdict === 'warn',
    ),
  };
};
