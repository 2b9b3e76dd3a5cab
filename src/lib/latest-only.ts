/** What waits to be shown in place of a message. */
type Next = { send: () => Promise<void>; done: Promise<void>; settle: (result: Promise<void>) => void };
type Line = { running: boolean; freeAt: number; next: Next | null };

/**
 * Lets a message be changed again `gapMs` after the last change has come back. Of several changes in one gap only the last
 * is sent, and all who asked learn what became of it: each says everything, so the last says it all.
 */
export const createUpdates = (gapMs: number) => {
  const linesById = new Map<string, Line>();

  const advance = (id: string, line: Line): void => {
    if (line.running) return;
    const wait = line.freeAt - performance.now();
    line.running = true;
    setTimeout(
      async () => {
        const { next } = line;
        line.next = null;
        if (next) {
          const sent = next.send();
          next.settle(sent);
          await sent.catch(() => {});
          // When Slack has seen it is known only from its answer: one that was long on its way counts from its arrival.
          line.freeAt = performance.now() + gapMs;
        }
        line.running = false;
        if (line.next) advance(id, line);
        else if (line.freeAt <= performance.now()) linesById.delete(id);
        else advance(id, line);
      },
      Math.max(0, wait),
    );
  };

  return {
    /** Rejects with whatever the last of the joined changes met. */
    change: (id: string, send: () => Promise<void>): Promise<void> => {
      const line = linesById.get(id) ?? { running: false, freeAt: 0, next: null };
      linesById.set(id, line);
      if (line.next) line.next.send = send;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        line.next = { send, done: promise, settle: (result) => resolve(result) };
      }
      const { done } = line.next;
      advance(id, line);
      return done;
    },
  };
};
