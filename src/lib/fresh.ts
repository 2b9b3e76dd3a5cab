export type Fresh<T> = {
  /** What was found out lately, else anew. Rejects as `ask` does; a failure is not remembered. */
  get(): Promise<T>;
  /** Anew, or with whoever is just asking. */
  renew(): Promise<T>;
  /** What is believed now; undefined: nothing is. */
  known(): T | undefined;
  /** What is known may be wrong: it is believed for `ms` milliseconds more at most. */
  invalidate(ms: number): void;
};

/**
 * A single flight with a memory: however many ask at the same moment, `ask` runs once, and for `freshMs` milliseconds
 * after it has come back its answer is believed.
 */
export const createFresh = <T>(
  freshMs: number,
  ask: () => Promise<T>,
  now: () => number = () => performance.now(),
): Fresh<T> => {
  let last: { until: number; value: T } | null = null;
  let asking: Promise<T> | null = null;

  const askNow = async (): Promise<T> => {
    const value = await ask();
    last = { until: now() + freshMs, value };
    return value;
  };
  const renew = (): Promise<T> => {
    asking ??= askNow().finally(() => {
      asking = null;
    });
    return asking;
  };
  const isBelieved = (): boolean => last !== null && now() < last.until;

  return {
    renew,
    get: async () => (last && isBelieved() ? last.value : renew()),
    known: () => (isBelieved() ? last?.value : undefined),
    invalidate: (ms) => {
      if (last) last.until = Math.min(last.until, now() + ms);
    },
  };
};
