/** What a platform lets us send, counted for all processes together. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBudget, type MethodRates } from '../../src/chat/budget.ts';
import type { Priority } from '../../src/chat/port.ts';
import { openBuckets } from '../adapters/memory.ts';

let buckets: Awaited<ReturnType<typeof openBuckets>>;
let now = 1_000_000;
const errors: unknown[] = [];
beforeEach(async () => {
  buckets = await openBuckets();
  now = 1_000_000;
  errors.length = 0;
});
afterEach(() => buckets.close());

const rates: MethodRates = {
  all: { capacity: 6, refillPerSecond: 1, reserve: { normal: 2, low: 4 } },
  each: { capacity: 2, refillPerSecond: 1, patienceMs: 1500 },
};
const open = (shared: Parameters<typeof createBudget>[0]['buckets'] = buckets) =>
  createBudget({
    platform: 'chat',
    buckets: shared,
    rates: (method) => (method === 'free' ? { all: null, each: null } : rates),
    now: () => now,
    onError: (error) => errors.push(error),
  });
const to = (channel: string | null, method = 'send') => ({ method, channel });
const throttled = (retryAfterMs: number) => ({ code: 'throttled', retryAfterMs });

describe('what matters less', () => {
  test('leaves something for what matters more, and that for what somebody waits for', async () => {
    const budget = open();
    const order: [Priority, number][] = [
      ['low', 2],
      ['normal', 2],
      ['high', 2],
    ];
    let channel = 0;
    for (const [priority, count] of order) {
      for (let index = 0; index < count; index += 1) {
        channel += 1;
        expect(await budget.take(to(`D${channel}`), priority), priority).toBe(0);
      }
      await expect(budget.take(to('another'), priority), priority).rejects.toMatchObject(throttled(1000));
    }
    await expect(budget.take(to('another'), 'low')).rejects.toMatchObject({ code: 'throttled' });
    now += 1000;
    await expect(budget.take(to('another'), 'normal')).rejects.toMatchObject(throttled(2000));
    expect(await budget.take(to('another'), 'high')).toBe(0);
  });

  test('is not asked of the store again before it can be had', async () => {
    let asked = 0;
    const budget = open({
      ...buckets,
      take: (...given) => {
        asked += 1;
        return buckets.take(...given);
      },
    });
    for (let index = 0; index < 3; index += 1) await budget.take(to(null), 'low').catch(() => null);
    const before = asked;
    for (let index = 0; index < 20; index += 1) await budget.take(to(null), 'low').catch(() => null);
    expect(asked).toBe(before);
  });
});

describe('a channel', () => {
  test('that has had enough keeps the turn of who can wait a moment, and holds up no other', async () => {
    const budget = open();
    expect(await budget.take(to('D1'), 'high')).toBe(0);
    expect(await budget.take(to('D1'), 'high')).toBe(0);
    expect(await budget.take(to('D1'), 'high')).toBe(1000);
    await expect(budget.take(to('D1'), 'normal')).rejects.toMatchObject({ code: 'throttled' });
    expect(await budget.take(to('D2'), 'high')).toBe(0);
  });

  test('that is refused costs nothing of what all share', async () => {
    const budget = open();
    await budget.hold(to('D1'), 30_000);
    for (let index = 0; index < 20; index += 1)
      await expect(budget.take(to('D1'), 'high')).rejects.toMatchObject(throttled(30_000));
    for (let index = 0; index < 6; index += 1) expect(await budget.take(to(`E${index}`), 'high')).toBe(0);
  });
});

describe('a refusal for haste', () => {
  test('is kept to in its channel and method by every process, and in all channels for a moment when it comes from a second one', async () => {
    const [one, other] = [open(), open()];
    await one.hold(to('D1'), 30_000);
    await expect(other.take(to('D1'), 'high')).rejects.toMatchObject(throttled(30_000));
    expect(await other.take(to('D2'), 'high')).toBe(0);
    expect(await other.take(to('D1', 'update'), 'high')).toBe(0);
    await one.hold(to('D2'), 20_000);
    await expect(other.take(to('D3'), 'high')).rejects.toMatchObject(throttled(1000));
    now += 1000;
    expect(await other.take(to('D3'), 'high')).toBe(0);
    await expect(other.take(to('D2'), 'high')).rejects.toMatchObject(throttled(19_000));
    now += 30_000;
    expect(await other.take(to('D1'), 'high')).toBe(0);
  });

  test('of a method without channels is kept to for as long as was asked', async () => {
    const budget = open();
    await budget.hold(to(null, 'open'), 5000);
    await expect(budget.take(to(null, 'open'), 'high')).rejects.toMatchObject(throttled(5000));
    now += 5000;
    expect(await budget.take(to(null, 'open'), 'high')).toBe(0);
  });
});

test('two processes share what there is', async () => {
  const both = [open(), open()];
  const answers = await Promise.allSettled(
    Array.from({ length: 12 }, (_, index) => both[index % 2]?.take(to(`D${index}`), 'high')),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
});

test('what is not counted always goes, and so does everything while the store is away', async () => {
  for (let index = 0; index < 20; index += 1) expect(await open().take(to('D1', 'free'), 'low')).toBe(0);
  const away = async () => {
    throw new Error('the store is away');
  };
  expect(await open({ take: away, hold: away }).take(to('D1'), 'low')).toBe(0);
  expect(errors).toHaveLength(1);
});
