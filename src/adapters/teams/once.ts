import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AdapterMemory } from '../../chat/port.ts';

/** True the first time that a key is seen until `untilMs` (milliseconds since the epoch). */
export type Once = (key: string, untilMs: number) => Promise<boolean>;

/** Memory knows no deletion: keys share this many places, so that it cannot grow without end. */
const places = 1024;
const slot = z.record(z.string(), z.number());

/** Remembers what has been done, over restarts, for one process at a time. */
export const createOnce = (memory: AdapterMemory, now: () => number): Once => {
  const lines = new Map<string, Promise<unknown>>();

  const take = async (place: string, key: string, untilMs: number): Promise<boolean> => {
    const kept = slot.safeParse(await memory.get(place));
    const fresh = Object.entries(kept.success ? kept.data : {}).filter(([, until]) => until > now());
    if (fresh.some(([one]) => one === key)) return false;
    await memory.put(place, Object.fromEntries([...fresh, [key, untilMs]]));
    return true;
  };

  return (key, untilMs) => {
    const hash = createHash('sha256').update(key).digest();
    const place = `once/${hash.readUInt32BE() % places}`;
    const short = hash.toString('base64url').slice(0, 22);
    const turn = (lines.get(place) ?? Promise.resolve()).then(() => take(place, short, untilMs));
    const settled = turn
      .catch(() => undefined)
      .finally(() => lines.get(place) === settled && lines.delete(place));
    lines.set(place, settled);
    return turn;
  };
};
