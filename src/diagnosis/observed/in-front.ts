import type { ObservationOf } from './observation.ts';
import type { Seen } from './seen.ts';

const isClosed = ({ names, mechanisms }: ObservationOf<'capabilities'>, service: Seen['service']): boolean =>
  !mechanisms.some((name) => name === 'PLAIN' || name === 'LOGIN') &&
  (service === 'smtp' || names.includes('LOGINDISABLED'));

/**
 * Inside TLS the server still offers STARTTLS and lets nobody log in (RFC 9051 §6.2.1, RFC 3207 §4.2 forbid that offer): TLS
 * ends at a proxy, and the server behind it takes the line for an open one. A login that is refused for want of encryption
 * says the same.
 */
export const tlsEndsInFront = ({ service, tlsCapabilities, login }: Seen): boolean => {
  if (login?.outcome === 'refused' && login.meaning === 'tls-required') return true;
  return tlsCapabilities?.names.includes('STARTTLS') === true && isClosed(tlsCapabilities, service);
};

/** A firewall that rewrites SMTP blots out what it does not want to be seen, letter by letter (Cisco's fixup and inspect esmtp). */
const blotted = /\*{4,}|X{5,}/u;

/** What it left of the greeting, of a keyword or of a reply; null: nothing is blotted out. */
export const blottedOut = ({ greeting, plainCapabilities, starttls }: Seen): string | null => {
  const shown = [
    greeting?.outcome === 'spoken' ? greeting.spoken.text : '',
    ...(plainCapabilities?.names ?? []),
    plainCapabilities?.reply ?? '',
    starttls?.reply ?? '',
  ];
  return shown.find((text) => blotted.test(text)) ?? null;
};

/** Exchange with no certificate assigned to its IMAP service ends every connection with this number. */
const withoutCertificate = /\bConnection is closed\. 14\b/iu;

export const lacksItsCertificate = (words: string): boolean => withoutCertificate.test(words);
