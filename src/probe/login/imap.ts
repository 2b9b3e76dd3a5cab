import type { ImapWay } from '../../mailbox/login/imapflow.ts';
import { limits } from '../../net/limits.ts';
import { type Answer, hearImap, quotedString, type Talk } from '../session/dialogue.ts';
import { attempt, type Credentials, type Method, type Offered, type Refusal, refusalOf } from './method.ts';

const firstTag = 'a3';
/** For another mechanism, tried where the first is not known after all. */
const secondTag = 'c3';

/** A quoted string (RFC 9051 §4.3) holds ASCII without control characters; anything else goes as a literal. */
export const quotable = /^[\x20-\x7e]*$/u;

const byLibrary =
  (credentials: Credentials, way: ImapWay): Method['begin'] =>
  async () =>
    (await import('../../mailbox/login/imapflow.ts')).speakImap(credentials, way);

/** imapflow would send eight bits in a quoted string, which a strict server refuses (Dovecot answers BAD). */
const byHand = (lines: readonly string[]): Method['begin'] => {
  const rest = lines.values();
  return async () => ({ next: async () => rest.next().value ?? '*', goOn: () => {}, close: () => {} });
};

const loginCommand = (credentials: Credentials, tag: string): Method => {
  const mechanism = 'LOGIN command';
  const { username, password } = credentials;
  if (quotable.test(username + password)) {
    const shown = `${tag} LOGIN ${quotedString(username)}`;
    return {
      mechanism,
      shown,
      pieces: 0,
      begin: byLibrary(credentials, { mechanism, tag }),
    };
  }
  const size = (text: string): string => `{${Buffer.byteLength(text, 'utf8')}}`;
  const shown = `${tag} LOGIN ${size(username)}`;
  return { mechanism, shown, pieces: 2, begin: byHand([shown, `${username} ${size(password)}`, password]) };
};

type Sasl = ImapWay & { mechanism: 'PLAIN' | 'LOGIN' };

const authenticate = (credentials: Credentials, way: Sasl): Method => ({
  mechanism: way.mechanism,
  shown: `${way.tag} AUTHENTICATE ${way.mechanism}`,
  pieces: way.mechanism === 'PLAIN' ? 1 : 2,
  begin: byLibrary(credentials, way),
});

/**
 * AUTHENTICATE PLAIN where it is listed, else the LOGIN command unless that is forbidden: Cyrus takes it without
 * listing any AUTH=. Never a challenge such as CRAM-MD5, since HubSpot's plain login would not be proven by it. The
 * second is tried only where the first turns out not to be known.
 */
export const imapMethods = ({ names, mechanisms }: Offered, credentials: Credentials): Method[] => {
  const hasPlain = mechanisms.includes('PLAIN');
  const sendsAlong = names.includes('SASL-IR');
  const plain = { mechanism: 'PLAIN', tag: firstTag, sendsAlong } as const;
  const tag = hasPlain ? secondTag : firstTag;
  const command = names.includes('LOGINDISABLED') ? [] : [loginCommand(credentials, tag)];
  const last = hasPlain || command.length > 0 ? secondTag : firstTag;
  const login = { mechanism: 'LOGIN', tag: last } as const;
  return [
    ...(hasPlain ? [authenticate(credentials, plain)] : []),
    ...command,
    ...(mechanisms.includes('LOGIN') ? [authenticate(credentials, login)] : []),
  ].slice(0, 2);
};

/** A server that hangs up may say why in a BYE instead of an answer with our tag (RFC 9051 §7.1.5). */
export const attemptImap = async (talk: Talk, method: Method): Promise<Answer> => {
  const [tag = firstTag] = method.shown.split(' ');
  const answer = await attempt(talk, method, () => hearImap(talk, tag, { withinMs: limits.loginMs }));
  const leaves = answer.lines.some((line) => /^\* BYE\b/iu.test(line));
  return answer.outcome === 'closed' && leaves ? { ...answer, outcome: 'refused' } : answer;
};

/** `words`: what stands behind the tag and NO, BAD or BYE, with the response code (RFC 5530) at its beginning. */
export const imapRefusalOf = (talk: Talk, words: string): Refusal =>
  refusalOf(talk, words, /^\[([A-Z][A-Z0-9-]*)/iu.exec(words)?.[1]?.toUpperCase() ?? null);

/** The response code (RFC 5530) and words of the answer, without our tag. */
export const imapRefusal = (talk: Talk, lines: readonly string[]): Refusal => {
  const said = (pattern: RegExp) => lines.findLast((line) => pattern.test(line));
  const words = (said(/^[ac]3 /iu) ?? said(/^\* BYE\b/iu) ?? '').replace(/^\S+ (?:(?:NO|BAD|BYE) )?/iu, '');
  return imapRefusalOf(talk, words);
};
