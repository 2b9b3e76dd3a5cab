/** What an operator sees of the jobs, and how one that was given up is tried again. */
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/ports.ts';
import { conversationOf, diagnose, show } from './conversations-and-jobs.ts';
import { engines } from './engines.ts';
import { drain } from './scratch.ts';

const giveUpNext = async (store: Store): Promise<void> => {
  const job = await store.claim(10, 1000);
  if (!job) throw new Error('expected a job');
  await store.giveUp(job, 20, 'channel-gone');
};

describe.each(engines)('$name', ({ newDatabase }) => {
  it('shows who waits, what runs, and what was given up, with the kind of the error', async () => {
    const store = await (await newDatabase()).open();
    await store.save(conversationOf('c1'), null, [
      show('a', { queue: 'it' }),
      show('b', { queue: 'rep' }),
      diagnose('c', { queue: 'check', runAt: 5000 }),
    ]);
    await giveUpNext(store);
    await store.claim(30, 1000);
    const job = { conversationId: 'c1', attempts: 1 };
    expect(await store.jobsAt(40)).toEqual({
      waiting: [
        { ...job, id: 2, kind: 'show', dueAt: 1030, isRunning: true },
        { ...job, id: 3, kind: 'diagnose', attempts: 0, dueAt: 5000, isRunning: false },
      ],
      givenUp: [{ ...job, id: 1, kind: 'show', code: 'channel-gone', givenUpAt: 20 }],
    });
  });

  it('puts a job that was given up back into its own line, once, behind what stands there', async () => {
    const store = await (await newDatabase()).open();
    await store.save(conversationOf('c1'), null, [
      show('first', { queue: 'it' }),
      show('next', { queue: 'it' }),
    ]);
    await giveUpNext(store);
    const answers = await Promise.all([store.retry(1, 50), store.retry(1, 50)]);
    expect(answers.sort()).toEqual([3, null]);
    expect(await store.retry(1, 60)).toBeNull();
    expect(await store.retry(77, 60)).toBeNull();
    expect(await drain(store, 100)).toEqual(['next', 'first']);
    expect((await store.jobsAt(100)).givenUp).toEqual([]);
  });

  it('takes what it did before for possible: it is looked for before it is done again', async () => {
    const store = await (await newDatabase()).open();
    await store.save(conversationOf('c1'), null, [show('a')]);
    await giveUpNext(store);
    await store.retry(1, 50);
    expect(await store.claim(60, 1000)).toMatchObject({ begun: true, attempts: 1, queue: 'q' });
  });

  it('tries one again that an older version gave up, in a line of its own', async () => {
    const database = await newDatabase();
    const store = await database.open();
    await store.save(conversationOf('c1'), null, [show('a')]);
    await giveUpNext(store);
    await database.sql('update failed set queue = null');
    await store.retry(1, 50);
    expect(await drain(store, 100)).toEqual(['a']);
  });
});
