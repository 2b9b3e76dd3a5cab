/** What a platform delivers several times is done once, whatever happens to whoever was doing it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ArrivalRecord, createArrivals } from '../../src/chat/arrivals.ts';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import type { Store } from '../../src/store/ports.ts';
import { scope } from '../mail-servers/index.ts';

const own = scope();
let store: Store;
let seen: ArrivalRecord;
/** The store's clock and that of the processes. */
let now: number;
beforeEach(async () => {
  now = Date.now();
  store = await openEmbeddedStore({ directory: await own.folder(), now: () => now });
  seen = { begin: store.beginOnce, end: store.endOnce };
});
afterEach(async () => {
  await store.close();
  await own.stop();
});

const errors: unknown[] = [];
const newProcess = (known: ArrivalRecord = seen) =>
  createArrivals(known, { now: () => now, onError: (error) => errors.push(error) });
const never = (): Promise<never> => new Promise(() => {});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a copy', () => {
  test('that comes while the first is under way gets the same answer, and nothing is done again', async () => {
    const once = newProcess();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = once('k', () => promise);
    const copy = once('k', () => Promise.resolve('again'));
    resolve('answer');
    expect(await first).toEqual({ type: 'first', result: 'answer' });
    expect(await copy).toEqual({ type: 'copy', result: 'answer' });
  });

  test('in another process waits until the first has ended', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = newProcess()('k', () => promise);
    await pause(50);
    let done = 0;
    const copy = newProcess()('k', async () => (done += 1));
    await pause(150);
    resolve('answer');
    await first;
    expect(await copy).toEqual({ type: 'done' });
    expect(done).toBe(0);
  });

  test('is done where whoever began it has died, and then never again', async () => {
    void newProcess()('k', never);
    await pause(50);
    const second = newProcess();
    const copy = second('k', async () => 'done after all');
    await pause(150);
    now += 6000;
    expect(await copy).toEqual({ type: 'first', result: 'done after all' });
    expect(await newProcess()('k', async () => 'again')).toEqual({ type: 'done' });
  });

  test('of one that failed is done', async () => {
    const once = newProcess();
    await expect(once('k', () => Promise.reject(new Error('the store is gone')))).rejects.toThrow('gone');
    expect(await once('k', async () => 1)).toEqual({ type: 'first', result: 1 });
  });

  test('after its time is another event', async () => {
    const once = newProcess();
    expect(await once('k', async () => 1, 1000)).toEqual({ type: 'first', result: 1 });
    expect(await once('k', async () => 2, 1000)).toEqual({ type: 'copy', result: 1 });
    now += 1001;
    expect(await once('k', async () => 3, 1000)).toEqual({ type: 'first', result: 3 });
  });
});

test('where nobody can say what was seen, it is done, and the operator hears of it', async () => {
  const broken: ArrivalRecord = {
    begin: () => Promise.reject(new Error('no disk')),
    end: () => Promise.reject(new Error('no disk')),
  };
  errors.length = 0;
  expect(await newProcess(broken)('k', async () => 1)).toEqual({ type: 'first', result: 1 });
  expect(errors).toHaveLength(2);
});
