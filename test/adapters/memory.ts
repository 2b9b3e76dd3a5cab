import type { ArrivalRecord } from '../../src/chat/arrivals.ts';
import type { AdapterMemory } from '../../src/chat/port.ts';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import { scope } from '../mail-servers/index.ts';

/** What was seen, as the store knows it. Belongs to a memory, and outlives its adapter with it. */
export const seenIn = (memory: AdapterMemory): ArrivalRecord => {
  const kept = seenBy.get(memory) ?? new Map<string, { until: number; done: boolean }>();
  seenBy.set(memory, kept);
  return {
    begin: async (key, until) => {
      const known = kept.get(key);
      if (known && known.until > Date.now()) return known.done ? 'done' : 'under-way';
      kept.set(key, { until, done: false });
      return 'first';
    },
    end: async (key, until) => void kept.set(key, { until, done: true }),
  };
};
const seenBy = new WeakMap<AdapterMemory, Map<string, { until: number; done: boolean }>>();

/** A memory that outlives its adapter but not the test; like the store's it keeps JSON and nothing else. */
export const createMemory = (): AdapterMemory => {
  const kept = new Map<string, string>();
  return {
    put: async (key, value) => {
      kept.set(key, JSON.stringify(value));
    },
    get: async (key) => JSON.parse(kept.get(key) ?? 'null') as unknown,
    list: async (prefix) =>
      [...kept]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => ({ key, value: JSON.parse(value) as unknown })),
  };
};

/** What goes out is counted in a store of its own, which two adapters may share. */
export const openBuckets = async () => {
  const own = scope();
  const store = await openEmbeddedStore({ directory: await own.folder() });
  const close = async (): Promise<void> => {
    await store.close();
    await own.stop();
  };
  return { take: store.take, hold: store.hold, close };
};
