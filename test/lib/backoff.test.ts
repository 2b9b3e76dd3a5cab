import { expect, test } from 'vitest';
import { backoffMs } from '../../src/lib/backoff.ts';

test('doubles from the first delay to the longest, also after years of failures', () => {
  const delays = [1, 2, 3, 4, 5, 5000].map((failures) =>
    backoffMs(failures, { firstMs: 1000, longestMs: 10_000 }),
  );
  expect(delays).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('is spread over its upper half', () => {
  const delays = [0, 0.5, 1].map((random) => backoffMs(2, { firstMs: 100, longestMs: 1000, random }));
  expect(delays).toEqual([100, 150, 200]);
});
