import { expect, test } from 'vitest';
import { createBoundedMap } from '../../src/lib/bounded-map.ts';

test('the entry that was set longest ago gives way', () => {
  const map = createBoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([3, undefined, 4]);
});

test('what is deleted makes room, and undefined is a key like any other', () => {
  const map = createBoundedMap<string | undefined, true>(2);
  map.set(undefined, true);
  map.set('a', true);
  expect(map.delete('a')).toBe(true);
  expect(map.delete('a')).toBe(false);
  map.set('b', true);
  expect(map.has(undefined)).toBe(true);
  map.set('c', true);
  expect([map.has(undefined), map.has('b'), map.has('c')]).toEqual([false, true, true]);
});
