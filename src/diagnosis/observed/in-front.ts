import type { ObservationOf } from './observation.ts';
import type { Seen } from './seen.ts';

/** What servers say who wait for STARTTLS before a login (RFC 5530 PRIVACYREQUIRED, RFC 3207 §4, RFC 4954 §6). */
const wantsEncryption =
  /PRIVACYREQUIRED|\bSTARTTLS\b|^538\b|non-?secure|(?:encrypt|secur|TLS|SSL)\w* (?:connection |session )?(?:is )?(?:required|needed)|(?:requires?|must use|need) (?:a |an )?(?:encrypt|secure|TLS|SSL)/iu;

const isClosed = ({ names, mechanisms }: ObservationOf<'capabilities'>, service: Seen['service']): boolean =>
  !mechanisms.some((name) => name === 'PLAIN' || name === 'LOGIN') &&
  (service === 'smtp' || names.includes('LOGINDISABLED'));

/**
 * Inside TLS the server still offers STARTTLS and lets nobody log in (RFC 9051 §6.2.1, RFC 3207 §4.2 forbid that offer): TLS
 * ends at a proxy, and the server behind it takes the line for an open one.
 */
export const tlsEndsInFront = ({ service, tlsCapabilities, login }: Seen): boolean => {
  if (!tlsCapabilities?.names.includes('STARTTLS')) return false;
  return (
    isClosed(tlsCapabilities, service) ||
    (login?.outcome === 'refused' && wantsEncryption.test(`${login.code ?? ''} ${login.reply}`.trim()))
  );
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
