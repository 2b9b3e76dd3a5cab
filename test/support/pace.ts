/** How far a busy machine may move two arrivals towards each other. */
const jitterMs = 400;

/**
 * Whether things that may happen once in `everyMs` came closer together than that, seen from where they arrive: between
 * any two of them lies the time that all between them take, less what the way may swallow once.
 */
export const isTooDense = (times: readonly number[], everyMs: number): boolean =>
  times.some((late, index) =>
    times.slice(0, index).some((early, before) => late - early < (index - before) * everyMs - jitterMs),
  );
