/** The file is made for its owner alone, brought up to date once, and left alone when it is not ours to read. */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase, openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import { migrationNames, migrations } from '../../src/store/migrations/index.ts';
import { SchemaTooNew } from '../../src/store/migrations/migrate.ts';
import { StoreNotOpened } from '../../src/store/ports.ts';
import { conversationOf, show } from './conversations-and-jobs.ts';
import { fileIn, inFile, openStore, start, startOnSmallDisk, temporaryDirectory } from './scratch.ts';

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

it('makes directory and files readable by their owner only', async () => {
  const directory = join(await temporaryDirectory(), 'deep', 'data');
  const store = await openStore(directory);
  await store.ping();
  expect(await mode(directory)).toBe('700');
  for (const suffix of ['', '-wal', '-shm']) expect(await mode(fileIn(directory) + suffix)).toBe('600');
});

it('writes ahead, and every commit to the disk', async () => {
  const database = await openDatabase(await temporaryDirectory());
  const setting = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  const full = 2;
  expect(setting('journal_mode')).toBe('wal');
  expect(setting('synchronous')).toBe(full);
  expect(setting('foreign_keys')).toBe(1);
  expect(setting('busy_timeout')).toBe(5);
  database.close();
});

it('waits for another process that is writing, and goes on with other things meanwhile', async () => {
  const directory = await temporaryDirectory();
  const store = await openStore(directory);
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 10);
  const other = new DatabaseSync(fileIn(directory));
  other.exec('begin immediate');
  const saving = store.save(conversationOf('c1'), null, [show('welcome')]);
  await pause(600);
  other.close();
  clearInterval(timer);
  expect(await saving).toBe(1);
  expect(turns, 'turns of the event loop').toBeGreaterThan(5);
});

it('is migrated once when several open it at the same time', async () => {
  const directory = await temporaryDirectory();
  const moment = String(Date.now() + 1500);
  const openers = [1, 2].map(() => start('opener.ts', [directory, moment], () => {}));
  for (const { code, errors } of await Promise.all(openers.map((opener) => opener.ended)))
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
  for (let n = 0; n < 10; n += 1) {
    const one = join(directory, String(n));
    await Promise.all([openStore(one), openStore(one)]);
    const names = inFile(one, (database) => database.prepare('select name from kysely_migration').all());
    expect(names).toEqual(migrationNames.map((name) => ({ name })));
  }
});

it('lists its migrations in the order of their names, since the Migrator goes by them', () => {
  const names = migrations({ type: 'integer', column: (column) => column }).map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
});

it('refuses a database of a newer version, and leaves it as it is', async () => {
  const directory = await temporaryDirectory();
  const store = await openEmbeddedStore({ directory });
  await store.save(conversationOf('c1'), null, [show('welcome')]);
  await store.close();
  const newer = `insert into kysely_migration values ('9999-rooms', '2040-01-01T00:00:00.000Z')`;
  inFile(directory, (database) => database.exec(newer));
  const before = await readFile(fileIn(directory));
  const error = await openEmbeddedStore({ directory }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SchemaTooNew);
  expect(String(error)).toMatch(/newer version of this program: it has 9999-rooms/);
  expect(await readFile(fileIn(directory))).toEqual(before);
  inFile(directory, (database) => database.exec(`delete from kysely_migration where name = '9999-rooms'`));
  expect((await (await openStore(directory)).load('c1'))?.revision).toBe(1);
});

it('says which file it could not open and why', async () => {
  const directory = await temporaryDirectory();
  const notADatabase = 'this is a shopping list, not a database. '.repeat(50);
  await writeFile(fileIn(directory), notADatabase);
  const error = await openEmbeddedStore({ directory }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StoreNotOpened);
  expect(String(error)).toMatch(/connect-email\.sqlite in DATA_DIR, but: file is not a database/);
  expect(await readFile(fileIn(directory), 'utf8')).toBe(notADatabase);

  const file = join(directory, 'file');
  await writeFile(file, '');
  const inTheWay = await openEmbeddedStore({ directory: file }).catch((reason: unknown) => reason);
  expect(inTheWay).toBeInstanceOf(StoreNotOpened);
  expect(String(inTheWay)).toMatch(/in DATA_DIR, but: ENOTDIR/);
});

// In a process of its own: what never ends would take all the time of this one.
it.each(['/proc/x', '/proc/x/y', '/etc/passwd', '/etc/passwd/x'])(
  'ends at once where there can be no folder: %s',
  { timeout: 20_000 },
  async (directory) => {
    const opener = start('opener.ts', [directory, '0'], () => {});
    onTestFinished(() => void opener.process.kill('SIGKILL'));
    const { code, errors } = await opener.ended;
    expect(code).toBe(1);
    expect(errors).toMatch(
      /StoreNotOpened: expected to read and write the database \S+ in DATA_DIR, but: ENO/,
    );
  },
);

it('a backup that was copied after closing opens elsewhere', async () => {
  const [here, there] = [await temporaryDirectory(), await temporaryDirectory()];
  const store = await openEmbeddedStore({ directory: here });
  await store.save(conversationOf('c1'), null, []);
  await store.close();
  await mkdir(there, { recursive: true });
  await rename(fileIn(here), fileIn(there));
  expect((await (await openStore(there)).load('c1'))?.conversation.id).toBe('c1');
});

it('a full disk fails the save and the ping, and keeps what was acknowledged', async () => {
  const directory = await temporaryDirectory();
  const acknowledged = new Map<string, number>();
  const refused: Record<string, string> = {};
  const onLine = (line: string) => {
    const [first = '', revision] = line.split(' ');
    if (first === 'save' || first === 'ping') refused[first] = line;
    else acknowledged.set(first, Number(revision));
  };
  const args = [directory, 'w', '4000'];
  const { errors } = await startOnSmallDisk('writer.ts', args, { blocks: 2000, onLine }).ended;
  expect(errors).toBe('');
  expect(refused.save).toMatch(/disk I\/O error|database or disk is full/);
  expect(refused.ping).toMatch(/disk I\/O error|database or disk is full/);
  expect(acknowledged.size).toBeGreaterThan(5);
  const store = await openStore(directory);
  await store.ping();
  for (const [id, revision] of acknowledged) expect((await store.load(id))?.revision).toBe(revision);
});
