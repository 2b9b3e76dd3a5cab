/** Personal data lies in the embedded store: what others were left is taken from them, or the start says why it cannot. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import { scope } from '../mail-servers/index.ts';

const own = scope();
afterAll(() => own.stop());

const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);
const files = ['connect-email.sqlite', 'connect-email.sqlite-wal', 'connect-email.sqlite-shm'];

describe('given data that is open to everybody', () => {
  test('of an earlier run, then the folder and its files are closed while it opens', async () => {
    const directory = join(await own.folder(), 'data');
    const first = await openEmbeddedStore({ directory });
    await first.ping();
    for (const name of files) await chmod(join(directory, name), 0o666);
    await chmod(directory, 0o777);
    const second = await openEmbeddedStore({ directory });
    expect(await modeOf(directory)).toBe('775');
    expect(await Promise.all(files.map((name) => modeOf(join(directory, name))))).toEqual([
      '600',
      '600',
      '600',
    ]);
    await Promise.all([first.close(), second.close()]);
  });

  test('restored by hand, then the copy is closed', async () => {
    const directory = await own.folder();
    await writeFile(join(directory, 'connect-email.sqlite'), '', { mode: 0o644 });
    await (await openEmbeddedStore({ directory })).close();
    expect(await modeOf(join(directory, 'connect-email.sqlite'))).toBe('600');
  });

  test('in a folder where everybody keeps things, then it is left alone and refused', async () => {
    const directory = await own.folder();
    await chmod(directory, 0o1777);
    await expect(openEmbeddedStore({ directory })).rejects.toThrow(
      /in DATA_DIR, but: others .* please name a folder inside it/u,
    );
    expect(await modeOf(directory)).toBe('1777');
  });
});

/** Only root can become another user. */
describe.runIf(process.getuid?.() === 0)('given data of another user', () => {
  const nobody = 65_534;
  const opener = fileURLToPath(new URL('opener-of-data.ts', import.meta.url));

  const open = async (directory: string) => {
    const child = spawn(process.execPath, [opener, directory, String(nobody)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return said.trim();
  };
  const folderOf = async (name: string, mode: number) => {
    const parent = await own.folder();
    await chmod(parent, 0o755);
    const directory = join(parent, name);
    await mkdir(directory);
    await chmod(directory, mode);
    return directory;
  };

  test('then a folder that everybody may write into is refused in one line, with the way out', async () => {
    const directory = await folderOf('data', 0o777);
    expect(await open(directory)).toMatch(
      /^expected to read and write the database \S+ in DATA_DIR, but: others may read or change \S+, and this program can't prevent it; please name a folder inside it, which is made for this user alone$/u,
    );
    expect(await open(join(directory, 'own'))).toBe('opened');
  });

  test('then a file that everybody may read is refused as well', async () => {
    const directory = await folderOf('data', 0o755);
    await writeFile(join(directory, 'connect-email.sqlite'), '');
    await chmod(join(directory, 'connect-email.sqlite'), 0o666);
    expect(await open(directory)).toMatch(/others may read or change \S+connect-email\.sqlite, and this/u);
  });

  test('then a folder of the bot’s group is taken, as volumes of containers are', async () => {
    const directory = await folderOf('data', 0o2775);
    await chown(directory, 0, nobody);
    await chmod(directory, 0o2775);
    expect(await open(directory)).toBe('opened');
    expect(await modeOf(join(directory, 'connect-email.sqlite'))).toBe('600');
  });
});
