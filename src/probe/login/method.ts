import type { Speaker } from '../../mailbox/login/line.ts';
import { type Answer, hidden, sayHidden, shownLine, type Talk } from '../session/dialogue.ts';
import { imapCodes } from '../session/ordinary-words.ts';

/** What the server lists behind TLS, in upper case. */
export type Offered = { names: readonly string[]; mechanisms: readonly string[] };

export type Credentials = { username: string; password: string };

/** One way to send a password. */
export type Method = {
  mechanism: string;
  /** Stands for its first line in the transcript. */
  shown: string;
  /** How often a server may ask for more. */
  pieces: number;
  begin(): Promise<Speaker>;
};

/** What a refusal says: its code, and its words as they may be shown. */
export type Refusal = { code: string | null; reply: string };

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
export const attempt = async (
  talk: Talk,
  { shown, pieces, begin }: Method,
  hear: () => Promise<Answer>,
): Promise<Answer> => {
  const lines: string[] = [];
  const speaker = await begin();
  try {
    sayHidden(talk, shown, await speaker.next());
    for (let asked = 0; ; asked += 1) {
      const answer = await hear();
      lines.push(...answer.lines);
      if (answer.outcome !== 'go-on') return { ...answer, lines };
      if (asked > pieces) return { ...answer, outcome: 'closed', lines };
      if (asked < pieces) speaker.goOn();
      sayHidden(talk, '', asked < pieces ? await speaker.next() : '*');
    }
  } finally {
    speaker.close();
  }
};
