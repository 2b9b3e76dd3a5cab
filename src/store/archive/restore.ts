/** Putting a backup in the place of a store that nobody uses, whatever state that is in. */
import { chmod, chown, link, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileIn, makeFolder, openEmbeddedStore } from '../engine/embedded.ts';
import { isBusy } from '../engine/node-sqlite.ts';
import { migrationNames } from '../migrations/index.ts';
import { rowsOf } from './archive.ts';

/** Somebody works with the store; nothing was touched. */
export class StoreInUse extends Error {
  readonly code = 'store-in-use';
  constructor() {
    super('the store is in use');
    this.name = 'StoreInUse';
  }
}

/** What stands beside the database while it is in use. */
const companions = ['-wal', '-shm'] as const;

const workshopName = 'restoring-';

const exists = async (file: string): Promise<boolean> => (await stat(file).catch(() => null)) !== null;

/**
 * To leave write-ahead logging, SQLite must be alone with the file; it takes the log in and deletes it. A file that SQLite
 * cannot read is nobody's, and is set aside as it is. @throws StoreInUse
 */
const takeForOneself = (file: string): void => {
  try {
    using database = new DatabaseSync(file, { timeout: 2000 });
    const mode = database.prepare('PRAGMA journal_mode = DELETE').get();
    if (mode?.journal_mode === 'wal') throw new StoreInUse();
  } catch (error) {
    if (isBusy(error)) throw new StoreInUse();
    if (error instanceof StoreInUse) throw error;
  }
};

/** The present file under another name as well, with whatever SQLite has left beside it. Null: there is none. */
const setAside = async (file: string, stamp: string): Promise<string | null> => {
  if (!(await exists(file))) return null;
  const aside = join(dirname(file), `before-restore-${stamp}.sqlite`);
  await link(file, aside);
  for (const companion of companions)
    if (await exists(file + companion)) await rename(file + companion, aside + companion);
  return aside;
};

/** Whoever may use the folder, or has used the file so far, must be able to use the new one; only root can give it away. */
const handTo = async (file: string, like: string): Promise<void> => {
  await chmod(file, 0o600);
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(like);
  await chown(file, uid, gid);
};

const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
};

type Embedded = { directory: string; archive: string; at: number };

/**
 * Builds a new database beside the old one, and puts it in its place with one rename: there is always one that works.
 * Gives where the old one is now. @throws ArchiveUnusable, StoreInUse
 */
export const restoreEmbedded = async ({ directory, archive, at }: Embedded): Promise<string | null> => {
  await makeFolder(directory);
  const file = fileIn(directory);
  if (await exists(file)) takeForOneself(file);
  // Of one that was cut off, nothing may lie about.
  for (const name of await readdir(directory))
    if (name.startsWith(workshopName)) await rm(join(directory, name), { recursive: true, force: true });
  const workshop = await mkdtemp(join(directory, workshopName));
  try {
    const store = await openEmbeddedStore({ directory: workshop });
    try {
      await store.replace(rowsOf(archive, migrationNames));
    } finally {
      await store.close();
    }
    const fresh = fileIn(workshop);
    if (await exists(file)) takeForOneself(file);
    await handTo(fresh, (await exists(file)) ? file : directory);
    await sync(fresh);
    const aside = await setAside(file, new Date(at).toISOString().replace(/[:.]/gu, '-'));
    await rename(fresh, file);
    await sync(directory);
    return aside;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
};
