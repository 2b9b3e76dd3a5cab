/** The bot when things around it fail for a while: the platform, the disk, the clock; and what it forgets by itself. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DeliveryError } from '../../src/chat/port.ts';
import { openDatabase } from '../../src/store/engine/embedded.ts';
import { sqliteEngine } from '../../src/store/engine/engine.ts';
import { nodeSqliteDialect } from '../../src/store/engine/node-sqlite.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { migrate } from '../../src/store/migrations/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import type { Tables } from '../../src/store/tables/schema.ts';
import { anna, ines, omar, rules } from '../conversation/fixtures.ts';
import { inFile, openStore as openStoreIn, temporaryDirectory } from '../store/scratch.ts';
import {
  createRecorder,
  doing,
  handOver,
  logged,
  openStore,
  quick,
  report,
  startBot,
  startCheck,
  until,
} from './stage.ts';

const minute = 60_000;
const settings = {
  defaultLocale: 'de',
  itLocale: 'de',
  allowedPorts: rules.allowedPorts,
  watchIntervalMs: 900_000,
} as const;

/** A clock that runs a thousand times as fast as soon as it is wound, and jumps when told. */
const testClock = (start: number) => {
  let now = start;
  return {
    now: () => now,
    jump: (ms: number): void => {
      now += ms;
    },
    run: async (ms: number): Promise<void> => {
      for (const end = now + ms; now < end; now += 5000) await sleep(5);
    },
  };
};

test('given a platform that is down for twenty minutes, then all that was said arrives afterwards, once and in order', async () => {
  const recorder = createRecorder();
  const clock = testClock(Date.now());
  const retries = { firstRetryMs: 1000, longestRetryMs: minute, tries: 60, pollMs: 5, leaseMs: 10 * minute };
  const bot = startBot(await openStore(), recorder, {
    clock,
    settings: { ...settings, worker: { ...quick, ...retries } },
  });
  await startCheck(bot);
  await report(recorder);
  let refusals = 0;
  recorder.refuseIf(() => {
    refusals += 1;
    return new DeliveryError('temporary', 'down');
  });
  await handOver(bot, recorder, 'Bitte bis Freitag');
  const rep = doing(bot, anna);
  await rep.say('Hilfe');
  await rep.say('Status');
  const before = recorder.posts.length;
  await clock.run(20 * minute);
  expect(refusals).toBeGreaterThan(10);
  expect(recorder.posts).toHaveLength(before);

  recorder.refuseIf(() => null);
  await clock.run(3 * minute);
  await until(() => expect(recorder.at('thread')).toHaveLength(2));
  expect(recorder.at('it-channel')).toHaveLength(1);
  const said = () =>
    recorder.posts
      .slice(before)
      .filter(({ place }) => place.type === 'person')
      .map(({ message }) => message.summary.split('.')[0]);
  await until(() =>
    expect(said()).toEqual(['So geht es', 'So steht es', 'Der Fall ist bei Ihrer IT angekommen']),
  );
});

test('given a clock that is set back by a day in the middle of it all, then she has her report at once', async () => {
  const recorder = createRecorder();
  const clock = testClock(Date.now());
  const bot = startBot(await openStore(), recorder, {
    clock,
    settings: { ...settings, worker: { ...quick, pollMs: 10 } },
  });
  await startCheck(bot);
  clock.jump(-24 * 60 * minute);
  await report(recorder);
  clock.jump(48 * 60 * minute);
  await handOver(bot, recorder);
  await until(() =>
    expect(recorder.words('person').at(-1)).toMatch(/^Der Fall ist bei Ihrer IT angekommen/u),
  );
});

