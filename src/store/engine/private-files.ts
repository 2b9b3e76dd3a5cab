/** Who besides their owner may read or write the folder of data and the files in it. Modes are those of POSIX; Windows has none. */
import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../lib/error-code.ts';

export const fileName = 'connect-email.sqlite';
/** SQLite keeps its other files beside the first. https://www.sqlite.org/tempfiles.html */
const fileNames = ['', '-wal', '-shm', '-journal'].map((end) => `${fileName}${end}`);

const bits = { sticky: 0o1000, groupAndOthers: 0o077, others: 0o007, othersRead: 0o004, othersWrite: 0o002 };

const hasModes = process.getuid !== undefined;

/** Others may read or write what holds personal data, and this user cannot change that. */
class OpenToOthers extends Error {
  readonly code = 'open-to-others';
  constructor(path: string, advice = '') {
    super(`others may read or change ${path}, and this program can't prevent it${advice}`);
    this.name = 'OpenToOthers';
  }
}

const statOf = (path: string) =>
  stat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw error;
  });

/** A file system without modes takes the change and shows the old ones: then who mounted it decides. */
const close = async (path: string, mode: number): Promise<boolean> => {
  try {
    await chmod(path, mode);
    return true;
  } catch (error) {
    if (['EPERM', 'EROFS'].includes(codeOf(error))) return false;
    throw error;
  }
};

/**
 * Takes from all but the owner what an older version, a copy or a hand has left them. What a group may do with the folder is
 * its owner's choice; a folder where everybody keeps things, such as /tmp, stays as it is. @throws OpenToOthers
 */
export const closeToOthers = async (directory: string): Promise<void> => {
  if (!hasModes) return;
  const folder = await statOf(directory);
  if (folder && (folder.mode & bits.othersWrite) !== 0) {
    const isShared = (folder.mode & bits.sticky) !== 0;
    if (isShared || !(await close(directory, folder.mode & 0o7777 & ~bits.othersWrite)))
      throw new OpenToOthers(
        directory,
        '; please name a folder inside it, which is made for this user alone',
      );
  }
  for (const name of fileNames) {
    const path = join(directory, name);
    const file = await statOf(path);
    if (!file || (file.mode & bits.groupAndOthers) === 0) continue;
    if (!(await close(path, 0o600)) && (file.mode & bits.others) !== 0) throw new OpenToOthers(path);
  }
};

export type Exposure = {
  file: string;
  /** As `chmod` takes it. */
  mode: string;
  othersRead: boolean;
  othersWrite: boolean;
  /** Belongs to another user than this process's, who is not root either. */
  isForeign: boolean;
};

/** Null: it is not there, or nobody can say. */
export const exposureOf = async (file: string): Promise<Exposure | null> => {
  const found = hasModes ? await statOf(file).catch(() => null) : null;
  const user = process.geteuid?.();
  if (!found || user === undefined) return null;
  return {
    file,
    mode: (found.mode & 0o777).toString(8),
    othersRead: (found.mode & bits.othersRead) !== 0,
    othersWrite: (found.mode & bits.othersWrite) !== 0,
    isForeign: ![user, 0].includes(found.uid),
  };
};

/** The folder of data, and what is in it that others may read or write. */
export const exposuresOfData = async (directory: string): Promise<Exposure[]> => {
  const all = await Promise.all(
    [directory, ...fileNames.map((name) => join(directory, name))].map(exposureOf),
  );
  // That others may list the folder tells them nothing.
  return all.flatMap((one, index) => (one ? [{ ...one, othersRead: index > 0 && one.othersRead }] : []));
};
