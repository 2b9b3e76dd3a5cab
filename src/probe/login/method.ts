import { type Answer, hidden, sayHidden, shownLine, type Talk } from '../session/dialogue.ts';
import { imapCodes } from '../session/ordinary-words.ts';

/** What the server lists behind TLS, in upper case. */
export type Offered = { names: readonly string[]; mechanisms: readonly string[] };

export type Credentials = { username: string; password: string };

/** One way to send a password: its first line, and the pieces that follow when the server asks for more. */
export type Method = { mechanism: string; shown: string; line: string; pieces: readonly string[] };

/** What a refusal says: its code, and its words as they may be shown. */
export type Refusal = { code: string | null; reply: string };

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** RFC 4616: nobody acts for another, so the first part is empty. */
export const plainMessage = ({ username, password }: Credentials): string => `\0${username}\0${password}`;

/** A registered code can carry nothing else, unless the digits of SMTP happen to be the password. */
const isCode = (talk: Talk, code: string): boolean =>
  (imapCodes.has(code) || /^[245]\d\d(?: [245]\.\d\.\d{1,2})?$/u.test(code)) &&
  !talk.conceal?.(`code: ${code}`) &&
  !talk.conceal?.(`code: ${code.replaceAll(/[ .]/gu, '')}`);

/** The words without what goes before them. Where they may not be shown, the code alone is left of them. */
export const refusalOf = (talk: Talk, words: string, code: string | null): Refusal => {
  const reply = shownLine(talk, words);
  if (reply !== hidden)
    return {
      reply,
      code: code !== null && reply.toUpperCase().includes(code.split(' ')[0] ?? '') ? code : null,
    };
  return code !== null && isCode(talk, code)
    ? { reply: `${code} ${hidden}`, code }
    : { reply: hidden, code: null };
};

/**
 * Sends a password in this way, once. `+` (RFC 9051 §7.6) and 334 (RFC 4954 §4) ask for the next piece; where none is
 * left, an asterisk takes the attempt back.
 */
export const attempt = async (talk: Talk, method: Method, hear: () => Promise<Answer>): Promise<Answer> => {
  const lines: string[] = [];
  sayHidden(talk, method.shown, method.line);
  for (const piece of [...method.pieces, '*']) {
    const answer = await hear();
    lines.push(...answer.lines);
    if (answer.outcome !== 'go-on') return { ...answer, lines };
    sayHidden(talk, '', piece);
  }
  const answer = await hear();
  return { ...answer, outcome: answer.outcome === 'go-on' ? 'closed' : answer.outcome, lines };
};