describe('a full disk', () => {
  const onSmallDisk = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'full-'));
    let database: DatabaseSync | null = null;
    const db = new Kysely<Tables>({
      dialect: nodeSqliteDialect(async () => {
        database = await openDatabase(directory);
        return database;
      }),
    });
    await migrate(db, migrations(sqliteEngine.identity));
    const store = createStore({ db, leases: db }, sqliteEngine);
    onTestFinished(async () => {
      await store.close();
      await rm(directory, { recursive: true });
    });
    const pages = (sql: string): number =>
      Number(Object.values(database?.prepare(`PRAGMA ${sql}`).get() ?? {})[0]);
    return { store, pages };
  };

  test('given no room for more, then nothing is acknowledged that is not kept, and with room it goes on', async () => {
    const { store, pages } = await onSmallDisk();
    const recorder = createRecorder();
    const bot = startBot(store, recorder);
    await startCheck(bot);
    await report(recorder);
    pages(`max_page_count = ${pages('page_count') + 1}`);

    const comment = 'Bitte bis Freitag. '.repeat(50);
    let kept = 0;
    const rep = doing(bot, ines);
    await expect(
      (async () => {
        for (; kept < 500; kept += 1) await rep.say(`Falsche IMAP-Einstellungen ${comment}`);
      })(),
    ).rejects.toMatchObject({ code: 'ERR_SQLITE_ERROR', message: expect.stringContaining('full') });
    await expect(
      (async () => {
        for (let n = 0; n < 500; n += 1) await store.memory('x').put(`k${n}`, comment);
      })(),
    ).rejects.toThrow('full');
    const stored = await store.latestOf(ines);
    expect(stored?.conversation.notices ?? []).toHaveLength(kept);

    pages('max_page_count = 1000000');
    await store.ping();
    await doing(bot, omar).say('Hilfe');
    await handOver(bot, recorder);
    await until(() =>
      expect(recorder.words('person').join()).toContain('Der Fall ist bei Ihrer IT angekommen'),
    );
    await until(() => expect(recorder.at('thread')).toHaveLength(2));
    const to = (id: string) =>
      recorder.at('person').filter(({ place }) => place.type === 'person' && place.person.id === id);
    await until(() => expect(to(ines.id)).toHaveLength(kept));
    expect(to(omar.id)).toHaveLength(1);
  });
});

test('given a conversation that a newer version wrote, then its messages wait for that version and others go on', async () => {
  const directory = await temporaryDirectory();
  const store = await openStoreIn(directory);
  const version = (to: number) =>
    inFile(directory, (database) =>
      database.exec(`update conversations set version = ${to} where person_id = 'U1'`),
    );
  const silent = createRecorder();
  silent.refuseIf(() => new DeliveryError('temporary', 'down'));
  const first = startBot(store, silent, { settings: { ...settings, worker: { ...quick, tries: 100 } } });
  await doing(first, anna).say('Hilfe');
  await first.stop();
  version(2);

  const recorder = createRecorder();
  startBot(store, recorder);
  await sleep(400);
  expect(recorder.posts, 'neither posted nor given up').toEqual([]);
  expect(await store.counts(Date.now())).toMatchObject({ waiting: { show: 1 }, givenUp: {}, unreadable: 1 });
  version(1);
  await until(() => expect(recorder.words('person')).toEqual(['So geht es']));
});

test('given a channel that does not take it, then what was given up can be counted', async () => {
  const recorder = createRecorder();
  const store = await openStore();
  const bot = startBot(store, recorder);
  await startCheck(bot);
  await report(recorder);
  recorder.refuseIf(({ type }) => (type === 'person' ? null : new DeliveryError('not-in-channel', 'no')));
  await handOver(bot, recorder);
  // The case, and what was to stand in its thread.
  await until(async () => expect((await store.counts(Date.now())).givenUp.show).toBeGreaterThan(0));
});

test('given two processes, then one of them tidies up in an hour, and what is 90 days old is gone', async () => {
  const store = await openStore();
  const clock = { now: Date.now };
  const old = Date.now() - 91 * 24 * 60 * minute;
  const then = startBot(store, createRecorder(), { clock: { now: () => old } });
  await doing(then, anna).say('Hilfe');
  await until(async () => expect(await store.nextDue(0)).toBeNull());
  await then.stop();
  expect((await store.latestOf(anna))?.conversation.updatedAt).toBe(old);

  logged.length = 0;
  startBot(store, createRecorder(), { clock });
  startBot(store, createRecorder(), { clock });
  await until(async () => expect(await store.latestOf(anna)).toBeNull());
  await sleep(100);
  expect(logged.filter((line) => line.startsWith('tidied up'))).toEqual([
    'tidied up; unreadable ones are kept {"conversations":1,"expired":1,"unreadable":0}',
  ]);
});
