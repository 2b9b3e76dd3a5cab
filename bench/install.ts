/**
 * How large an installation is, beside the bare libraries of both platforms, and how long the package takes to its first
 * answer. Needs npm's registry: node bench/install.ts
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { canRunContainers, openContainers } from '../scripts/containers.ts';
import { buildImage } from '../test/install/image.ts';
import { expectation, heading, median, ms, report, row } from './figures.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const megabyte = 1_000_000;
const starts = 5;

const { dependencies } = z
  .object({ dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));

const inMegabytes = (bytes: number): string => `${(bytes / megabyte).toFixed(1)} MB`;

type Tree = { packages: number; bytes: number };

/** On the disk, as `du` counts it. */
const treeOf = async (folder: string): Promise<Tree> => {
  const [{ stdout: used }, { stdout: listed }] = await Promise.all([
    run('du', ['-s', '--block-size=1', 'node_modules'], { cwd: folder }),
    run('npm', ['ls', '--all', '--parseable'], { cwd: folder }),
  ]);
  return { bytes: Number.parseInt(used, 10), packages: listed.trim().split('\n').length - 1 };
};

const install = async (folder: string, ...what: readonly string[]): Promise<Tree> => {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...what], { cwd: folder });
  return treeOf(folder);
};

/** Milliseconds from the start of the process to the line that tells where it listens. */
const startOnce = async (folder: string): Promise<number> => {
  const began = performance.now();
  const child = spawn(join(folder, 'node_modules', '.bin', 'connect-email'), ['start'], {
    cwd: folder,
    env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: folder, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  const took = performance.now() - began;
  child.kill('SIGTERM');
  await closed;
  return took;
};

const folder = await mkdtemp(join(tmpdir(), 'connect-email-install-'));
try {
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  const [name = ''] = await readdir(folder);
  const tarball = join(folder, name);
  const { size } = await stat(tarball);
  heading('What is installed');
  row('package', inMegabytes(size));
  const own = await install(join(folder, 'own'), tarball);
  const peers = ['@slack/bolt', 'botbuilder'].map((peer) => `${peer}@${dependencies[peer]}`);
  const bare = await install(join(folder, 'bare'), ...peers);
  row('with all that it needs', `${inMegabytes(own.bytes)}, ${own.packages} packages`);
  row('bare @slack/bolt and botbuilder', `${inMegabytes(bare.bytes)}, ${bare.packages} packages`);
  expectation('package, of 2 MB', size / (2 * megabyte), 1);
  expectation('production tree, of the bare one', own.bytes / bare.bytes, 1.5);

  if (await canRunContainers()) {
    const room = join(folder, 'image');
    const containers = await openContainers(room);
    try {
      const { base, whole } = await buildImage(containers, room);
      row('image', `${inMegabytes(whole)}, of which ${inMegabytes(base)} Node, npm and a shell`);
    } finally {
      await containers.close();
    }
  } else row('image', 'not built: this machine allows no mounts');

  heading('From the command to the first answer');
  const times: number[] = [];
  for (let index = 0; index < starts; index += 1) times.push(await startOnce(join(folder, 'own')));
  row('first start', ms(times[0] ?? Number.NaN));
  row('each further one', ms(median(times.slice(1))));
  expectation('further starts, of one second', median(times.slice(1)) / 1000, 1);
} finally {
  await rm(folder, { recursive: true, force: true });
}
report();
