import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createFresh } from '../../src/lib/fresh.ts';

const counted = () => {
  let now = 0;
  let asked = 0;
  const fresh = createFresh(
    1000,
    async () => {
      asked += 1;
      await sleep(10);
      return asked;
    },
    () => now,
  );
  const pass = (ms: number): void => {
    now += ms;
  };
  return { fresh, asked: () => asked, pass };
};

describe('what is asked', () => {
  test('by a thousand at once is asked once, and is believed for its time', async () => {
    const { fresh, asked, pass } = counted();
    expect(fresh.known()).toBeUndefined();
    expect(new Set(await Promise.all(Array.from({ length: 1000 }, fresh.get)))).toEqual(new Set([1]));
    pass(999);
    expect([await fresh.get(), fresh.known(), asked()]).toEqual([1, 1, 1]);
    pass(1);
    expect(fresh.known()).toBeUndefined();
    expect(await fresh.get()).toBe(2);
  });

  test('is believed no longer than said once it is doubted', async () => {
    const { fresh, pass } = counted();
    await fresh.get();
    fresh.invalidate(100);
    pass(99);
    expect(await fresh.get()).toBe(1);
    pass(1);
    expect(await fresh.get()).toBe(2);
    pass(950);
    fresh.invalidate(100);
    pass(50);
    expect(await fresh.get()).toBe(3);
  });

  test('anew is asked anew, by all who want it so at that moment', async () => {
    const { fresh } = counted();
    await fresh.get();
    expect(await Promise.all([fresh.renew(), fresh.renew()])).toEqual([2, 2]);
    expect(await fresh.get()).toBe(2);
  });
});

test('a failure is not remembered, and what was known stays', async () => {
  let fails = false;
  const fresh = createFresh(Number.POSITIVE_INFINITY, () => {
    if (fails) throw new Error('not now');
    return Promise.resolve('known');
  });
  await fresh.get();
  fails = true;
  await expect(fresh.renew()).rejects.toThrow('not now');
  expect(await fresh.get()).toBe('known');
  fails = false;
  expect(await fresh.renew()).toBe('known');
});
