/**
 * buildah and podman without their installation: in mounts of their own, they see their unpacked packages laid over
 * this machine's /usr.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Unpacked, unpacked } from './unpacked-packages.ts';

const run = promisify(execFile);
const maximumOutputBytes = 16 * 1024 * 1024;

const packages: readonly Unpacked[] = ['buildah', 'podman', 'crun'];

/**
 * Lays `$1` over /usr and ends with what follows. Where a machine has both kinds of control groups, crun runs nothing;
 * containers of a test need none of the first kind.
 */
const enter = `mount -t overlay overlay -o "lowerdir=$1" /usr && shift
if [ -d /sys/fs/cgroup/unified ]; then umount -R /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup; fi
exec "$@"`;

const inOwnMounts = (lower: string, command: readonly string[]): [string, string[]] => [
  'unshare',
  ['-m', 'sh', '-c', enter, 'sh', lower, ...command],
];

/** Whether a container can be run here: root, who may mount and lay one folder over another. */
export const canRunContainers = async (): Promise<boolean> => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  // Something must lie above /usr, and outside of it.
  const above = await mkdtemp(join(tmpdir(), 'containers-'));
  try {
    await run(...inOwnMounts(`${above}:/usr`, ['true']));
    return true;
  } catch {
    return false;
  } finally {
    await rm(above, { recursive: true, force: true });
  }
};

/** Where images and containers are kept; nothing of it is the machine's own. */
const configure = async (folder: string): Promise<Record<string, string>> => {
  const [storage, registries, policy] = ['storage.conf', 'registries.conf', 'policy.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const kept = `runroot = "${join(folder, 'run')}"\ngraphroot = "${join(folder, 'graph')}"\n`;
  await mkdir(folder, { recursive: true });
  await writeFile(storage, `[storage]\ndriver = "overlay"\n${kept}`);
  // Images come from this machine only.
  await writeFile(registries, 'unqualified-search-registries = []\n');
  await writeFile(policy, '{ "default": [{ "type": "insecureAcceptAnything" }] }');
  return { CONTAINERS_STORAGE_CONF: storage, CONTAINERS_REGISTRIES_CONF: registries, policy };
};

/**
 * One set of mounts for all commands: what podman has mounted for a container must be there for the next command.
 * `folder`: on a disk with room for images.
 */
export const openContainers = async (folder: string) => {
  const roots = packages.map((name) => {
    const root = unpacked(name);
    if (root === undefined) throw new Error(`${name} is missing: see scripts/system-packages.ts`);
    return join(root, 'usr');
  });
  const { policy = '', ...settings } = await configure(folder);
  const holder = spawn(
    ...inOwnMounts([...roots, '/usr'].join(':'), ['sh', '-c', 'echo ready; exec sleep 900']),
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve());
    holder.once('close', () => reject(new Error('no mounts of its own')));
  });
  const command = (args: readonly string[]): [string, string[]] => [
    'nsenter',
    ['-m', '-t', String(holder.pid), ...args],
  ];
  const env = { ...process.env, ...settings };
  return {
    policy,
    /** @throws what it has said, where it fails */
    run: async (...args: readonly string[]): Promise<string> => {
      const { stdout } = await run(...command(args), { env, maxBuffer: maximumOutputBytes });
      return stdout;
    },
    spawn: (...args: readonly string[]) =>
      spawn(...command(args), { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    close: async (): Promise<void> => {
      const closed = new Promise((resolve) => holder.once('close', resolve));
      holder.kill('SIGKILL');
      await closed;
    },
  };
};
