import type { ReadStream } from 'node:tty';
import { Secret } from '../secret.ts';

export type Entered =
  | { ok: true; secret: Secret }
  | { ok: false; problem: 'password-missing' | 'password-unusable' };

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

const endOfLine = new Set(['\r', '\n', '\u0004']);
const interrupt = '\u0003';
const erase = new Set(['\u0008', '\u007f']);

/** One line of a terminal, without showing it. Ends at Enter or Ctrl-D, and with nothing at Ctrl-C. */
const readLine = async (input: ReadStream): Promise<Buffer> => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let typed: string[] = [];
  const onData = (text: string): void => {
    for (const key of text) {
      if (key === interrupt) typed = [];
      if (key === interrupt || endOfLine.has(key)) {
        resolve(typed.join(''));
        return;
      }
      typed = erase.has(key) ? typed.slice(0, -1) : [...typed, key];
    }
  };
  input.setEncoding('utf8');
  input.setRawMode(true);
  input.on('data', onData);
  input.on('end', () => resolve(typed.join('')));
  try {
    return Buffer.from(await promise, 'utf8');
  } finally {
    input.off('data', onData);
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
  ask('before');
  const typed = await readLine(input);
  ask('after');
  return toSecret(typed);
};
