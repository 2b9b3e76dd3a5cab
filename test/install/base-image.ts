/** What the Dockerfile calls BASE, made on the spot: this machine's Node and npm, and busybox for everything else. */
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { program } from '../../scripts/system-packages.ts';
import { unpacked } from '../../scripts/unpacked-packages.ts';

const run = promisify(execFile);

const copyInto = async (root: string, path: string, from = path): Promise<void> => {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await copyFile(from, join(root, path));
};

const librariesOf = async (binary: string): Promise<string[]> => {
  const { stdout } = await run('ldd', [binary]);
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(/gmu)].flatMap(([, path]) => path ?? []);
};

/** How this machine reaches packages is its own matter, and goes with its npm. */
const npmSettings = ['/etc/ssl/certs/ca-certificates.crt', '/usr/etc/npmrc', '/root/.npmrc'];

/** Fills an empty folder with the root of the image. */
export const makeBase = async (root: string): Promise<void> => {
  const busybox = unpacked('busybox-static');
  if (busybox === undefined) throw new Error('busybox-static is missing: see scripts/system-packages.ts');
  for (const folder of ['bin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'root'])
    await mkdir(join(root, folder), { recursive: true });
  await copyInto(root, '/bin/busybox', join(busybox, 'bin', 'busybox'));
  const { stdout: applets } = await run(join(root, 'bin', 'busybox'), ['--list']);
  for (const name of applets.trim().split('\n'))
    if (name !== 'busybox') await symlink('busybox', join(root, 'bin', name));
  await copyInto(root, '/usr/bin/node', process.execPath);
  for (const library of await librariesOf(process.execPath)) await copyInto(root, library);
  const npm = await realpath(program('npm') ?? '/usr/lib/node_modules/npm/bin/npm-cli.js');
  const library = dirname(dirname(npm));
  await cp(library, join(root, '/usr/lib/node_modules/npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, '/usr/bin/npm'));
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await symlink('../../bin/busybox', join(root, '/usr/bin/env'));
  for (const file of npmSettings) await copyInto(root, file).catch(() => undefined);
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(join(root, 'etc/group'), 'root:x:0:\n');
};
