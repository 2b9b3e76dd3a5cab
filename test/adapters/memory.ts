import type { AdapterMemory } from '../../src/chat/port.ts';

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
