/** A backup is all there is at one moment, in one form for every engine, and nothing else is put back. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { writeBackup } from '../../src/operator/archive.ts';
import { checkArchive, rowsOf, tableNames } from '../../src/store/archive/archive.ts';
import { migrationNames } from '../../src/store/migrations/index.ts';
import type { Store } from '../../src/store/ports.ts';
import { conversationOf, diagnose, show } from './conversations-and-jobs.ts';
import { type Database, embedded, engines } from './engines.ts';
import { start, temporaryDirectory } from './scratch.ts';

/** Ends of lines for some readers, quotes, and what is no text for a database that goes by bytes. */
const awkward = 'Zeile\u2028und "Rest"\n\\ € 𝄞 %_';

/** Something in every table, with every column used, and ids that were given out and are gone. */
const fill = async (store: Store): Promise<void> => {
  for (let number = 0; number < 450; number += 1) {
    const conversation = { ...conversationOf(`c${number}`), draft: { address: `${number}@firma.example` } };
    await store.save({ ...conversation, draft: { comment: awkward } }, null, [
      show(`slot-${number}`, { queue: `q${number}` }),
    ]);
  }
  const given = await store.claim(10, 1000, { holder: 'p1' });
  if (given) await store.giveUp(given, 20, 'temporary');
  const begun = await store.claim(10, 1000, { holder: 'p1' });
  if (begun) await store.begin(begun);
  await store.memory('teams').put('person/1', { name: awkward }, { person: { platform: 'slack', id: 'U1' } });
  await store.memory('threads').put('slack:C1/2', 'c1/x', { conversationId: 'c1' });
  await store.once('event', 50_000);
  await store.take('bucket', { capacity: 1, refillPerSecond: 1 }, 1000);
  const link = {
    conversationId: 'c1',
    person: { platform: 'slack', id: 'U1' },
    expiresAt: 60_000,
    noticeId: 'n1',
    checkId: 'k1',
  };
  await store.links.put('hash', link);
};

const contents = async ({ sql }: Database): Promise<unknown> =>
  Object.fromEntries(
    await Promise.all(
      tableNames.map(async (table) => [
        table,
        (await sql(`select * from ${table}`))
          .map((row) => JSON.stringify(Object.entries(row).map(String)))
          .sort(),
      ]),
    ),
  );

const backUp = async (store: Store): Promise<string> => {
  const file = join(await temporaryDirectory(), 'backup.jsonl');
  await writeBackup(store, file, 1000);
  return file;
};

const into = engines.flatMap((from) =>
  engines.map((to) => ({ from, to, name: `${from.name} to ${to.name}` })),
);

describe.each(into)('given a backup, when it is restored from $name', ({ from, to }) => {
  it('then every row is there again, those that were there are gone, and ids go on behind the highest', async () => {
    const [source, target] = [await from.newDatabase(), await to.newDatabase()];
    const [store, other] = [await source.open(() => 100), await target.open(() => 100)];
    await fill(store);
    const file = await backUp(store);
    await other.save(conversationOf('other'), null, [show('other')]);
    await other.replace(rowsOf(file, migrationNames));
    expect(await contents(target)).toEqual(await contents(source));
    expect(await other.links.peek('hash')).toBeNull();

    expect((await other.load('c7'))?.conversation.draft).toEqual({ comment: awkward });
    await other.save(conversationOf('new'), null, [diagnose('new', { queue: 'new' })]);
    const { waiting, givenUp } = await other.jobsAt(100);
    expect(givenUp.map(({ id }) => id)).toEqual([1]);
    expect(Math.max(...waiting.map(({ id }) => id))).toBe(451);
  });

  it('then a backup that ends in the middle changes nothing', async () => {
    const [source, target] = [await from.newDatabase(), await to.newDatabase()];
    const [store, other] = [await source.open(), await target.open()];
    await fill(store);
    const file = await backUp(store);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, text.lastIndexOf('\n["memory"') + 1));
    await other.save(conversationOf('other'), null, [show('other')]);
    const before = await contents(target);
    await expect(other.replace(rowsOf(file, migrationNames))).rejects.toMatchObject({ code: 'damaged' });
    expect(await contents(target)).toEqual(before);
  });
});

describe.each(engines)(
  '$name: given others who write all the time, when it is backed up',
  ({ newDatabase }) => {
    it('then they are not kept waiting, and the backup is of one moment', async () => {
      const database = await newDatabase();
      const store = await database.open();
      let written = 0;
      const writer = start('writer.ts', [database.address, 'w', '2000'], () => {
        written += 1;
      });
      while (written < 50) await pause(10);
      const file = join(await temporaryDirectory(), 'backup.jsonl');
      const before = written;
      // As slow as a disk can be.
      const lines: string[] = [];
      await store.dump(1000, async (text) => {
        lines.push(text);
        await pause(1);
      });
      expect(written).toBeGreaterThan(before);
      writer.process.kill('SIGKILL');
      await writer.ended;
      await writeFile(file, lines.join(''));
      const { conversations, jobs } = await checkArchive(file, migrationNames);
      expect(conversations).toBeGreaterThan(10);
      // Each save brings a job: of the last conversation the third may be missing, of none before it.
      const revisions = lines
        .filter((text) => text.startsWith('["conversations"'))
        .map((text) => Number(/"revision":(\d)/u.exec(text)?.[1]));
      expect(jobs).toBe(revisions.reduce((sum, revision) => sum + revision, 0));
    });
  },
);

describe('a file that is no whole backup of ours', () => {
  const damaged: readonly [string, string, (text: string) => string][] = [
    ['is empty', 'unknown', () => ''],
    ['is a database', 'unknown', () => 'SQLite format 3\0\n'],
    ['is JSON of somebody else', 'unknown', () => '{"a":1}\n'],
    ['has lost its end', 'damaged', (text) => text.slice(0, -100)],
    ['has lost a line', 'damaged', (text) => text.replace(/\["conversations"[^\n]*\n/u, '')],
    ['has another value', 'damaged', (text) => text.replace('"slack"', '"teams"')],
    ['goes on behind its end', 'damaged', (text) => `${text}["seen",{"key":"a","until_at":1,"done":1}]\n`],
    ['names a table that is none', 'damaged', (text) => text.replace('["jobs"', '["links"')],
    ['has something else for a row', 'damaged', (text) => text.replace('["jobs",{', '["jobs",[{')],
    ['is of a newer database', 'newer', (text) => text.replace('"0001-', '"0009-')],
    ['is of a newer form', 'newer', (text) => text.replace('"version":1', '"version":2')],
  ];

  it.each(damaged)('%s: it is known for one before anything is touched (%s)', async (_what, code, change) => {
    const store = await (await embedded.newDatabase()).open();
    await fill(store);
    const file = await backUp(store);
    await writeFile(file, change(await readFile(file, 'utf8')));
    await expect(checkArchive(file, migrationNames)).rejects.toMatchObject({ code });
  });

  it('is not there', async () => {
    await expect(checkArchive('/nowhere/backup', migrationNames)).rejects.toMatchObject({
      code: 'not-readable',
    });
  });
});
