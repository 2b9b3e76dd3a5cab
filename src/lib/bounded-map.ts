export type BoundedMap<Key, Value> = {
  get(key: Key): Value | undefined;
  has(key: Key): boolean;
  /** Counts as new, also where the key was there. */
  set(key: Key, value: Value): void;
  delete(key: Key): boolean;
  /** The one set longest ago first. */
  entries(): IterableIterator<[Key, Value]>;
};

/** Keeps the newest `most` entries, so that what strangers make us remember has an end; the one set longest ago gives way. */
export const createBoundedMap = <Key, Value>(most: number): BoundedMap<Key, Value> => {
  const entries = new Map<Key, Value>();
  return {
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= most) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    delete: (key) => entries.delete(key),
    entries: () => entries.entries(),
  };
};
