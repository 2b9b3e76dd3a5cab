import { createHash } from 'node:crypto';
import type { AdapterMemory } from '../../chat/port.ts';

/** True the first time a key is seen before `untilMs` (milliseconds since the epoch), false every other time. */
export type Once = (key: string, untilMs: number) => Promise<boolean>;

/** The memory knows no deletion: places are used again, and in the rare case that two keys meet the older is forgotten. */
const places = 16_384;

const placeOf = (key: string): string =>
  `seen/${createHash('sha256').update(key).digest().readUInt32BE(0) % places}`;

/**
 * Remembers what has been seen, beyond a restart. Certain within one process; two processes that get the same request in
 * the same moment may both take it.
 */
export const onceInMemory = (memory: AdapterMemory): Once => {
  const seen = new Map<string, number>();
  const sweep = (now: number): void => {
    for (const [key, until] of seen) {
      if (until > now && seen.size <= places) break;
      seen.delete(key);
    }
  };
  return async (key, untilMs) => {
    const now = Date.now();
    if ((seen.get(key) ?? 0) > now) return false;
    // Before anything is awaited, or a second request could slip in between.
    seen.set(key, untilMs);
    sweep(now);
    const place = placeOf(key);
    const kept = await memory.get(place);
    if (Array.isArray(kept) && kept[0] === key && Number(kept[1]) > now) return false;
    await memory.put(place, [key, untilMs]);
    return true;
  };
};
