import { expect, test } from 'vitest';
import { createLimits } from '../../src/bot/turn/limits.ts';
import type { Cost } from '../../src/conversation/limits.ts';
import { openStore } from './stage.ts';

const minute = 60_000;
const start = Date.UTC(2026, 10, 20, 9);
const login = (...names: string[]): Cost[] =>
  names.map((of) => ({ what: 'logins', limit: 'logins-of-account', of }));

const stage = async () => {
  let now = start;
  const { take } = createLimits({ take: (await openStore()).take, clock: { now: () => now } });
  return async (atMinute: number, costs: readonly Cost[]): Promise<number | null> => {
    now = start + atMinute * minute;
    const refused = await take(costs);
    return refused && (refused.until - start) / minute;
  };
};

test('three login tests in any sixty minutes, and never a fourth, however they are spread', async () => {
  const at = await stage();
  const made: number[] = [];
  for (let now = 0; now <= 300; now += 5) if ((await at(now, login('host|vogt'))) === null) made.push(now);
  expect(made.length).toBeGreaterThan(12);
  for (const end of made)
    expect(made.filter((one) => one > end - 60 && one <= end).length).toBeLessThanOrEqual(3);
});

test('a refusal says the minute in which it goes on, and then it does', async () => {
  const at = await stage();
  for (const now of [0, 10, 20]) expect(await at(now, login('host|vogt'))).toBeNull();
  for (const now of [21, 40, 59]) expect(await at(now, login('host|vogt'))).toBe(60);
  expect(await at(60, login('host|vogt'))).toBeNull();
  expect(await at(61, login('host|vogt'))).toBe(70);
});

test('another address does not help where the login name is the same, and what is refused costs nothing', async () => {
  const at = await stage();
  for (const now of [0, 1, 2]) expect(await at(now, login('host|vogt', `a${now}@firma.example`))).toBeNull();
  for (const now of [3, 4, 5, 6]) expect(await at(now, login('host|vogt', 'b@firma.example'))).toBe(60);
  for (const now of [7, 8, 9]) expect(await at(now, login('host|other', 'b@firma.example'))).toBeNull();
  expect(await at(10, login('host|vogt', 'b@firma.example')), 'the later of both').toBe(67);
});
