import { describe, expect, test } from 'vitest';
import { createReadiness, type ReadinessParts } from '../../src/readiness.ts';

const depths = { waiting: {}, givenUp: {}, oldestDueMs: 0, unreadable: 0 };

const open = (given: Partial<ReadinessParts>) => {
  const turns: string[] = [];
  const readiness = createReadiness({
    tryStore: async () => {},
    count: async () => depths,
    ofBot: async () => ({ 'it-channel': true }),
    ofPlatforms: [],
    onTurn: (part, isGood) => turns.push(`${part} ${isGood ? 'good' : 'bad'}`),
    ...given,
  });
  return { readiness, turns };
};

const freshAgain = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 1100));

describe('readiness', () => {
  test('tries the store once for all who ask meanwhile, and again only when the answer is old', async () => {
    let tried = 0;
    const { readiness } = open({
      tryStore: async () => {
        tried += 1;
      },
    });
    await Promise.all(Array.from({ length: 1000 }, readiness));
    await readiness();
    expect(tried).toBe(1);
    await freshAgain();
    await readiness();
    expect(tried).toBe(2);
  });

  test('does not wait for a store or a platform that says nothing, nor asks it again meanwhile', {
    timeout: 15_000,
  }, async () => {
    const asked = { store: 0, platform: 0 };
    const never = (what: keyof typeof asked) => () => {
      asked[what] += 1;
      return new Promise<never>(() => {});
    };
    const { readiness } = open({
      tryStore: never('store'),
      ofPlatforms: [{ name: 'slack', ask: never('platform') }],
    });
    const down = { ready: false, parts: { store: false, slack: false }, depths: null };
    const began = performance.now();
    expect(await readiness()).toEqual(down);
    expect(await readiness()).toEqual(down);
    expect(performance.now() - began).toBeLessThan(8000);
    expect(asked).toEqual({ store: 1, platform: 1 });
  });

  test('a platform that fails to say is bad in all that it has spoken of', async () => {
    let fails = false;
    const ask = async () => {
      if (fails) throw new Error('gone');
      return { slack: true, slackSocket: true };
    };
    const { readiness } = open({ ofPlatforms: [{ name: 'slack', ask }] });
    expect((await readiness()).ready).toBe(true);
    fails = true;
    await freshAgain();
    expect(await readiness()).toMatchObject({ ready: false, parts: { slack: false, slackSocket: false } });
  });

  test('a store that takes a click and cannot be read is damaged', async () => {
    const { readiness } = open({ count: () => Promise.reject(new Error('malformed')) });
    expect(await readiness()).toEqual({ ready: false, parts: { store: false }, depths: null });
  });

  test('the log hears of each turn once', async () => {
    let isUp = true;
    const { readiness, turns } = open({
      tryStore: () => (isUp ? Promise.resolve() : Promise.reject(new Error('full'))),
    });
    for (const state of [true, false, false, true]) {
      isUp = state;
      await readiness();
      await freshAgain();
    }
    expect(turns).toEqual(['store bad', 'store good']);
  });
});
