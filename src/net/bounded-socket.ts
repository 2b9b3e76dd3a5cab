import type { Socket } from 'node:net';
import { limits } from './limits.ts';

/** How waiting ended without what was waited for. */
export type Ended = { outcome: 'silent' | 'closed' | 'reset' | 'too-long'; partial: Buffer };
export type LineRead = { outcome: 'line'; text: string } | Ended;
export type BytesRead = { outcome: 'bytes'; bytes: Buffer } | Ended;

/** A connection that is read only as far as asked, within limits of time and size whatever the peer sends. */
export type BoundedSocket = {
  readonly socket: Socket;
  /** Next line without its line break; `withinMs` covers the whole line, not the gaps between its bytes. */
  line(withinMs: number): Promise<LineRead>;
  /** Lets go of a line that is too long to be read, up to its end; the limit on all bytes of the session stays. */
  skipLine(withinMs: number): Promise<{ outcome: 'skipped' } | Ended>;
  /** Exactly `count` bytes. */
  bytes(count: number, withinMs: number): Promise<BytesRead>;
  /** Whether anything has come within the time; takes nothing. */
  arrived(withinMs: number): Promise<boolean>;
  send(data: string | Uint8Array): void;
  /** The peer has ended the connection. */
  ended(): boolean;
  /** Bytes that have arrived and that nobody has asked for. */
  unread(): number;
  /** Lets so many bytes more come than a session has: for one long answer, read line by line and forgotten. */
  expect(bytes: number): void;
  /** Takes the socket out, silent and paused, so that TLS can be laid over it. */
  release(): Socket;
  /** TLS alert number of the error that ended the connection. */
  alert(): number | null;
  close(): void;
};

type Ending = 'closed' | 'reset';

/** OpenSSL names the alert it got only inside its message. */
export const alertOf = (error: unknown): number | null => {
  const found = error instanceof Error ? /alert number (\d+)/u.exec(error.message) : null;
  return found ? Number(found[1]) : null;
};

/** What has arrived and was not asked for yet, and how the connection ended. One at a time waits for changes. */
const createInbox = (socket: Socket) => {
  let buffer = Buffer.alloc(0);
  let received = 0;
  let most: number = limits.sessionBytes;
  // Reset between being accepted and being read: the events are over.
  let ending: Ending | null = socket.destroyed ? 'reset' : null;
  let alert: number | null = null;
  let wake = (): void => {};

  const onData = (chunk: Buffer): void => {
    received += chunk.length;
    buffer = Buffer.concat([buffer, chunk]);
    // Backpressure: what nobody has asked for stays in the kernel, on the peer's side at last.
    if (buffer.length > limits.lineBytes) socket.pause();
    wake();
  };
  const finish = (how: Ending): void => {
    ending ??= how;
    wake();
  };
  const onEnd = (): void => finish('closed');
  const onError = (error: Error): void => {
    alert = alertOf(error);
    finish('reset');
  };
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('close', onEnd);
  socket.on('error', onError);
  // A socket that was paused on its way here does not start by itself when a listener comes.
  socket.resume();

  return {
    content: (): Buffer => buffer,
    take: (count: number): Buffer => {
      const taken = buffer.subarray(0, count);
      const rest = buffer.subarray(count);
      // A copy lets go of what was read; of a long rest it would cost more than that.
      buffer = rest.length > limits.lineBytes ? rest : Buffer.from(rest);
      if (buffer.length <= limits.lineBytes) socket.resume();
      return taken;
    },
    isTooMuch: (): boolean => buffer.length > limits.lineBytes || received > most,
    /** So many bytes more may come. */
    expect: (bytes: number): void => {
      most = received + bytes;
    },
    ending: (): Ending | null => ending,
    alert: (): number | null => alert,
    /** Resolves with the next change, or when `wake` is called. */
    changed: (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    wake: (): void => wake(),
    release: (): void => {
      socket.off('data', onData);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      socket.off('error', onError);
    },
  };
};

/** Waits until something is `ready`, the connection has ended, too much has come, or the time is over. */
const createWait =
  (inbox: ReturnType<typeof createInbox>, signal: AbortSignal) =>
  async <T>(withinMs: number, ready: () => T | null): Promise<T | Ended> => {
    const end = (outcome: Ended['outcome']): Ended => ({ outcome, partial: inbox.content() });
    const timer = Promise.withResolvers<void>();
    // A thread that was held up runs its timers before it reads what has arrived meanwhile.
    const timeout = setTimeout(() => setImmediate(timer.resolve), withinMs);
    const onAbort = (): void => timer.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    let over = signal.aborted;
    void timer.promise.then(() => {
      over = true;
      inbox.wake();
    });
    try {
      for (;;) {
        const result = ready();
        if (result !== null) return result;
        if (inbox.isTooMuch()) return end('too-long');
        const ending = inbox.ending();
        if (ending) return end(ending);
        if (over) return end('silent');
        await inbox.changed();
      }
    } finally {
      clearTimeout(timeout);
      signal.removeEventListener('abort', onAbort);
    }
  };

export const createBoundedSocket = (socket: Socket, signal: AbortSignal): BoundedSocket => {
  const inbox = createInbox(socket);
  const wait = createWait(inbox, signal);

  return {
    socket,
    line: (withinMs) =>
      wait<LineRead>(withinMs, () => {
        const end = inbox.content().indexOf(0x0a);
        if (end < 0 || end > limits.lineBytes) return null;
        const text = inbox
          .take(end + 1)
          .toString('latin1')
          .replace(/\r?\n$/u, '');
        return { outcome: 'line', text };
      }),
    skipLine: (withinMs) =>
      wait<{ outcome: 'skipped' }>(withinMs, () => {
        const content = inbox.content();
        const end = content.indexOf(0x0a);
        inbox.take(end < 0 ? content.length : end + 1);
        return end < 0 ? null : { outcome: 'skipped' };
      }),
    bytes: (count, withinMs) =>
      wait<BytesRead>(withinMs, () =>
        inbox.content().length >= count ? { outcome: 'bytes', bytes: Buffer.from(inbox.take(count)) } : null,
      ),
    arrived: async (withinMs) => {
      await wait(withinMs, () => (inbox.content().length > 0 ? true : null));
      return inbox.content().length > 0;
    },
    send: (data) => {
      if (socket.writable) socket.write(data);
    },
    ended: () => inbox.ending() !== null,
    unread: () => inbox.content().length,
    expect: inbox.expect,
    release: () => {
      inbox.release();
      socket.pause();
      return socket;
    },
    alert: inbox.alert,
    close: () => {
      socket.destroy();
    },
  };
};
