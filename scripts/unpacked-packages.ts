/**
 * Debian packages that are unpacked into the cache instead of installed: Debian's mail servers remove one another,
 * and dnsmasq's package would take port 53. Programs find their libraries by LD_LIBRARY_PATH.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const CACHE = join(import.meta.dirname, '..', '.cache');
const MAXIMUM_OUTPUT_BYTES = 64 * 1024 * 1024;

export const unpackedPackages = [
  'dnsmasq-base',
  'exim4-daemon-light',
  'opensmtpd',
  'cyrus-imapd',
  'courier-imap',
  'haproxy',
  'nginx',
  'caddy',
  /** Its `promtool` judges our figures and the alerts of docs/operations.md. */
  'prometheus',
  /** Lets daemons find users of their own that this machine does not have. */
  'libnss-wrapper',
  /** They build and run the image, on a base whose shell and tools are busybox. */
  'buildah',
  'podman',
  'crun',
  'busybox-static',
] as const;
export type Unpacked = (typeof unpackedPackages)[number];

const folderOf = (name: Unpacked): string =>
  join(CACHE, name === 'dnsmasq-base' ? 'debian' : `debian-${name}`);

/** The folder that stands for `/` in the package and what it needs; undefined until it has been unpacked. */
export function unpacked(name: Unpacked): string | undefined {
  const folder = folderOf(name);
  return existsSync(join(folder, 'complete')) ? folder : undefined;
}

/** For LD_LIBRARY_PATH. Courier and some others put libraries straight into /usr/lib or a folder below it. */
export function libraryFolders(root: string): string {
  const triplets: Partial<Record<NodeJS.Architecture, string>> = {
    x64: 'x86_64-linux-gnu',
    arm64: 'aarch64-linux-gnu',
  };
  const triplet = triplets[process.arch] ?? process.arch;
  return [
    join(root, 'usr', 'lib', triplet),
    join(root, 'lib', triplet),
    join(root, 'usr', 'lib'),
    join(root, 'usr', 'lib', 'courier-authlib'),
  ].join(delimiter);
}

export async function aptGet(args: readonly string[], cwd?: string): Promise<string> {
  // Two test runs may arrive here at the same time: the second waits for dpkg's lock instead of failing.
  const { stdout } = await run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    cwd,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    maxBuffer: MAXIMUM_OUTPUT_BYTES,
  });
  return stdout;
}

/** Static programs, whose package asks only for what its web pages need. */
const standAlone: readonly Unpacked[] = ['prometheus'];

/** What this machine lacks for a package. */
async function neededFor(name: Unpacked): Promise<string[]> {
  if (standAlone.includes(name)) return [];
  const simulated = await aptGet(['install', '-s', '--no-install-recommends', name]);
  // "Inst name [old version]" would be an upgrade of something that is there already.
  return [...simulated.matchAll(/^Inst (\S+) (?!\[)/gm)].map((match) => match[1] ?? name);
}

/** Fetches the package and what this machine lacks for it. Two runs at once do the work twice, and one wins. */
export async function unpack(name: Unpacked): Promise<void> {
  const needed = await neededFor(name);
  const downloads = await mkdtemp(join(tmpdir(), 'system-packages-'));
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(join(CACHE, 'unpacking-'));
  try {
    // apt drops to its own user for downloads and complains when that user cannot write here.
    await chmod(downloads, 0o777);
    // Daemons enter it as users of their own.
    await chmod(fresh, 0o755);
    await aptGet(['download', '-q', ...new Set([name, ...needed])], downloads);
    for (const file of await readdir(downloads)) await run('dpkg', ['-x', join(downloads, file), fresh]);
    // A program with the set-user-id bit would drop LD_LIBRARY_PATH as soon as another user than root starts it.
    await run('find', [fresh, '-perm', '/6000', '-type', 'f', '-exec', 'chmod', 'ug-s', '{}', '+']);
    await writeFile(join(fresh, 'complete'), '');
    await rm(folderOf(name), { recursive: true, force: true });
    await rename(fresh, folderOf(name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await Promise.all([downloads, fresh].map((path) => rm(path, { recursive: true, force: true })));
  }
}
