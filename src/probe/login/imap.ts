import { limits } from '../../net/limits.ts';
import { type Answer, hearImap, quotedString, type Talk } from '../session/dialogue.ts';
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

const firstTag = 'a3';
/** For another mechanism, tried where the first is not known after all. */
const secondTag = 'c3';

/** A quoted string (RFC 9051 §4.3) holds ASCII without control characters; anything else goes as a literal. */
const quotable = /^[\x20-\x7e]*$/u;

const loginCommand = ({ username, password }: Credentials, tag: string): Method => {
  const mechanism = 'LOGIN command';
  if (quotable.test(username + password)) {
    const shown = `${tag} LOGIN ${quotedString(username)}`;
    return { mechanism, shown, line: `${shown} ${quotedString(password)}`, pieces: [] };
  }
  const size = (text: string): string => `{${Buffer.byteLength(text, 'utf8')}}`;
  const line = `${tag} LOGIN ${size(username)}`;
  return { mechanism, shown: line, line, pieces: [`${username} ${size(password)}`, password] };
};

/** RFC 4959: the first message may go along, which saves a round trip. A server that asks all the same gets it then. */
const authenticatePlain = (names: readonly string[], credentials: Credentials): Method => {
  const message = base64(plainMessage(credentials));
  const shown = `${firstTag} AUTHENTICATE PLAIN`;
  const line = names.includes('SASL-IR') ? `${shown} ${message}` : shown;
  return { mechanism: 'PLAIN', shown, line, pieces: [message] };
};

const authenticateLogin = ({ username, password }: Credentials, tag: string): Method => {
  const line = `${tag} AUTHENTICATE LOGIN`;
  return { mechanism: 'LOGIN', shown: line, line, pieces: [base64(username), base64(password)] };
};

/**
 * AUTHENTICATE PLAIN where it is listed, else the LOGIN command unless that is forbidden: Cyrus takes it without
 * listing any AUTH=. Never a challenge such as CRAM-MD5, since HubSpot's plain login would not be proven by it. The
 * second is tried only where the first turns out not to be known.
 */
export const imapMethods = ({ names, mechanisms }: Offered, credentials: Credentials): Method[] => {
  const hasPlain = mechanisms.includes('PLAIN');
  const tag = hasPlain ? secondTag : firstTag;
  const plain = hasPlain ? [authenticatePlain(names, credentials)] : [];
  const command = names.includes('LOGINDISABLED') ? [] : [loginCommand(credentials, tag)];
  const last = plain.length + command.length === 0 ? firstTag : secondTag;
  const login = mechanisms.includes('LOGIN') ? [authenticateLogin(credentials, last)] : [];
  return [...plain, ...command, ...login].slice(0, 2);
};

/** A server that hangs up may say why in a BYE instead of an answer with our tag (RFC 9051 §7.1.5). */
export const attemptImap = async (talk: Talk, method: Method): Promise<Answer> => {
  const [tag = firstTag] = method.line.split(' ');
  const answer = await attempt(talk, method, () => hearImap(talk, tag, limits.loginMs));
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
