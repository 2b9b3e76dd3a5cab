/** Jobs of other versions of the program: earlier ones are read, what cannot be read is kept and never run. */
import { describe, expect, it } from 'vitest';
import { workerLimits } from '../../src/bot/ports.ts';
import { createWorker } from '../../src/bot/worker/worker.ts';
import type { Work } from '../../src/conversation/events/job.ts';
import {
  type Job,
  type JobKind,
  jobKinds,
  type NewJob,
  type Store,
  UnreadableJob,
} from '../../src/store/ports.ts';
import { conversationOf, show } from './conversations-and-jobs.ts';
import { earlierDatabase } from './earlier.ts';
import { engines } from './engines.ts';
import { drain, openStore } from './scratch.ts';

/** Everything that waits, whenever it is due. */
const takeAll = async (store: Store): Promise<Job[]> => {
  const jobs: Job[] = [];
  for (;;) {
    const job = await store.claim(Number.MAX_SAFE_INTEGER - 10_000, 1000);
    if (job === null) return jobs;
    jobs.push(job);
    await store.complete(job);
  }
};

it('a database of the version before gives all its jobs, in the words of today', async () => {
  const { directory, rows } = await earlierDatabase('before-typed-jobs');
  const jobs = await takeAll(await openStore(directory));
  expect(jobs).toHaveLength(rows.jobs?.length ?? 0);
  const first = (kind: JobKind) => jobs.find((job) => job.kind === kind)?.payload;
  const id = expect.stringMatching(/^[\da-f-]{36}$/u);
  // It knew no reminders.
  const kinds = jobKinds.filter((kind) => kind !== 'remind');
  expect(Object.fromEntries(kinds.map((kind) => [kind, first(kind)]))).toEqual({
    show: { slot: expect.stringMatching(/^[a-z-]+:/u) },
    diagnose: { checkId: id },
    'login-lost': { checkId: id },
    watch: { escalationId: id, look: 1 },
    relay: {
      to: id,
      id: expect.stringMatching(/^[\da-f-]{36}\.[\da-f-]{36}$/u),
      event: expect.objectContaining({
        type: 'thread-did',
        act: expect.objectContaining({ type: 'claimed' }),
      }),
    },
    'hand-over-again': { escalationId: id, count: 1 },
    erase: { accounts: 1, cases: 0, checks: 1, messages: 3 },
  });
});

/** One of each kind, as the bot asks for them. */
const works: readonly Work[] = [
  { kind: 'show', payload: { slot: 'it-root:e' } },
  { kind: 'diagnose', payload: { checkId: 'k' } },
  { kind: 'login-lost', payload: { checkId: 'k' } },
  { kind: 'watch', payload: { escalationId: 'e', look: 12 } },
  {
    kind: 'relay',
    payload: {
      to: 'c2',
      id: 'i.e',
      event: {
        type: 'thread-did',
        escalationId: 'e',
        act: { type: 'asked', by: 'Omar', text: '„Seit wann?“\n' },
      },
    },
  },
  { kind: 'hand-over-again', payload: { escalationId: 'e', count: 3 } },
  { kind: 'remind', payload: { escalationId: 'e', number: 2 } },
  { kind: 'erase', payload: { accounts: 1, checks: 2, cases: 3, messages: 4, quiet: true } },
];
const samples: readonly NewJob[] = works.map((work, place) => ({ ...work, queue: `q${place}`, runAt: 0 }));

describe.each(engines)('$name', ({ newDatabase }) => {
  it('gives every kind as it was asked for', async () => {
    const store = await (await newDatabase()).open();
    await store.save(conversationOf('c1'), null, samples);
    const jobs = await takeAll(store);
    expect(jobs.map(({ kind, payload }) => ({ kind, payload }))).toEqual(
      samples.map(({ kind, payload }) => ({ kind, payload })),
    );
    expect(samples.map(({ kind }) => kind)).toEqual(jobKinds);
  });

  const insert = (kind: string, payload: string, queue = 'old') =>
    `insert into jobs (conversation_id, kind, queue, payload, run_at, due_at, attempts)
     values ('c1', '${kind}', '${queue}', '${payload}', 0, 0, 0)`;

  it.each([
    ['a message that it does not know', 'show', '{"slot":"hologram:1"}'],
    ['more than it knows of', 'diagnose', '{"checkId":"k","withFingerprint":"yes"}'],
    ['less than is needed', 'watch', '{"escalationId":"e"}'],
    ['a number that is none', 'hand-over', '{"escalationId":"e","count":"soon"}'],
    ['an act that it does not know', 'relay', '{"to":"c1","id":"i","event":"{\\"type\\":\\"sang\\"}"}'],
    ['what is no JSON', 'erase', '{"accounts":'],
  ])('keeps a job with %s, and what stands behind it; all others run', async (_, kind, payload) => {
    const database = await newDatabase();
    const store = await database.open();
    await store.save(conversationOf('c1'), null, []);
    await database.sql(insert(kind, payload));
    await store.save(conversationOf('c1'), 1, [
      show('behind', { queue: 'old' }),
      show('other', { runAt: 5 }),
    ]);

    const refused: unknown = await store.claim(10, 1000).catch((error: unknown) => error);
    if (!(refused instanceof UnreadableJob)) expect.fail('expected the job to be refused');
    expect(refused.leased).toMatchObject({ kind, attempts: 1 });
    expect(refused.message, 'nothing of what stands in it').not.toMatch(/hologram|Fingerprint|soon|sang/u);
    expect(await store.keep(refused.leased, 500)).toBe(true);
    expect(await drain(store, 499)).toEqual(['other']);

    expect((await store.counts(499)).waiting).toEqual({
      [kind]: kind === 'show' ? 2 : 1,
      ...(kind !== 'show' && { show: 1 }),
    });
    const [row] = await database.sql('select kind, payload, attempts from jobs order by id limit 1');
    expect(row, 'as it was, and not as if it had been tried').toEqual({ kind, payload, attempts: 0 });
  });

  it('a worker logs it, leaves it, and runs all others', async () => {
    const database = await newDatabase();
    const store = await database.open(Date.now);
    await store.save(conversationOf('c1'), null, []);
    await database.sql(insert('show', '{"slot":"hologram:1"}'));
    await store.save(conversationOf('c1'), 1, [show('behind', { queue: 'old' }), show('other')]);
    const ran: string[] = [];
    const logged: string[] = [];
    const note = (fields: object, message: string): void => {
      logged.push(`${message} ${JSON.stringify(fields)}`);
    };
    const runner = {
      run: async (job: Job) => void ran.push(JSON.stringify(job.payload)),
      giveUp: async () => expect.fail('it is nobody’s to give up'),
      atOnce: 1,
      tries: 1,
    };
    const worker = createWorker({
      store,
      runners: {
        show: runner,
        diagnose: runner,
        'login-lost': runner,
        watch: runner,
        relay: runner,
        'hand-over-again': runner,
        remind: runner,
        erase: runner,
      },
      clock: { now: Date.now },
      log: { debug: () => {}, info: note, warn: note, error: note },
      limits: { ...workerLimits, pollMs: 10, longestRetryMs: 60 },
      holder: 'me',
      random: () => 0,
    });
    worker.start();
    await expect.poll(() => logged.length).toBeGreaterThan(1);
    await expect.poll(() => ran).toEqual(['{"slot":"notice:other"}']);
    await worker.stop();
    expect(logged[0]).toMatch(
      /^job waits for a version that can read it \{"job":1,"kind":"show","attempts":1,/u,
    );
    expect(await store.counts(Date.now())).toMatchObject({ waiting: { show: 2 }, givenUp: {} });
  });
});
