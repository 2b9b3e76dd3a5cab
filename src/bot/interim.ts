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

const bucket = z.object({ level: z.number(), at: z.number() });

/** Buckets in the store's key-value memory: right for one process, which is all that this store serves. */
export const createTake = (memory: Memory): Take => {
  const inTurn = inTurns();
  return (key, { most, periodMs }, now) =>
    inTurn(key, async () => {
      const kept = bucket.safeParse(await memory.get(key)).data ?? { level: most, at: now };
      const perMs = most / periodMs;
      const level = Math.min(most, kept.level + Math.max(0, now - kept.at) * perMs);
      if (level < 1) return now + Math.ceil((1 - level) / perMs);
      await memory.put(key, { level: level - 1, at: now });
      return null;
    });
};

const keptLink = z.object({
  link: z.object({
    conversationId: z.string(),
    checkId: z.string(),
    noticeId: z.string(),
    person: z.object({ platform: z.string(), id: z.string() }),
    expiresAt: z.number(),
  }),
  isUsed: z.boolean(),
});

/** One-time links in the store's key-value memory, for one process. */
export const createLinks = (memory: Memory): Links => {
  const inTurn = inTurns();
  const find = async (hash: string) => keptLink.safeParse(await memory.get(hash)).data ?? null;
  return {
    keep: (hash: string, link: Link) => memory.put(hash, { link, isUsed: false }),
    find,
    consume: (hash, now) =>
      inTurn(hash, async () => {
        const kept = await find(hash);
        if (!kept || kept.isUsed || kept.link.expiresAt <= now) return false;
        await memory.put(hash, { ...kept, isUsed: true });
        return true;
      }),
  };
};
