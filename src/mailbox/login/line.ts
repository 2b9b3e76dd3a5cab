/**
 * A library logs in over a line that leads to us: what it would send is taken off and said on the session that has been
 * checked, and of what the server answers it is told only that more is asked for. So it meets no byte of a stranger, asks
 * no questions of its own, and the session goes on behind the login as it was.
 */
import { Socket } from 'node:net';
import { withTimeout } from '../../lib/timeout.ts';

/** What a library would say to log in. */
export type Speaker = {
  /** The line that it would send next, without its line break. Rejects where it has none: a fault of ours. */
  next(): Promise<string>;
  /** The server asks for more. */
  goOn(): void;
  close(): void;
};

/** In milliseconds; nothing but this process is waited for. */
const longestMs = 20_000;

/** A socket without a network behind it. */
class Line extends Socket {
  #sent = '';
  #taken = Promise.withResolvers<string>();

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#sent += chunk.toString('utf8');
    if (this.#sent.endsWith('\r\n')) {
      this.#taken.resolve(this.#sent.slice(0, -2));
      this.#sent = '';
    }
    done();
  }

  override _final(done: () => void): void {
    done();
  }

  say(line: string): void {
    this.push(`${line}\r\n`);
  }

  async next(): Promise<string> {
    const line = await withTimeout(longestMs, this.#taken.promise, () => null);
    this.#taken = Promise.withResolvers();
    if (line === null) throw new Error('a library has nothing to say to a server that waits for it');
    return line;
  }
}

export const createLine = (): Line => new Line();
