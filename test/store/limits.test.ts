/** Processes that share a store agree: once is once, a bucket is one bucket, a link opens one time. */
import { describe, expect, it } from 'vitest';
import { linkMemoryMs } from '../../src/store/ports.ts';
import { conversationOf } from './conversations-and-jobs.ts';
import { engines } from './engines.ts';

const bucket = { capacity: 3, refillPerSecond: 0.5 };
const tries = (count: number) => Array.from({ length: count }, (_, n) => n);

describe.each(engines)('$name', ({ newDatabase }) => {
  it('an event that comes several times at once, through two stores, is taken once', async () => {
    const database = await newDatabase();
    const stores = [await database.open(), await database.open()];
    const until = Date.now() + 60_000;
    const answers = await Promise.all(
      tries(10).flatMap(() => stores.map((store) => store.once('event-1', until))),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await stores[0]?.once('event-2', until)).toBe(true);
  });

  it('is forgotten after its time', async () => {
    let now = 1000;
    const store = await (await newDatabase()).open(() => now);
    expect(await store.once('a', 2000)).toBe(true);
    now = 1999;
    expect(await store.once('a', 5000), 'the refused one changes nothing').toBe(false);
    now = 2000;
    expect(await store.once('a', 3000)).toBe(true);
  });

  it('what was begun and never ended is begun again, what was done is not', async () => {
    let now = 1000;
    const store = await (await newDatabase()).open(() => now);
    expect(await store.beginOnce('a', 2000)).toBe('first');
    expect(await store.beginOnce('a', 9000)).toBe('under-way');
    now = 2000;
    expect(await store.beginOnce('a', 3000), 'the first one died').toBe('first');
    await store.endOnce('a', 9000);
    now = 8999;
    expect(await store.beginOnce('a', 9000)).toBe('done');
    await store.endOnce('a', 0);
    expect(await store.beginOnce('a', 9999), 'taken back').toBe('first');
    await store.endOnce('never begun', 9999);
    expect(await store.beginOnce('never begun', 9999)).toBe('done');
  });

  it('a bucket gives what it holds, then one for each that grows back, to all together', async () => {
    const database = await newDatabase();
    const stores = [await database.open(), await database.open()];
    const taken = async (now: number) => {
      const answers = await Promise.all(
        tries(4).flatMap(() => stores.map((store) => store.take('rep', bucket, now))),
      );
      return answers.filter(({ isTaken }) => isTaken).length;
    };
    expect(await taken(10_000)).toBe(3);
    expect(await taken(11_999)).toBe(0);
    expect(await taken(12_000)).toBe(1);
    expect(await taken(16_000)).toBe(2);
    expect(await taken(900_000), 'never more than it can hold').toBe(3);
    expect(await stores[0]?.take('another', bucket, 900_000)).toMatchObject({ isTaken: true });
  });

  it('a clock that was set back locks nobody out for as long as it jumped', async () => {
    const store = await (await newDatabase()).open();
    const day = 86_400_000;
    for (const _ of tries(3)) await store.take('rep', bucket, 10 * day);
    expect(await store.take('rep', bucket, 10 * day)).toMatchObject({ isTaken: false });
    expect(await store.take('rep', bucket, 9 * day)).toMatchObject({ isTaken: true });
    for (const _ of tries(2)) await store.take('rep', bucket, 9 * day);
    expect(await store.take('rep', bucket, 9 * day)).toMatchObject({ isTaken: false });
  });

  it('a bucket that can hold nothing gives nothing', async () => {
    const store = await (await newDatabase()).open();
    expect(await store.take('rep', { capacity: 0, refillPerSecond: 1 }, 1000)).toMatchObject({
      isTaken: false,
    });
  });

  it('an empty bucket says when the next is there, and one that was given back is there again', async () => {
    const store = await (await newDatabase()).open();
    const first = await store.take('rep', bucket, 10_000);
    for (const _ of tries(2)) await store.take('rep', bucket, 10_500);
    expect(await store.take('rep', bucket, 11_000)).toEqual({ isTaken: false, until: 12_000 });
    if (first.isTaken) await first.giveBack();
    expect(await store.take('rep', bucket, 11_000)).toMatchObject({ isTaken: true });
    expect(await store.take('rep', bucket, 11_000)).toEqual({ isTaken: false, until: 12_000 });
  });

  it('what is reserved stays for those who may have it', async () => {
    const store = await (await newDatabase()).open();
    const modest = { ...bucket, reserve: 2 };
    expect(await store.take('rep', modest, 10_000)).toMatchObject({ isTaken: true, waitMs: 0 });
    expect(await store.take('rep', modest, 10_000)).toEqual({ isTaken: false, until: 12_000 });
    expect(await store.take('rep', bucket, 10_000)).toMatchObject({ isTaken: true });
    expect(await store.take('rep', bucket, 10_000)).toMatchObject({ isTaken: true });
    expect(await store.take('rep', bucket, 10_000)).toEqual({ isTaken: false, until: 12_000 });
  });

  it('who can wait a moment has a token for then, and whoever comes after has the next', async () => {
    const database = await newDatabase();
    const stores = [await database.open(), await database.open()];
    const oneASecond = { capacity: 1, refillPerSecond: 1, patienceMs: 2000 };
    const waits: unknown[] = [];
    for (const store of [...stores, ...stores]) waits.push(await store.take('channel', oneASecond, 10_000));
    expect(waits).toMatchObject([
      { isTaken: true, waitMs: 0 },
      { isTaken: true, waitMs: 1000 },
      { isTaken: true, waitMs: 2000 },
      { isTaken: false, until: 11_000 },
    ]);
  });

  it('a bucket that is held gives nothing to any process until then, and is not swept away', async () => {
    const database = await newDatabase();
    const stores = [await database.open(), await database.open()];
    const [one, other] = stores;
    await one?.hold('channel', 40_000, 10_000);
    await one?.sweep(20_000);
    for (const store of stores)
      expect(await store.take('channel', bucket, 20_000)).toEqual({ isTaken: false, until: 40_000 });
    expect(await other?.take('another', bucket, 20_000)).toMatchObject({ isTaken: true });
    expect(await other?.take('channel', bucket, 40_000)).toMatchObject({ isTaken: true, waitMs: 0 });
    const day = 86_400_000;
    await one?.hold('channel', 2 * day + 30_000, 2 * day);
    expect(
      await other?.take('channel', bucket, day),
      'a clock that was set back holds nobody for a day',
    ).toMatchObject({ isTaken: true });
  });

  it('a link can be looked at often and used once, by whoever comes first', async () => {
    const database = await newDatabase();
    const stores = [await database.open(() => 1000), await database.open(() => 1000)];
    const [store] = stores;
    if (store === undefined) return expect.fail();
    await store.save(conversationOf('c1'), null, []);
    const bound = { noticeId: 'n1', checkId: 'k1' };
    const link = { conversationId: 'c1', person: { platform: 'slack', id: 'U1' }, ...bound, expiresAt: 5000 };
    await store.links.put('hash', link);
    const use = { by: 'browser-1', checkId: 'k2' };
    for (const one of stores) expect(await one.links.peek('hash')).toEqual(link);
    const used = await Promise.all(
      tries(5).flatMap(() => stores.map((one) => one.links.consume('hash', use))),
    );
    expect(used.filter((one) => one !== null)).toEqual([link]);
    expect(await store.links.peek('hash')).toBeNull();
    expect(await store.links.peek('unknown')).toBeNull();
    expect(await store.links.recall('hash')).toEqual({ ...link, use });
    expect(await store.links.claim('hash', 'browser-2')).toBe(false);
    expect(await store.links.claim('hash', 'browser-1')).toBe(true);
  });

  it('an expired link opens nothing', async () => {
    let now = 1000;
    const store = await (await newDatabase()).open(() => now);
    await store.save(conversationOf('c1'), null, []);
    const person = { platform: 'slack', id: 'U1' };
    const link = { conversationId: 'c1', person, noticeId: 'n1', checkId: 'k1', expiresAt: 5000 };
    await store.links.put('hash', link);
    now = 5000;
    expect(await store.links.peek('hash')).toBeNull();
    expect(await store.links.consume('hash', { by: 'b', checkId: 'k2' })).toBeNull();
    expect(await store.links.recall('hash')).toEqual({ ...link, use: null });
    now += linkMemoryMs;
    expect(await store.links.recall('hash')).toBeNull();
  });
});
