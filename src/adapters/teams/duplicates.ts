import { limits } from './limits.ts';
import type { Once } from './once.ts';
import { accepted, type Reply } from './reply.ts';

/** How many of the latest turns' answers are kept for a copy of the same request. */
const kept = 1000;

/**
 * Teams repeats what it believes lost, and even what it does not. A copy that comes while the first is known gets the
 * same answer; a later one is taken and left. What failed may be tried again.
 */
export const createDuplicates = (once: Once, now: () => number) => {
  const turns = new Map<string, Promise<Reply>>();
  const failed = new Set<string>();

  const forgetOldest = (keys: {
    size: number;
    keys(): Iterable<string>;
    delete(key: string): unknown;
  }): void => {
    for (const key of keys.keys()) {
      if (keys.size <= kept) return;
      keys.delete(key);
    }
  };

  const first = async (key: string, task: () => Promise<Reply>): Promise<Reply> => {
    const isNew = (await once(key, now() + limits.duplicateMs)) || failed.delete(key);
    return isNew ? task() : accepted;
  };

  return (key: string, task: () => Promise<Reply>): Promise<Reply> => {
    const known = turns.get(key);
    if (known) return known;
    const turn = first(key, task);
    turns.set(key, turn);
    turn.catch(() => {
      turns.delete(key);
      failed.add(key);
    });
    forgetOldest(turns);
    forgetOldest(failed);
    return turn;
  };
};
