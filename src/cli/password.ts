import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { Secret } from '../secret.ts';

export type Entered =
  | { ok: true; secret: Secret }
  | { ok: false; problem: 'password-missing' | 'password-unusable' | 'interrupted' };

/** No password is longer; whoever pipes more has piped something else. In bytes. */
const longest = 4_096;

/** SASL PLAIN (RFC 4616) carries no NUL, and what is no UTF-8 would reach the server as something else. */
const usable = (bytes: Buffer): boolean =>
  bytes.length <= longest && !bytes.includes(0) && !bytes.toString('utf8').includes('\ufffd');

const toSecret = (bytes: Buffer): Entered => {
  const words = bytes.toString('utf8').replace(/\r?\n$/u, '');
  if (words === '') return { ok: false, problem: 'password-missing' };
  return usable(bytes)
    ? { ok: true, secret: new Secret(words) }
    : { ok: false, problem: 'password-unusable' };
};

const readAll = async (input: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longest) break;
  }
  return Buffer.concat(chunks);
};

/** One line of a terminal, without showing it; null at Ctrl-C, and where the terminal goes away. Ends at Enter or Ctrl-D. */
const readLine = async (input: ReadStream, ask: () => void): Promise<Buffer | null> => {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  let typed: string[] = [];
  /** Escape sequences (arrows, the marks around what is pasted) come as keys without a character. */
  const onKey = (character: string | undefined, { name, ctrl }: Key): void => {
    if (ctrl && name === 'c') resolve(null);
    else if (name === 'return' || name === 'enter' || (ctrl && name === 'd')) resolve(typed.join(''));
    else if (ctrl && name === 'u') typed = [];
    else if (name === 'backspace') typed = typed.slice(0, -1);
    else if (character !== undefined && !/\p{Cc}/u.test(character)) typed = [...typed, character];
  };
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on('keypress', onKey);
  input.on('end', () => resolve(null));
  input.resume();
  // What is typed before the terminal is told not to show it would be shown.
  ask();
  try {
    const line = await promise;
    return line === null ? null : Buffer.from(line, 'utf8');
  } finally {
    input.off('keypress', onKey);
    input.setRawMode(false);
    input.pause();
  }
};

/**
 * The password from standard input: all of it without the line end that `echo` adds, or one line that is typed unseen.
 * `ask` shows on a terminal what is expected.
 */
export const readPassword = async (
  input: ReadStream,
  ask: (prompt: 'before' | 'after') => void,
): Promise<Entered> => {
  if (!input.isTTY) return toSecret(await readAll(input));
  const typed = await readLine(input, () => ask('before'));
  ask('after');
  return typed === null ? { ok: false, problem: 'interrupted' } : toSecret(typed);
};
