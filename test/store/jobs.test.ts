/** Jobs run at least once, each queue in its order, and only the newest lease counts. */
import { describe, expect, it } from 'vitest';
import type { Job, NewJob, Store } from '../../src/store/ports.ts';
import { conversationOf, diagnose, nameOf, show } from './conversations-and-jobs.ts';
import { engines } from './engines.ts';
import { drain } from './scratch.ts';

const claimed = async (store: Store, now: number): Promise<Job> =>
  (await store.claim(now, 100)) ?? expect.fail(`expected a job to be due at ${now}`);

describe.each(engines)('$name', ({ newDatabase }) => {
  const storeWith = async (...jobs: NewJob[]): Promise<Store> => {
    const store = await (await newDatabase()).open();
    await store.save(conversationOf('c1'), null, jobs);
    return store;
  };

  describe('order', () => {
    it('hands out the jobs of a queue one after the other, as they were saved', async () => {
      const store = await storeWith(show('a'), diagnose('b'));
      await store.save(conversationOf('c1'), 1, [show('c')]);
      const first = await claimed(store, 10);
      expect(first).toMatchObject({
        conversationId: 'c1',
        kind: 'show',
        queue: 'q',
        payload: { slot: 'notice:a' },
        attempts: 1,
      });
      expect(await store.claim(10, 100), 'the rest waits for the first').toBeNull();
      expect(await store.complete(first)).toBe(true);
      expect(await drain(store, 10)).toEqual(['b', 'c']);
    });

    it('hands out several queues side by side, the longest due first', async () => {
      const store = await storeWith(
        show('a1', { queue: 'a', runAt: 5 }),
        show('a2', { queue: 'a', runAt: 1 }),
        show('b1', { queue: 'b', runAt: 3 }),
        show('c1', { queue: 'c', runAt: 99 }),
      );
      expect(nameOf(await claimed(store, 10))).toBe('b1');
      expect(nameOf(await claimed(store, 10))).toBe('a1');
      expect(await store.claim(10, 100)).toBeNull();
    });

    it('a job that is put back for later holds up its queue, and no other', async () => {
      const store = await storeWith(show('a'), show('b'), show('other', { queue: 'r' }));
      const job = await claimed(store, 10);
      expect(await store.putBack(job, 500)).toBe(true);
      expect(await drain(store, 499)).toEqual(['other']);
      const again = await claimed(store, 500);
      expect(again).toMatchObject({ id: job.id, attempts: 2, runAt: 500 });
      await store.complete(again);
      expect(await drain(store, 500)).toEqual(['b']);
    });

    it('what waits can be put off, until somebody has taken it', async () => {
      const store = await storeWith(show('a', { runAt: 100 }), show('other', { queue: 'r', runAt: 100 }));
      expect(await store.putOff('q', 50, 200)).toBe(true);
      expect(await drain(store, 249)).toEqual(['other']);
      const job = await claimed(store, 250);
      expect(await store.putOff('q', 250, 200)).toBe(false);
      await store.complete(job);
      expect(await store.putOff('q', 250, 0)).toBe(false);
    });

    it('keeps a job that a newer version of this program left behind, and what stands behind it', async () => {
      const database = await newDatabase();
      const store = await database.open();
      await store.save(conversationOf('c1'), null, [show('a'), show('b'), show('other', { queue: 'r' })]);
      await database.sql(`update jobs set kind = 'sing' where payload like '%"notice:a"%'`);
      expect(await drain(store, 10)).toEqual(['other']);
      expect(await store.nextDue(10)).toBeNull();
      await database.sql(`update jobs set kind = 'show'`);
      expect(await drain(store, 10)).toEqual(['a', 'b']);
    });
  });

  describe('leases', () => {
    it('an expired lease passes on, and the late holder is refused', async () => {
      const store = await storeWith(show('a'));
      const late = await claimed(store, 10);
      expect(await store.claim(109, 100)).toBeNull();
      const present = await claimed(store, 110);
      expect(present).toMatchObject({ id: late.id, attempts: 2 });
      expect(present.lease).not.toBe(late.lease);
      expect(await store.extend([late], 110, 9999)).toEqual([late]);
      expect(await store.begin(late)).toBe(false);
      expect(await store.giveUp(late, 110, 'x')).toBe(false);
      expect(await store.putBack(late, 9999)).toBe(false);
      expect(await store.complete(late)).toBe(false);
      expect(await store.complete(present)).toBe(true);
      expect(await store.complete(present), 'a second time').toBe(false);
      expect(await store.claim(99_999, 100)).toBeNull();
    });

    it('who was late but not replaced may still complete', async () => {
      const store = await storeWith(show('a'));
      const job = await claimed(store, 10);
      expect(await store.complete(job)).toBe(true);
      expect(await store.nextDue(5000)).toBeNull();
    });

    it('an extended lease holds until its new end', async () => {
      const store = await storeWith(show('a'));
      const job = await claimed(store, 10);
      expect(await store.extend([job], 50, 250)).toEqual([]);
      expect(await store.claim(299, 100)).toBeNull();
      expect((await claimed(store, 300)).attempts).toBe(2);
    });

    it('a job that was put back no longer belongs to anyone', async () => {
      const store = await storeWith(show('a'));
      const job = await claimed(store, 10);
      await store.putBack(job, 20);
      expect(await store.complete(job)).toBe(false);
      expect(await drain(store, 20)).toEqual(['a']);
    });

    it('no number is given to two jobs, even when the first is gone', async () => {
      const store = await storeWith(show('a'));
      const first = await claimed(store, 10);
      await store.complete(first);
      await store.save(conversationOf('c1'), 1, [show('b')]);
      expect((await claimed(store, 10)).id).toBeGreaterThan(first.id);
    });

    it('many who ask at once get different jobs', async () => {
      const queues = Array.from({ length: 20 }, (_, n) => `q${n}`);
      const store = await storeWith(...queues.map((queue) => show('x', { queue })));
      const jobs = await Promise.all(queues.map(() => claimed(store, 10)));
      expect(new Set(jobs.map((job) => job.queue)).size).toBe(20);
    });
  });

  describe('the next due job', () => {
    it('is the first moment at which a claim succeeds', async () => {
      const store = await storeWith(
        show('a', { runAt: 50 }),
        show('b', { runAt: 1 }),
        show('c', { queue: 'r', runAt: 80 }),
      );
      expect(await store.nextDue(10), 'b waits for a').toBe(50);
      expect(await store.nextDue(60), 'overdue is now').toBe(60);
      const job = await claimed(store, 60);
      expect(await store.nextDue(60)).toBe(80);
      await store.putBack(job, 70);
      expect(await store.nextDue(60)).toBe(70);
      expect(await drain(store, 80)).toEqual(['a', 'b', 'c']);
      expect(await store.nextDue(80)).toBeNull();
    });

    it('is the end of the lease while all are leased', async () => {
      const store = await storeWith(show('a'));
      await claimed(store, 10);
      expect(await store.nextDue(20)).toBe(110);
    });
  });

  describe('showing the same message again', () => {
    it('needs no second job while the newest one of the queue still waits', async () => {
      const store = await storeWith(show('a'), show('a'));
      await store.save(conversationOf('c1'), 1, [show('a', { runAt: 7 })]);
      expect(await drain(store, 10)).toEqual(['a']);
    });

    it('needs one when something stands behind the first', async () => {
      const store = await storeWith(show('a'), show('b'), show('a'), diagnose('k'), show('a'));
      expect(await drain(store, 10)).toEqual(['a', 'b', 'a', 'k', 'a']);
    });

    it('needs one when the first is running, since it may have read the old state', async () => {
      const store = await storeWith(show('a'));
      const running = await claimed(store, 10);
      await store.save(conversationOf('c1'), 1, [show('a')]);
      await store.complete(running);
      expect(await drain(store, 10)).toEqual(['a']);
    });

    it('needs one when the first has failed before, since it may be given up', async () => {
      const store = await storeWith(show('a'));
      await store.putBack(await claimed(store, 10), 20);
      await store.save(conversationOf('c1'), 1, [show('a')]);
      expect(await drain(store, 30)).toEqual(['a', 'a']);
    });

    it('is something else in another queue, of another conversation, or as a check', async () => {
      const store = await storeWith(show('a'), show('a', { queue: 'r' }), diagnose('k'), diagnose('k'));
      await store.save(conversationOf('c2'), null, [show('b')]);
      await store.save(conversationOf('c1'), 1, [show('b')]);
      expect((await drain(store, 10)).sort()).toEqual(['a', 'a', 'b', 'b', 'k', 'k']);
    });
  });
});
