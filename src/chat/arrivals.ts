import { createBoundedMap } from '../lib/bounded-map.ts';

/**
 * What is known of an event that its platform may deliver several times, in all processes. `begin`: `first` to do it now;
 * `under-way` while somebody has until `until` to do it; `done` when nothing is left to do. `end`: it has been done, and
 * is known until `until`; a time in the past lets the next one in. Times in milliseconds since the epoch.
 */
export type ArrivalRecord = {
  begin(key: string, until: number): Promise<'first' | 'under-way' | 'done'>;
  end(key: string, until: number): Promise<void>;
};

/** `copy`: of one that this process has taken, with what came of it. `done`: another process has, or an earlier one. */
export type Arrival<T> = { type: 'first' | 'copy'; result: T } | { type: 'done' };

/** Milliseconds. */
const times = {
  /** Whoever has begun and not ended by then has died: longer than anything within a request takes. */
  lease: 5000,
  look: 100,
  /** Longer than a platform repeats itself, or than it accepts an old request. */
  known: 60 * 60_000,
};
/** How many of the latest results are kept for copies. */
const kept = 1000;

/**
 * Does things once for each key. A copy gets the result of the first one; where that was begun elsewhere, it waits until
 * that has ended, or does it itself when whoever began it has died. What failed may be tried again. Where nobody can say what
 * was seen, it is done: twice does less harm than not at all, and the conversation bears both.
 */
export const createArrivals = (
  seen: ArrivalRecord,
  { now, onError }: { now: () => number; onError: (error: unknown) => void },
) => {
  const turns = createBoundedMap<string, { turn: Promise<unknown>; until: number }>(kept);

  const end = (key: string, until: number): Promise<void> => seen.end(key, until).catch(onError);

  const isFirst = async (key: string): Promise<boolean> => {
    for (;;) {
      const state = await seen.begin(key, now() + times.lease).catch((error: unknown) => {
        onError(error);
        return 'first' as const;
      });
      if (state !== 'under-way') return state === 'first';
      await new Promise((resolve) => setTimeout(resolve, times.look));
    }
  };

  const take = async <T>(key: string, task: () => Promise<T>, knownMs: number): Promise<Arrival<T>> => {
    if (!(await isFirst(key))) return { type: 'done' };
    try {
      const result = await task();
      await end(key, now() + knownMs);
      return { type: 'first', result };
    } catch (error) {
      await end(key, 0);
      throw error;
    }
  };

  return async <T>(key: string, task: () => Promise<T>, knownMs = times.known): Promise<Arrival<T>> => {
    const known = turns.get(key);
    if (known && known.until > now()) {
      // One key is always the same kind of event.
      const arrival = (await known.turn) as Arrival<T>;
      return arrival.type === 'first' ? { ...arrival, type: 'copy' } : arrival;
    }
    turns.delete(key);
    const turn = take(key, task, knownMs);
    // Before anything is awaited, or a second one could slip in between.
    turns.set(key, { turn, until: now() + knownMs });
    turn.catch(() => turns.delete(key));
    return turn;
  };
};
export type Arrivals = ReturnType<typeof createArrivals>;
