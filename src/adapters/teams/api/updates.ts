import { setTimeout as sleep } from 'node:timers/promises';

type Line<T> = {
  next: (PromiseWithResolvers<void> & { content: T }) | null;
  running: boolean;
  sentAt: number;
};

/**
 * Updates of one message go out one after the other and never closer together than `spacingMs`. Of several that wait,
 * only the newest is sent, for all of them: the last state always arrives.
 */
export const createUpdates = <T>(options: {
  send: (key: string, content: T) => Promise<void>;
  spacingMs: number;
  now: () => number;
}) => {
  const { send, spacingMs, now } = options;
  const lines = new Map<string, Line<T>>();

  const drain = async (key: string, line: Line<T>): Promise<void> => {
    line.running = true;
    while (line.next) {
      const wait = line.sentAt + spacingMs - now();
      if (wait > 0) await sleep(wait);
      const { content, resolve, reject } = line.next;
      line.next = null;
      await send(key, content).then(resolve, reject);
      line.sentAt = now();
    }
    line.running = false;
    const forget = (): void => {
      if (!line.running && now() - line.sentAt >= spacingMs) lines.delete(key);
    };
    setTimeout(forget, spacingMs + 10).unref();
  };

  return (key: string, content: T): Promise<void> => {
    const line = lines.get(key) ?? { next: null, running: false, sentAt: Number.NEGATIVE_INFINITY };
    lines.set(key, line);
    line.next = { ...(line.next ?? Promise.withResolvers<void>()), content };
    const { promise } = line.next;
    if (!line.running) void drain(key, line);
    return promise;
  };
};
