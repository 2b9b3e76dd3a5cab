import type { SendingRefusal } from '../../diagnosis/observed/refusal.ts';
import { clausesOf, type State, says } from './clauses.ts';
import { states } from './states.ts';
import { topics } from './topics.ts';

/** RFC 3463: X.2.2 and X.3.1 are full mailboxes and systems; 452 and 552 mean the same where no such code is given. */
const fullCodes = /^(?:[45]52(?! \d\.[^23])|\d{3} \d\.(?:2\.2|3\.1))/u;
/** RFC 3463 §3.8: X.7.25 and X.7.27 of RFC 7372 speak of the client's reverse DNS. */
const addressCodes = /^\d{3} \d\.7\.(?:25|27)\b/u;
/** Microsoft bars a sender with 5.1.8 and 5.7.501 to 503, and a tenant with 5.7.705 and 5.7.708. */
const suspendedCodes = /^\d{3} (?:5\.1\.8|5\.7\.50[1-3]|5\.7\.70[58])\b/u;
/**
 * Google says 5.4.5 of a day's worth, Microsoft 5.1.90 and 5.2.2; the words of the latter tell it from a full mailbox.
 */
const limitCodes = /^\d{3} (?:\d\.4\.5|5\.1\.90)\b/u;

const any = (...patterns: string[]): State => ({
  is: new RegExp(String.raw`\b(?:${patterns.join('|')})\b`, 'gu'),
});

const full = any(
  ...[
    'mailbox (?:is )?full',
    'over ?quota',
    'quota',
    'insufficient (?:system )?storage',
    'no space',
    'storage',
    'voll',
    'pleine',
    'llen[oa]',
  ],
  ...['pien[oa]', 'przepelnion\\w*', 'pelna', 'disk full'],
);
const sending = any(
  ...[
    'send',
    'sending',
    'sent',
    'sender',
    'outgoing',
    'outbound',
    'outmail',
    'submission\\w*',
    'messages?',
    'mails?',
    'e-?mails?',
    'recipients?',
    'versand\\w*',
    'senden',
    'nachrichten',
  ],
  ...[
    'envoi\\w*',
    'envio\\w*',
    'mensajes',
    'correos',
    'invi\\w*',
    'messaggi',
    'wysyl\\w*',
    'wiadomosci',
    'smtp',
    'relay',
  ],
);
const refuses = any(
  ...[
    'rejected',
    'blocked',
    'denied',
    'refused',
    'listed',
    'blacklisted',
    'blocklisted',
    'cannot find',
    'not allowed',
    'reputation',
    'banned',
    'abgelehnt',
    'gesperrt',
  ],
  ...[
    'refuse\\w*',
    'bloque\\w*',
    'rechazad\\w*',
    'bloquead\\w*',
    'rifiutat\\w*',
    'bloccat\\w*',
    'odrzucon\\w*',
    'zablokowan\\w*',
    'service unavailable',
    'policy',
    'verification',
  ],
  ...['found', 'lookup', 'using'],
);
const barred = any(
  'suspend\\w*',
  'barred',
  'disabled',
  'blocked',
  'locked',
  'revoked',
  'restricted',
  'bad outbound',
  'compromised',
  'gesperrt',
  'deaktiviert',
  'bloque\\w*',
  'suspendu\\w*',
  'bloquead\\w*',
  'suspendid\\w*',
  'bloccat\\w*',
  'sospes\\w*',
  'zablokowan\\w*',
);
const addressOfMail = any('(?:sender|recipient|from|e-?mail) address', 'alias', 'absenderadresse');

/** By the enhanced code alone, which leaves no doubt; null: it says nothing of this. */
export const meaningOfCode = (code: string | null): SendingRefusal | null => {
  const status = code ?? '';
  if (addressCodes.test(status)) return 'our-address-refused';
  if (suspendedCodes.test(status)) return 'sending-suspended';
  return limitCodes.test(status) ? 'limit-reached' : null;
};

/** What a server says that does not take a mail from the account to itself; null: words that are not known. */
export const meaningOfSending = (code: string | null, lines: readonly string[]): SendingRefusal | null => {
  const words = lines
    .map((line) => line.replace(/^\d{3}[ -]?(?:\d\.\d{1,3}\.\d{1,3}\b)?/u, '').trim())
    .join(' ');
  const clauses = clausesOf(words).map(({ text }) => text);
  const of = (holds: (clause: string) => boolean): boolean => clauses.some(holds);
  const status = code ?? '';
  const blocksAddress = of((clause) => topics.ourAddress.test(clause) && says(clause, refuses));
  if (addressCodes.test(status) || blocksAddress) return 'our-address-refused';
  const bars = of(
    (clause) =>
      says(clause, barred) &&
      !says(clause, addressOfMail) &&
      (topics.account.test(clause) || says(clause, sending)),
  );
  if (suspendedCodes.test(status) || bars) return 'sending-suspended';
  const isLimit = of((clause) => says(clause, states.tooMuch) && says(clause, sending));
  if (limitCodes.test(status) || isLimit) return 'limit-reached';
  if (fullCodes.test(status) || of((clause) => says(clause, full))) return 'over-quota';
  if (of((clause) => says(clause, states.tooMuch))) return 'limit-reached';
  return status.startsWith('4') ? 'try-later' : null;
};
