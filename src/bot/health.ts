import type { Store } from '../store/ports.ts';

/** Whether the last case reached each IT channel; kept in the store, so that every process says the same. */
export const createHealth = (store: Store) => {
  const memory = store.memory('it-channel');
  return {
    note: (platform: string, reached: boolean): Promise<void> => memory.put(platform, reached),
    /** True while no hand-over to these has been tried. */
    itChannel: async (platforms: readonly string[]): Promise<boolean> =>
      (await memory.list('')).every(({ key, value }) => value !== false || !platforms.includes(key)),
  };
};
export type Health = ReturnType<typeof createHealth>;
