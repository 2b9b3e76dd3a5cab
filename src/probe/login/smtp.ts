import { performance } from 'node:perf_hooks';
import { asciiName } from '../../diagnosis/account/host.ts';
import type { SmtpMechanism } from '../../mailbox/login/nodemailer.ts';
import { limits } from '../../net/limits.ts';
import type { Sighting } from '../context.ts';
import { meaningOfSending, mindsOurName } from '../refusals/sending.ts';
import { type Answer, askSmtp, hearSmtp, type Talk } from '../session/dialogue.ts';
import { introduceAgain } from '../session/questions.ts';
import { attempt, type Credentials, type Method, type Offered, type Refusal, refusalOf } from './method.ts';

const authenticate = (credentials: Credentials, mechanism: SmtpMechanism): Method => ({
  mechanism,
  shown: `AUTH ${mechanism}`,
  pieces: mechanism === 'PLAIN' ? 1 : 2,
  begin: async () => (await import('../../mailbox/login/nodemailer.ts')).speakSmtp(credentials, mechanism),
});

/** AUTH PLAIN with its message in the first line (RFC 4954 §4), then AUTH LOGIN; never a challenge. */
export const smtpMethods = ({ mechanisms }: Offered, credentials: Credentials): Method[] =>
  (['PLAIN', 'LOGIN'] as const)
    .filter((mechanism) => mechanisms.includes(mechanism))
    .map((mechanism) => authenticate(credentials, mechanism));

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
export const mailbox = (address: string): string => {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `${address.slice(0, at)}@${asciiName(domain) ?? domain}`;
};

/** In milliseconds: servers let a sender wait on purpose, or ask elsewhere about it first. */
const patienceMs = 15_000;
/** Shorter than this, a silence that our own end cut off is not held against the server, in milliseconds. */
const fairMs = 4_000;

type Asked = { envelope: Envelope; mindsOurName: boolean };

/**
 * Would the server take a mail from the account to itself? Both ends of the envelope are offered and taken back
 * (RSET): without DATA no mail comes into being.
 */
const askEnvelope = async (talk: Talk, own: string, signal: AbortSignal): Promise<Asked> => {
  const nothing = { type: 'envelope', code: null, reply: '', meaning: null } as const;
  // Postfix says only to the recipient, too, what it holds against the sender (smtpd_delay_reject).
  for (const command of [`MAIL FROM:<${own}>`, `RCPT TO:<${own}>`]) {
    const started = performance.now();
    const { outcome, lines } = await askSmtp(talk, command, patienceMs);
    if (outcome === 'ok') continue;
    if (outcome === 'refused' || outcome === 'go-on') {
      const refusal = smtpRefusal(talk, lines);
      const meaning = meaningOfSending(refusal.code, lines);
      return {
        envelope: { type: 'envelope', outcome: 'refused', ...refusal, meaning },
        mindsOurName: mindsOurName(refusal.code, lines),
      };
    }
    const isOurs = outcome === 'silent' && signal.aborted && performance.now() - started < fairMs;
    return { envelope: { ...nothing, outcome: isOurs ? 'cut-short' : outcome }, mindsOurName: false };
  }
  await askSmtp(talk, 'RSET');
  return { envelope: { ...nothing, outcome: 'accepted' }, mindsOurName: false };
};

/**
 * The same once more with a host name in EHLO where the address in its place is
 * refused: many servers judge it only now. What a rehearsal opens later then gives the name from the start.
 */
export const tryEnvelope = async (talk: Talk, address: string, signal: AbortSignal): Promise<Envelope> => {
  const own = mailbox(address);
  const first = await askEnvelope(talk, own, signal);
  if (!first.mindsOurName) return first.envelope;
  await askSmtp(talk, 'RSET');
  if (!(await introduceAgain(talk))) return first.envelope;
  const { envelope } = await askEnvelope(talk, own, signal);
  const isAnswered = envelope.outcome === 'accepted' || envelope.outcome === 'refused';
  // 530 (RFC 4954 §6): to this server the login is over, so it says nothing of the envelope.
  return isAnswered && !envelope.code?.startsWith('530') ? envelope : first.envelope;
};
