import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { AdapterMemory } from '../../chat/port.ts';

/** True the first time that a key is seen until `untilMs` (milliseconds since the epoch). */
export type Once = (key: string, untilMs: number) => Promise<boolean>;

/** Memory knows no deletion: what was seen in one minute shares a place, and the places are used again after an hour. */
const minuteMs = 60_000;
const places = 60;
/** Between two writes: a write for each of a hundred people at once would make them wait for the disk. */
const writeMs = 250;

const placeOf = (minute: number): string => `once/${minute % places}`;
const seenInAMinute = z.record(z.string(), z.number());

/**
 * Remembers what has been done, for one process at a time. It is written a moment later: what a crash makes it forget
 * may be done twice, never not at all.
 */
export const createOnce = async (
  memory: AdapterMemory,
  { now, onError }: { now: () => number; onError: (error: unknown) => void },
): Promise<Once> => {
  const seen = new Map<string, number>();
  for (const { value } of await memory.list('once/'))
    for (const [key, until] of Object.entries(seenInAMinute.catch({}).parse(value))) seen.set(key, until);
  let minute = Math.floor(now() / minuteMs);
  const begun = seenInAMinute.catch({}).parse(await memory.get(placeOf(minute)));
  let ofMinute = Object.fromEntries(Object.entries(begun).filter(([, until]) => until > now()));
  let writing = false;

  const write = async (): Promise<void> => {
    await sleep(writeMs, undefined, { ref: false });
    writing = false;
    await memory.put(placeOf(minute), ofMinute);
  };

  const forgetOld = (): void => {
    for (const [key, until] of seen) if (until <= now()) seen.delete(key);
  };

  return async (key, untilMs) => {
    const short = createHash('sha256').update(key).digest('base64url').slice(0, 22);
    if ((seen.get(short) ?? 0) > now()) return false;
    seen.set(short, untilMs);
    const current = Math.floor(now() / minuteMs);
    if (current !== minute) {
      minute = current;
      ofMinute = {};
      forgetOld();
    }
    ofMinute[short] = untilMs;
    if (!writing) {
      writing = true;
      write().catch(onError);
    }
    return true;
  };
};
