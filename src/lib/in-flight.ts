import { setTimeout as sleep } from 'node:timers/promises';

/** What is under way and should end before the process does. */
export const createInFlight = () => {
  const running = new Set<Promise<unknown>>();
  return {
    /** Gives the work back, as it was. */
    track: <T>(work: Promise<T>): Promise<T> => {
      const tracked = work.finally(() => running.delete(tracked));
      running.add(tracked);
      return tracked;
    },
    /** Resolves when all that was under way has ended, however it did, and after `ms` milliseconds at the latest. */
    settled: async (ms: number): Promise<void> => {
      await Promise.race([Promise.allSettled(running), sleep(ms, undefined, { ref: false })]);
    },
  };
};
