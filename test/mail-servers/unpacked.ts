/** How daemons run from packages that are unpacked, not installed: where their files are, and users of their own. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { libraryFolders, type Unpacked, unpacked } from '../../scripts/unpacked-packages.ts';
import { run, tempFolder } from './processes.ts';

/** Users that the packages would have created; the numbers only have to be nobody else's. */
const USERS = ['Debian-exim', 'opensmtpd', 'opensmtpq', 'cyrus', 'courier', 'haproxy'] as const;
const FIRST_ID = 64_200;
export const idOf = (user: (typeof USERS)[number]): number => FIRST_ID + USERS.indexOf(user);

export type UnpackedPrograms = { root: string; env: Record<string, string> };

/** Paths and environment for daemons of this package. `folder`: where the list of users goes. */
export async function programsOf(name: Unpacked, folder: string): Promise<UnpackedPrograms> {
  const [root, wrapper] = await Promise.all([reachable(name), reachable('libnss-wrapper')]);
  const [passwd, group] = await Promise.all([
    withLines(
      '/etc/passwd',
      folder,
      (user) => `${user}:x:${idOf(user)}:${idOf(user)}::/nonexistent:/bin/false`,
    ),
    withLines('/etc/group', folder, (user) => `${user}:x:${idOf(user)}:`),
  ]);
  const libraries = libraryFolders(wrapper).split(':')[0] ?? '';
  return {
    root,
    env: {
      LD_LIBRARY_PATH: libraryFolders(root),
      LD_PRELOAD: join(libraries, 'libnss_wrapper.so'),
      NSS_WRAPPER_PASSWD: passwd,
      NSS_WRAPPER_GROUP: group,
    },
  };
}

async function withLines(
  file: string,
  folder: string,
  lineFor: (user: (typeof USERS)[number]) => string,
): Promise<string> {
  const path = join(folder, file.replace('/etc/', 'nss-'));
  await writeFile(path, `${await readFile(file, 'utf8')}${USERS.map(lineFor).join('\n')}\n`);
  return path;
}

const roots = new Map<Unpacked, Promise<string>>();

/** The unpacked tree where every user can enter it: below a home folder such as /root it is copied aside. */
function reachable(name: Unpacked): Promise<string> {
  const known = roots.get(name) ?? findReachable(name);
  roots.set(name, known);
  return known;
}

async function findReachable(name: Unpacked): Promise<string> {
  const root = unpacked(name);
  if (root === undefined) throw new Error(`${name} is missing: node scripts/system-packages.ts`);
  for (let path = root; path !== '/'; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) !== 0) continue;
    const { path: aside } = await tempFolder(`unpacked-${name}`);
    await run('cp', ['-r', `${root}/.`, aside]);
    return aside;
  }
  return root;
}
