/** The embedded engine: one SQLite file, no other server. Several processes of one machine may share it. */
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { codeOf } from '../../lib/error-code.ts';
import { migrations } from '../migrations/index.ts';
import { migrate, SchemaTooNew } from '../migrations/migrate.ts';
import { type Store, StoreNotOpened } from '../ports.ts';
import { createStore } from '../store.ts';
import type { Tables } from '../tables/schema.ts';
import { sqliteEngine } from './engine.ts';
import { nodeSqliteDialect, patiently } from './node-sqlite.ts';
import { closeToOthers, fileName } from './private-files.ts';
import { relax } from './relaxed.ts';

/** Where the database of a folder is. */
export const fileIn = (directory: string): string => join(directory, fileName);

const notOpened = (file: string, cause: unknown): StoreNotOpened => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreNotOpened(`expected to read and write the database ${file} in DATA_DIR, but: ${reason}`, {
    cause,
  });
};

/**
 * Opens the store in `directory`, which is made for its owner alone if it is not there, and brings its tables up to date.
 * @throws SchemaTooNew, StoreNotOpened
 */
export const openEmbeddedStore = async ({
  directory,
  now,
}: {
  directory: string;
  /** For tests: the present, where a call does not say it. */
  now?: () => number;
}): Promise<Store> => {
  const file = fileIn(directory);
  const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(() => openDatabase(directory)) });
  try {
    await migrate(db, migrations(sqliteEngine.identity));
    return createStore({ db, leases: db.withPlugin(relax) }, sqliteEngine, now);
  } catch (cause) {
    await db.destroy();
    throw cause instanceof SchemaTooNew ? cause : notOpened(file, cause);
  }
};

/** Level by level: Node's own recursive way never ends where a parent is there and takes no folders, as in /proc. */
export const makeFolder = async (path: string): Promise<void> => {
  const make = async (): Promise<void> => {
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  };
  try {
    await make();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make();
  }
};

/** The file as this engine wants it, without its tables. */
export const openDatabase = async (directory: string): Promise<DatabaseSync> => {
  const file = fileIn(directory);
  await makeFolder(directory);
  await closeToOthers(directory);
  // SQLite gives its other files the mode of this one.
  await (await open(file, 'a', 0o600)).close();
  // Most locks are gone within these milliseconds; the longer wait is `patiently`.
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5 });
  try {
    const mode = await patiently(() => database.prepare('PRAGMA journal_mode = WAL').get());
    if (mode?.journal_mode !== 'wal')
      throw new Error('the file system cannot share memory between processes (is it a network drive?)');
    // In WAL mode NORMAL would lose what was committed last when the power fails.
    database.exec('PRAGMA synchronous = FULL');
    // What is deleted is overwritten with zeros.
    database.exec('PRAGMA secure_delete = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
