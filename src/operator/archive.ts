import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../lib/error-code.ts';
import { ArchiveUnusable, checkArchive, type RowCounts, rowsOf } from '../store/archive/archive.ts';
import { restoreEmbedded, StoreInUse } from '../store/archive/restore.ts';
import { migrationNames } from '../store/migrations/index.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/ports.ts';
import { OperatorFault } from './fault.ts';
import { asStoreFault, readPlace } from './open.ts';

/** Rows are written in pieces of about so many characters. */
const chunkSize = 65_536;

/** Writes all there is into a new file that only its owner can read. @throws OperatorFault; then there is no file */
export const writeBackup = async (store: Store, file: string, at: number): Promise<RowCounts> => {
  const refused = (cause: unknown): never => {
    const code = codeOf(cause);
    if (code === 'EEXIST') throw new OperatorFault({ type: 'file-exists', file }, { cause });
    throw new OperatorFault({ type: 'file-not-written', file, code }, { cause });
  };
  const handle = await open(file, 'wx', 0o600).catch(refused);
  try {
    // Whatever the umask leaves of it.
    await handle.chmod(0o600).catch(refused);
    let waiting = '';
    const flush = async (): Promise<void> => {
      await handle.writeFile(waiting).catch(refused);
      waiting = '';
    };
    const counts = await store.dump(at, async (text) => {
      waiting += text;
      if (waiting.length > chunkSize) await flush();
    });
    await flush();
    await handle.sync().catch(refused);
    return counts;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
};

const asArchiveFault =
  (file: string) =>
  (cause: unknown): never => {
    if (cause instanceof StoreInUse) throw new OperatorFault({ type: 'in-use' }, { cause });
    if (cause instanceof ArchiveUnusable)
      throw new OperatorFault({ type: 'archive', file, code: cause.code }, { cause });
    throw cause;
  };

/** What was there before is kept as a backup beside the one that is restored, if there was anything. */
const restoreServer = async (url: string, archive: string, at: number): Promise<string | null> => {
  const { isServed } = await import('../store/engine/postgres.ts');
  if (await isServed(url)) throw new StoreInUse();
  const store = await openStore({ databaseUrl: url, directory: '', isOperator: true });
  try {
    const stamp = new Date(at).toISOString().replace(/[:.]/gu, '-');
    const aside = join(dirname(archive), `before-restore-${stamp}.jsonl`);
    const { conversations, memory } = await writeBackup(store, aside, at);
    await store.replace(rowsOf(archive, migrationNames));
    if (conversations + memory > 0) return aside;
    await rm(aside);
    return null;
  } finally {
    await store.close();
  }
};

/** `aside`: where what was there before is now; null: there was nothing. */
export type Restored = { counts: RowCounts; aside: string | null };

/** Puts a backup in the place of everything. @throws OperatorFault; then nothing has changed */
export const restoreBackup = async (file: string, at: number): Promise<Restored> => {
  const config = await readPlace();
  const counts = await checkArchive(file, migrationNames).catch(asArchiveFault(file));
  const { DATABASE_URL: url, DATA_DIR: directory } = config;
  const restoring =
    url === undefined ? restoreEmbedded({ directory, archive: file, at }) : restoreServer(url, file, at);
  const aside = await restoring.catch(asArchiveFault(file)).catch(asStoreFault(config));
  return { counts, aside };
};
