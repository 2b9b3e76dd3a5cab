/** What is to be forgotten goes completely, what is to be kept stays, and everything is counted. */
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/conversation/state/conversation.ts';
import { newEscalation } from '../../src/conversation/state/escalation.ts';
import { linkMemoryMs, type Store } from '../../src/store/ports.ts';
import { conversationOf, diagnose, show } from './conversations-and-jobs.ts';
import { engines } from './engines.ts';

const withCase = (
  conversation: Conversation,
  state: Conversation['escalations'][number]['state'],
  delivery: 'arrived' | 'failed' = 'arrived',
): Conversation => ({
  ...conversation,
  escalations: [
    {
      ...newEscalation('e1', { checkId: 'k1', at: 1, comment: '' }),
      state,
      delivery,
    },
  ],
});

const stands = async (store: Store, id: string): Promise<boolean> => (await store.load(id)) !== null;

describe.each(engines)('$name', ({ newDatabase }) => {
  describe('erasing a person', () => {
    it('deletes conversations, jobs, failures, links and memories, says how many, and nobody else’s', async () => {
      const database = await newDatabase();
      const store = await database.open();
      await store.save(withCase(conversationOf('c1'), 'open'), null, [show('a'), diagnose('k')]);
      await store.save(conversationOf('c2', 2000), null, [show('b', { queue: 'r' })]);
      await store.save(conversationOf('other', 1000, 'U2'), null, [show('c', { queue: 's' })]);
      const failing = await store.claim(10, 1000);
      if (failing === null) return expect.fail('expected a job');
      await store.giveUp(failing, 20, 'rejected');
      const mine = { platform: 'slack', id: 'U1' };
      await store.memory('threads').put('root-1', 'c1/e1', { conversationId: 'c1' });
      await store.memory('teams').put('reference', 1, { person: mine });
      await store.memory('teams').put('theirs', 1, { person: { platform: 'slack', id: 'U2' } });
      await store.memory('teams').put('other-platform', 1, { person: { platform: 'teams', id: 'U1' } });
      await store.memory('teams').put('nobodys', 1);
      const expiresAt = Date.now() + 60_000;
      const bound = { noticeId: 'n1', checkId: 'k1' };
      await store.links.put('hash-1', { conversationId: 'c1', person: mine, ...bound, expiresAt });
      await store.links.put('hash-2', { conversationId: 'other', person: mine, ...bound, expiresAt });

      expect(await store.erase(mine)).toEqual({ conversations: 2, jobs: 2, memories: 2 });
      expect(await store.latestOf(mine)).toBeNull();
      expect(await stands(store, 'other')).toBe(true);
      expect((await store.counts(10)).waiting).toEqual({ show: 1 });
      expect((await store.counts(10)).givenUp).toEqual({});
      expect((await store.memory('teams').list('')).map(({ key }) => key)).toEqual([
        'nobodys',
        'other-platform',
        'theirs',
      ]);
      expect(await store.memory('threads').list('')).toEqual([]);
      expect(await store.links.peek('hash-1')).toBeNull();
      expect(await store.links.peek('hash-2')).toBeNull();
      expect(await store.erase(mine)).toEqual({ conversations: 0, jobs: 0, memories: 0 });
    });

    it('deletes nothing when the conversation has changed since it was loaded, and all of it when it has not', async () => {
      const store = await (await newDatabase()).open();
      const mine = { platform: 'slack', id: 'U1' };
      await store.save(conversationOf('c1'), null, [show('a')]);
      await store.save(conversationOf('c1', 1000), 1, []);
      expect(await store.erase(mine, { conversationId: 'c1', revision: 1 })).toBeNull();
      expect(await stands(store, 'c1')).toBe(true);
      expect((await store.counts(10)).waiting).toEqual({ show: 1 });
      const erased = { conversations: 1, jobs: 1, memories: 0 };
      expect(await store.erase(mine, { conversationId: 'c1', revision: 2 })).toEqual(erased);
      expect(await stands(store, 'c1')).toBe(false);
    });

    it('leaves nothing for whoever held one of the jobs, and does not bring the conversation back', async () => {
      const store = await (await newDatabase()).open();
      await store.save(conversationOf('c1'), null, [show('a')]);
      const job = await store.claim(10, 1000);
      if (job === null) return expect.fail('expected a job');
      await store.erase({ platform: 'slack', id: 'U1' });
      expect(await store.begin(job)).toBe(false);
      expect(await store.complete(job)).toBe(false);
      await expect(store.save(conversationOf('c1'), 1, [])).rejects.toMatchObject({
        code: 'revision-conflict',
      });
      expect(await stands(store, 'c1')).toBe(false);
    });
  });

  describe('retention', () => {
    it('deletes what has been quiet since, unless a case is open or a job waits', async () => {
      const store = await (await newDatabase()).open();
      await store.save(conversationOf('quiet', 1000), null, []);
      await store.save(conversationOf('newer', 2000), null, []);
      await store.save(conversationOf('waiting', 1000), null, [show('a')]);
      await store.save(withCase(conversationOf('with-it', 1000), 'claimed'), null, []);
      await store.save(withCase(conversationOf('question', 1000), 'waiting-for-rep'), null, []);
      await store.save(withCase(conversationOf('resolved', 1000), 'resolved'), null, []);
      await store.save(withCase(conversationOf('never-arrived', 1000), 'open', 'failed'), null, []);
      await store.memory('threads').put('root', 'resolved/e1', { conversationId: 'resolved' });
      expect(await store.eraseClosedBefore(1000)).toBe(0);
      expect(await store.eraseClosedBefore(2000)).toBe(3);
      for (const id of ['quiet', 'resolved', 'never-arrived'])
        expect(await stands(store, id), id).toBe(false);
      for (const id of ['newer', 'waiting', 'with-it', 'question'])
        expect(await stands(store, id), id).toBe(true);
      expect(await store.memory('threads').list('')).toEqual([]);
    });

    it('keeps what only a newer version can read, and counts it', async () => {
      const database = await newDatabase();
      const store = await database.open();
      await store.save(conversationOf('c1', 1000), null, []);
      await database.sql('update conversations set version = 2');
      expect(await store.eraseClosedBefore(9000)).toBe(0);
      expect((await store.counts(0)).unreadable).toBe(1);
    });

    it('sweeps what has expired, and nothing else', async () => {
      let now = 1000;
      const store = await (await newDatabase()).open(() => now);
      const person = { platform: 'slack', id: 'U1' };
      const link = { conversationId: 'c1', person, noticeId: 'n1', checkId: 'k1' };
      await store.save(conversationOf('c1'), null, []);
      await store.once('old', 2000);
      await store.once('young', 9000);
      await store.take('busy', { capacity: 10, refillPerSecond: 0.001 }, 1000);
      await store.take('idle', { capacity: 10, refillPerSecond: 1 }, 1000);
      await store.links.put('old', { ...link, expiresAt: 2000 - linkMemoryMs });
      await store.links.put('young', { ...link, expiresAt: 9000 });
      await store.links.put('remembered', { ...link, expiresAt: 2000 });
      now = 3000;
      expect(await store.sweep(now)).toBe(3);
      expect(await store.once('young', 9000)).toBe(false);
      expect(await store.links.peek('young')).toEqual({ ...link, expiresAt: 9000 });
      expect(await store.links.recall('remembered')).toMatchObject(link);
    });
  });

  it('finds what is torn, in any place, and counts it from then on; what a newer version wrote is not torn', async () => {
    const database = await newDatabase();
    const store = await database.open();
    for (let n = 0; n < 45; n += 1)
      await store.save(conversationOf(`c${String(n).padStart(2, '0')}`), null, []);
    await database.sql(`update conversations set state = '{"id":"c' where id in ('c00', 'c20', 'c44')`);
    await database.sql(`update conversations set state = '{}' where id = 'c41'`);
    await database.sql(`update conversations set state = '{}', version = 99 where id = 'c30'`);
    expect((await store.counts(10)).unreadable).toBe(1);
    const never = new AbortController().signal;
    expect(await store.findDamaged(never)).toEqual(['c00', 'c20', 'c41', 'c44']);
    expect((await store.counts(10)).unreadable).toBe(5);
    await database.sql(`delete from conversations where id in ('c00', 'c20', 'c41', 'c44')`);
    expect(await store.findDamaged(never)).toEqual([]);
    expect((await store.counts(10)).unreadable).toBe(1);
  });

  it('is tried like a click, side by side too, and nothing is left of it', async () => {
    const database = await newDatabase();
    const store = await database.open();
    const rows = async () => {
      const tables = ['conversations', 'jobs', 'failed', 'memory', 'links', 'buckets'];
      const counted = await Promise.all(
        tables.map((table) => database.sql(`select count(*) as n from ${table}`)),
      );
      return counted.map(([row]) => Number(row?.n));
    };
    await store.save(conversationOf('c1'), null, [show('a')]);
    const before = await rows();
    await Promise.all(Array.from({ length: 12 }, store.ping));
    expect(await rows()).toEqual(before);
    await store.sweep(Date.now() + 1000);
    expect(await database.sql('select key from seen')).toEqual([]);
    // Nor is a job of it ever handed out.
    expect((await store.claim(Date.now(), 1000))?.conversationId).toBe('c1');
    expect(await store.claim(Date.now(), 1000)).toBeNull();
  });

  it('counts jobs by kind, those given up, and how long the oldest has waited', async () => {
    const database = await newDatabase();
    const store = await database.open();
    expect(await store.counts(0)).toEqual({ waiting: {}, givenUp: {}, oldestDue: null, unreadable: 0 });
    await store.save(conversationOf('c1'), null, [
      show('a', { queue: 'a', runAt: 5 }),
      show('b', { queue: 'b', runAt: 7 }),
      diagnose('k', { queue: 'k', runAt: 9 }),
      diagnose('x', { queue: 'x', runAt: 11 }),
    ]);
    await database.sql(`update jobs set kind = 'sing' where queue = 'x'`);
    const job = await store.claim(6, 1000);
    if (job === null) return expect.fail('expected a job');
    expect(await store.counts(20)).toEqual({
      waiting: { show: 2, diagnose: 1, sing: 1 },
      givenUp: {},
      oldestDue: 7,
      unreadable: 0,
    });
    expect(await store.giveUp(job, 20, 'channel-gone')).toBe(true);
    expect(await store.counts(20)).toMatchObject({ waiting: { show: 1 }, givenUp: { show: 1 } });
    expect(await database.sql('select job_id, code, attempts from failed')).toEqual([
      { job_id: expect.anything(), code: 'channel-gone', attempts: 1 },
    ]);
  });
});
