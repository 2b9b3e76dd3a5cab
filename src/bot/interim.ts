import { z } from 'zod';
import type { Store } from '../store/ports.ts';
import type { Link, Links, Take } from './ports.ts';

type Memory = ReturnType<Store['memory']>;

/** One after the other for each key, so that reading and writing belong together within this process. */
const inTurns = () => {
  const lines = new Map<string, Promise<unknown>>();
  return <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const turn = (lines.get(key) ?? Promise.resolve()).then(task, task);
    lines.set(key, turn);
    const leave = () => lines.get(key) === turn && lines.delete(key);
    turn.then(leave, leave);
    return turn;
  };
};

const kept = z.object({ level: z.number(), at: z.number() });

/** Buckets in the store's key-value memory: right for one process, which is all that this store serves. */
export const createTake = (memory: Memory): Take => {
  const inTurn = inTurns();
  return (key, { capacity, refillPerSecond }, now) =>
    inTurn(key, async () => {
      const before = kept.safeParse(await memory.get(key)).data ?? { level: capacity, at: now };
      const refilled = (Math.max(0, now - before.at) / 1000) * refillPerSecond;
      const level = Math.min(capacity, before.level + refilled);
      // A clock in floating point: what is a token but for a billionth is a token.
      if (level < 1 - 1e-9) return false;
      await memory.put(key, { level: level - 1, at: now });
      return true;
    });
};

const keptLink = z.object({
  conversationId: z.string(),
  person: z.object({ platform: z.string(), id: z.string() }),
  expiresAt: z.number(),
  isUsed: z.boolean(),
});

/** One-time links in the store's key-value memory, for one process. */
export const createLinks = (memory: Memory, now: () => number): Links => {
  const inTurn = inTurns();
  const peek = async (hash: string): Promise<Link | null> => {
    const found = keptLink.safeParse(await memory.get(hash)).data;
    return found && !found.isUsed && found.expiresAt > now() ? found : null;
  };
  return {
    put: (hash, link) => memory.put(hash, { ...link, isUsed: false }),
    peek,
    consume: (hash) =>
      inTurn(hash, async () => {
        const found = await peek(hash);
        if (found) await memory.put(hash, { ...found, isUsed: true });
        return found;
      }),
  };
};
