import type { Socket } from 'node:net';

/** What a server may send in one session, in bytes; more is asked for by `expect`. */
const mostBytes = 256 * 1024;
/** Longer than any line that an honest server sends, in bytes. */
const longestLine = 64 * 1024;
const keptLines = 60;

/**
 * Reads along what a server says to a library, decrypted and on its way there. The libraries drop some of it, untagged
 * refusals and farewells before all, and they take as much as a server sends: here the session ends when it is too much.
 */
export type Tap = {
  /** The last lines since `mark`, as they came. */
  lines(): readonly string[];
  /** What came before is over. */
  mark(): void;
  /** Lets so many bytes more come than a session has: for one long answer. */
  expect(bytes: number): void;
  /** The session was ended here. */
  isTooMuch(): boolean;
};

/** To be laid before a library listens: the socket stays as it is, paused. */
export const layTap = (socket: Socket): Tap => {
  let lines: string[] = [];
  let partial = '';
  let received = 0;
  let most = mostBytes;
  let isTooMuch = false;
  socket.on('data', (chunk: Buffer) => {
    if (isTooMuch) return;
    received += chunk.length;
    const [first = '', ...more] = chunk.toString('latin1').split('\n');
    partial += first;
    for (const next of more) {
      lines.push(partial.replace(/\r$/u, ''));
      partial = next;
    }
    lines = lines.slice(-keptLines);
    if (received <= most && partial.length <= longestLine) return;
    isTooMuch = true;
    socket.destroy();
  });
  return {
    // Who hangs up may leave a line without its end.
    lines: () => (partial === '' ? lines : [...lines, partial]),
    mark: () => {
      lines = [];
    },
    expect: (bytes) => {
      most = Math.max(most, received + bytes);
    },
    isTooMuch: () => isTooMuch,
  };
};
