import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createThrottle } from '../../src/lib/throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const open = (tellsRest: boolean) => {
  const told: string[] = [];
  const call = createThrottle<string>({
    ms: 1000,
    keyOf: (key) => key,
    tell: (key, count) => told.push(`${key} ${count}`),
    tellsRest,
  });
  return { told, call };
};

test('the first of each key is told at once, the rest not until the time is over', () => {
  const { told, call } = open(false);
  for (const key of ['a', 'a', 'b', 'a']) call(key);
  expect(told).toEqual(['a 1', 'b 1']);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual(['a 1', 'b 1']);
  call('a');
  expect(told).toEqual(['a 1', 'b 1', 'a 1']);
});

test('the rest is told as a number, as long as there is any', () => {
  const { told, call } = open(true);
  for (const key of ['a', 'a', 'a', 'b']) call(key);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual(['a 1', 'b 1', 'a 2']);
  call('a');
  vi.advanceTimersByTime(1000);
  expect(told.slice(3)).toEqual(['a 1']);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(4);
});
