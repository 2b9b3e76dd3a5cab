import { asciiName } from '../../diagnosis/account/host.ts';
import { limits } from '../../net/limits.ts';
import type { Sighting } from '../context.ts';
import { type Answer, askSmtp, hearSmtp, type Talk } from '../session/dialogue.ts';
import {
  attempt,
  base64,
  type Credentials,
  type Method,
  type Offered,
  plainMessage,
  type Refusal,
  refusalOf,
} from './method.ts';

/** AUTH PLAIN with its message in the first line (RFC 4954 §4), else AUTH LOGIN; never a challenge. */
export const smtpMethod = ({ mechanisms }: Offered, credentials: Credentials): Method | null => {
  if (mechanisms.includes('PLAIN')) {
    const message = base64(plainMessage(credentials));
    const shown = 'AUTH PLAIN';
    return { mechanism: 'PLAIN', shown, line: `${shown} ${message}`, pieces: [message] };
  }
  if (!mechanisms.includes('LOGIN')) return null;
  const pieces = [base64(credentials.username), base64(credentials.password)];
  return { mechanism: 'LOGIN', shown: 'AUTH LOGIN', line: 'AUTH LOGIN', pieces };
};

export const attemptSmtp = (talk: Talk, method: Method): Promise<Answer> =>
  attempt(talk, method, () => hearSmtp(talk, limits.loginMs));

const status = /^(\d{3})[ -]?(\d\.\d{1,3}\.\d{1,3}\b)?/u;

/** A reply of several lines repeats its code on each (RFC 5321 §4.2.1, RFC 2034); shown as one sentence. */
export const smtpRefusal = (talk: Talk, lines: readonly string[]): Refusal => {
  // What a mechanism asked for on the way (334) is no part of the refusal.
  const [first = '', ...rest] = lines.filter((line) => !/^334\b/u.test(line));
  const [, reply = '', enhanced] = status.exec(first) ?? [];
  const words = [first, ...rest].map((line) => line.replace(status, '').trim()).join(' ');
  const code = enhanced === undefined ? reply : `${reply} ${enhanced}`;
  return refusalOf(talk, `${code} ${words}`, code === '' ? null : code);
};

type Envelope = Extract<Sighting, { type: 'envelope' }>;

/** Local parts are ASCII by then; a domain with umlauts travels as A-labels. */
const mailbox = (address: string): string => {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `${address.slice(0, at)}@${asciiName(domain) ?? domain}`;
};

/**
 * Would the server take a mail from the account to itself? Both ends of the envelope are offered and taken back
 * (RSET): without DATA no mail comes into being.
 */
export const tryEnvelope = async (talk: Talk, address: string): Promise<Envelope> => {
  const own = mailbox(address);
  const seen = (outcome: Envelope['outcome'], { lines }: Answer): Envelope => ({
    type: 'envelope',
    outcome,
    ...(outcome === 'accepted' ? { code: null, reply: '' } : smtpRefusal(talk, lines)),
  });
  const sender = await askSmtp(talk, `MAIL FROM:<${own}>`);
  if (sender.outcome !== 'ok') return seen(ended(sender, 'sender-refused'), sender);
  // Postfix says at this point, too, what it holds against the sender (smtpd_delay_reject).
  const recipient = await askSmtp(talk, `RCPT TO:<${own}>`);
  if (recipient.outcome !== 'ok') return seen(ended(recipient, 'recipient-refused'), recipient);
  await askSmtp(talk, 'RSET');
  return seen('accepted', recipient);
};

const ended = ({ outcome }: Answer, refused: 'sender-refused' | 'recipient-refused'): Envelope['outcome'] =>
  outcome === 'ok' || outcome === 'refused' || outcome === 'go-on' ? refused : outcome;
