/**
 * What was found out lately, else found out anew: however many ask at the same moment, it is done once. `freshMs`: for so
 * many milliseconds after it has come back it is believed. `ask` must not reject.
 */
export const createFresh = <T>(freshMs: number, ask: () => Promise<T>) => {
  let known: { at: number; value: T } | null = null;
  let asking: Promise<T> | null = null;

  const renew = (): Promise<T> => {
    asking ??= ask()
      .then((value) => {
        known = { at: performance.now(), value };
        return value;
      })
      .finally(() => {
        asking = null;
      });
    return asking;
  };

  return {
    get: async (): Promise<T> => (known && performance.now() - known.at < freshMs ? known.value : renew()),
    /** What is known may be wrong: it is believed for `ms` more at most. */
    doubt: (ms: number): void => {
      if (known) known.at = Math.min(known.at, performance.now() - freshMs + ms);
    },
  };
};
