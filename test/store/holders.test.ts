/** Who holds what, what is known of an earlier try, and clocks that cannot be trusted. */
import { describe, expect, it } from 'vitest';
import type { Job, Store } from '../../src/store/ports.ts';
import { conversationOf, diagnose, nameOf, show } from './conversations-and-jobs.ts';
import { engines, postgresOnItsClock } from './engines.ts';
import { drain } from './scratch.ts';

const claimed = async (store: Store, now: number, of?: Parameters<Store['claim']>[2]): Promise<Job> =>
  (await store.claim(now, 1000, of)) ?? expect.fail(`expected a job to be due at ${now}`);

describe.each(engines)('$name', ({ newDatabase }) => {
  const storeWith = async (...queues: string[]): Promise<Store> => {
    const store = await (await newDatabase()).open();
    await store.save(
      conversationOf('c1'),
      null,
      queues.map((queue) => show(queue, { queue })),
    );
    return store;
  };

  it('gives back at once what one holder has, and nobody else’s', async () => {
    const store = await storeWith('a', 'b', 'c');
    const mine = [await claimed(store, 10, { holder: 'me' }), await claimed(store, 10, { holder: 'me' })];
    await claimed(store, 10, { holder: 'you' });
    expect(await store.releaseAll('me', 20)).toBe(2);
    expect(await store.releaseAll('me', 20), 'a second time').toBe(0);
    for (const job of mine) expect(await store.complete(job), 'no longer mine').toBe(false);
    expect((await drain(store, 20)).sort()).toEqual(mine.map(nameOf).sort());
  });

  it('extends all in one go and names those that are lost', async () => {
    const store = await storeWith('a', 'b');
    const [first, second] = [await claimed(store, 10), await claimed(store, 10)];
    await store.complete(first);
    expect(await store.extend([first, second], 900, 1000)).toEqual([first]);
    expect(await store.extend([], 900, 1000)).toEqual([]);
    expect(await store.claim(1899, 1000)).toBeNull();
    expect((await claimed(store, 1900)).id).toBe(second.id);
  });

  it('hands out only the kinds that are asked for, and still each queue in order', async () => {
    const store = await (await newDatabase()).open();
    await store.save(conversationOf('c1'), null, [
      diagnose('k', { queue: 'a' }),
      show('behind', { queue: 'a' }),
      show('b', { queue: 'b', runAt: 50 }),
    ]);
    expect(await store.claim(10, 1000, { kinds: ['show'] })).toBeNull();
    expect(await store.claim(10, 1000, { kinds: [] })).toBeNull();
    expect(await store.nextDue(10, ['show'])).toBe(50);
    expect(await store.nextDue(10, [])).toBeNull();
    expect(nameOf(await claimed(store, 10, { kinds: ['diagnose'] }))).toBe('k');
  });

  it('says whether an earlier try had begun, also after a crash or a failure', async () => {
    const store = await storeWith('a');
    const first = await claimed(store, 10);
    expect(first.begun).toBe(false);
    const second = await claimed(store, 2000);
    expect(second, 'the first had not').toMatchObject({ begun: false, attempts: 2 });
    expect(await store.begin(first), 'too late').toBe(false);
    expect(await store.begin(second)).toBe(true);
    expect((await claimed(store, 4000)).begun).toBe(true);
    const fourth = await claimed(store, 6000);
    await store.putBack(fourth, 7000);
    expect((await claimed(store, 7000)).begun).toBe(true);
  });

  describe('a clock that is set back by a day', () => {
    const day = 86_400_000;
    const now = 20 * day;

    it('keeps no job waiting for a day: what was due is due, the rest as much later as before', async () => {
      const store = await (await newDatabase()).open();
      await store.save(conversationOf('c1', now), null, [
        show('due', { queue: 'a', runAt: now }),
        show('in a minute', { queue: 'b', runAt: now + 60_000 }),
      ]);
      expect(await drain(store, now - day)).toEqual(['due']);
      expect(await drain(store, now - day + 59_999)).toEqual([]);
      expect(await drain(store, now - day + 60_000)).toEqual(['in a minute']);
    });

    it('leaves a lease with its holder for as long as it was given, and no longer', async () => {
      const store = await (await newDatabase()).open();
      await store.save(conversationOf('c1', now), null, [show('a')]);
      const job = await claimed(store, now);
      expect(await store.claim(now - day, 1000)).toBeNull();
      expect(await store.claim(now - day + 999, 1000)).toBeNull();
      expect((await claimed(store, now - day + 1000)).id).toBe(job.id);
    });

    it('a small step back changes nothing', async () => {
      const store = await (await newDatabase()).open();
      await store.save(conversationOf('c1', now), null, [show('a', { runAt: now })]);
      expect(await drain(store, now - 2000)).toEqual([]);
      expect(await drain(store, now)).toEqual(['a']);
    });
  });
});

describe('on the clock of the PostgreSQL server', () => {
  const hour = 3_600_000;

  it('machines whose clocks disagree by hours agree on due times and leases', async () => {
    const database = await postgresOnItsClock.newDatabase();
    const clocks = { ahead: () => Date.now() + 5 * hour, behind: () => Date.now() - 5 * hour };
    const ahead = await database.open(clocks.ahead);
    const behind = await database.open(clocks.behind);
    await ahead.save(conversationOf('c1', clocks.ahead()), null, [
      show('now', { queue: 'a', runAt: clocks.ahead() }),
      show('in an hour', { queue: 'b', runAt: clocks.ahead() + hour }),
    ]);
    const job = await behind.claim(clocks.behind(), 60_000);
    expect(job && nameOf(job)).toBe('now');
    expect(await ahead.claim(clocks.ahead(), 60_000), 'it is held').toBeNull();
    const due = (await ahead.nextDue(clocks.ahead())) ?? 0;
    expect(Math.abs(due - clocks.ahead() - 60_000), 'the end of the lease').toBeLessThan(5000);
    if (job) await behind.complete(job);
    const next = (await behind.nextDue(clocks.behind())) ?? 0;
    expect(Math.abs(next - clocks.behind() - hour)).toBeLessThan(5000);
  });

  it('agree on what happened once, too', async () => {
    const database = await postgresOnItsClock.newDatabase();
    const ahead = await database.open(() => Date.now() + 5 * hour);
    const here = await database.open();
    expect(await here.once('event', Date.now() + 60_000)).toBe(true);
    expect(await ahead.once('event', Date.now() + 5 * hour + 60_000)).toBe(false);
    await here.endOnce('event', Date.now() - 1);
    expect(await ahead.once('event', Date.now() + 5 * hour + 60_000)).toBe(true);
  });
});
