/** What is saved is found again, nobody's change is lost, and what cannot be read is kept. */
import { describe, expect, it } from 'vitest';
import { RevisionConflict, UnreadableConversation } from '../../src/store/ports.ts';
import { conversationOf, diagnose, show } from './conversations-and-jobs.ts';
import { engines } from './engines.ts';
import { drain } from './scratch.ts';

const failing = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('expected a failure'),
    (error: unknown) => error,
  );

describe.each(engines)('$name', ({ newDatabase }) => {
  describe('saving and loading', () => {
    it('finds a conversation as it was saved, also after reopening', async () => {
      const database = await newDatabase();
      const first = await database.open();
      const conversation = { ...conversationOf('c1'), draft: { address: 'müller@bäckerei.example' } };
      expect(await first.save(conversation, null, [])).toBe(1);
      await first.close();
      const second = await database.open();
      expect(await second.load('c1')).toEqual({ conversation, revision: 1 });
      expect(await second.load('c2')).toBeNull();
    });

    it('counts revisions and refuses the second of two who loaded the same one', async () => {
      const database = await newDatabase();
      const [mine, yours] = [await database.open(), await database.open()];
      await mine.save(conversationOf('c1'), null, []);
      const [a, b] = await Promise.all([mine.load('c1'), yours.load('c1')]);
      if (a === null || b === null) return expect.fail('expected both to find it');
      expect(await mine.save({ ...a.conversation, locale: 'en' }, a.revision, [])).toBe(2);
      const error = await failing(
        yours.save({ ...b.conversation, updatedAt: 9 }, b.revision, [show('welcome')]),
      );
      expect(error).toBeInstanceOf(RevisionConflict);
      expect(await mine.load('c1')).toEqual({
        conversation: { ...a.conversation, locale: 'en' },
        revision: 2,
      });
      expect(await mine.claim(0, 1000), 'the refused one leaves no job').toBeNull();
    });

    it('lets exactly one of many simultaneous writers win, through one store and through several', async () => {
      const database = await newDatabase();
      const stores = [await database.open(), await database.open(), await database.open()];
      await stores[0]?.save(conversationOf('c1'), null, []);
      const saves = [...stores, ...stores].map((store) =>
        store.save(conversationOf('c1'), 1, [show('welcome')]),
      );
      const results = await Promise.allSettled(saves);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RevisionConflict);
    });

    it('refuses a new conversation under an id that is taken', async () => {
      const store = await (await newDatabase()).open();
      await store.save(conversationOf('c1'), null, []);
      expect(await failing(store.save(conversationOf('c1', 5), null, []))).toBeInstanceOf(RevisionConflict);
      expect(await failing(store.save(conversationOf('c2'), 1, []))).toBeInstanceOf(RevisionConflict);
      expect((await store.load('c1'))?.conversation.createdAt).toBe(1000);
      expect(await store.load('c2')).toBeNull();
    });

    it('saves conversation and jobs together or not at all', async () => {
      const store = await (await newDatabase()).open();
      await store.save(conversationOf('c1'), null, [show('welcome')]);
      const jobs = [show('report:1'), diagnose('k', { runAt: Number.NaN })];
      const changed = { ...conversationOf('c1'), locale: 'en' as const };
      await expect(store.save(changed, 1, jobs)).rejects.toThrow(
        /NOT NULL constraint failed: jobs.run_at|invalid input syntax for type bigint/,
      );
      expect(await store.load('c1')).toEqual({ conversation: conversationOf('c1'), revision: 1 });
      expect(await drain(store, 0)).toEqual(['welcome']);
      await expect(store.save(conversationOf('c2'), null, jobs)).rejects.toThrow(/NOT NULL|bigint/);
      expect(await store.load('c2')).toBeNull();
      expect(await store.save(changed, 1, []), 'the store works on').toBe(2);
    });
  });

  describe('the newest conversation of a person', () => {
    it('goes by the time it was begun, and keeps people and platforms apart', async () => {
      const store = await (await newDatabase()).open();
      await store.save(conversationOf('old', 1000), null, []);
      await store.save(conversationOf('new', 2000), null, []);
      await store.save(conversationOf('other', 3000, 'U2'), null, []);
      await store.save({ ...conversationOf('old', 1000), updatedAt: 9000 }, 1, []);
      const latest = async (platform: string, id: string) =>
        (await store.latestOf({ platform, id }))?.conversation.id;
      expect(await latest('slack', 'U1')).toBe('new');
      expect(await latest('slack', 'U2')).toBe('other');
      expect(await latest('teams', 'U1')).toBeUndefined();
    });
  });

  describe('what cannot be read', () => {
    const damages: Record<string, { sql: string; cause: RegExp }> = {
      'a newer version': {
        sql: `update conversations set version = 2, state = '{"version":2,"id":"c1","rooms":[]}'`,
        cause: /version 2, this program reads up to 1/,
      },
      'half of its JSON': {
        sql: 'update conversations set state = substr(state, 1, 60)',
        cause: /its state is not JSON/,
      },
      'a field of another type': {
        sql: `update conversations set state = replace(state, '"locale":"de"', '"locale":7')`,
        cause: /locale/,
      },
    };

    it.each(Object.entries(damages))('%s: is reported and kept', async (_, { sql, cause }) => {
      const database = await newDatabase();
      const store = await database.open();
      await store.save(conversationOf('c1'), null, []);
      await database.sql(sql);
      const rows = () => database.sql('select * from conversations');
      const before = await rows();
      for (const error of [
        await failing(store.load('c1')),
        await failing(store.latestOf({ platform: 'slack', id: 'U1' })),
      ]) {
        expect(error).toBeInstanceOf(UnreadableConversation);
        if (!(error instanceof Error)) return;
        expect(error.message).toContain('c1');
        expect(String(error.cause)).toMatch(cause);
        expect(String(error.cause), 'quotes nobody').not.toContain('Mustermann');
      }
      expect(await failing(store.save(conversationOf('c1'), null, []))).toBeInstanceOf(RevisionConflict);
      expect(await rows()).toEqual(before);
      await store.save(conversationOf('c2', 2000), null, []);
      const latest = await store.latestOf({ platform: 'slack', id: 'U1' });
      expect(latest?.conversation.id, 'a new one can be begun').toBe('c2');
    });
  });
});
