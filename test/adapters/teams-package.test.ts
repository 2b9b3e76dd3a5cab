import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { recognise } from '../../src/conversation/events/intent.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const appId = '11111111-2222-3333-4444-555555555555';

/** Reads an archive of stored entries from its directory, as an unpacker does, and checks every checksum. */
const unpack = (archive: Buffer): Record<string, Buffer> => {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = archive.readUInt32LE(end + 16);
  const files: Record<string, Buffer> = {};
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const size = archive.readUInt32LE(at + 24);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const from = local + 30 + archive.readUInt16LE(local + 26);
    const content = archive.subarray(from, from + size);
    expect(crc32(content)).toBe(archive.readUInt32LE(at + 16));
    files[name] = content;
    at += 46 + nameLength;
  }
  return files;
};

test('the package of Teams is valid, whole and carries the app id', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'teams-'));
  const file = join(folder, 'app.zip');
  await run(process.execPath, ['scripts/teams-package.ts', appId, file], { cwd: root });
  const files = unpack(await readFile(file));
  await rm(folder, { recursive: true });
  expect(Object.keys(files)).toEqual(['manifest.json', 'de.json', 'color.png', 'outline.png']);
  const manifest = JSON.parse(String(files['manifest.json']));
  expect([manifest.id, manifest.bots[0].botId]).toEqual([appId, appId]);
});

test('every command that the package offers is understood, in both languages', async () => {
  const read = async (name: string) =>
    JSON.parse(await readFile(join(root, 'manifests/teams', name), 'utf8'));
  const manifest = await read('manifest.json');
  const german: Record<string, string> = await read('de.json');
  const commands: { title: string }[] = manifest.bots[0].commandLists[0].commands;
  // “forget” is taken by the part of the conversation that deletes.
  const offered = commands.slice(0, 4).map(({ title }) => recognise(title).type);
  expect(offered).toEqual(['start', 'status', 'help', 'language']);
  const translated = commands.map(
    (_, index) => german[`bots[0].commandLists[0].commands[${index}].title`] ?? '',
  );
  expect(translated.slice(0, 4).map((title) => recognise(title).type)).toEqual(offered);
  for (const [queue] of [commands.slice(5).map(({ title }) => title), translated.slice(5)])
    expect(recognise(queue ?? '').type).toBe('queue');
  const [extension] = manifest.composeExtensions as { commands: { id: string; context: string[] }[] }[];
  expect(extension?.commands.map(({ id }) => id)).toEqual(['check-account', 'check-this']);
  expect(extension?.commands.flatMap(({ context }) => context).sort()).toEqual([
    'commandBox',
    'compose',
    'message',
  ]);
  for (const index of [0, 1]) expect(german[`composeExtensions[0].commands[${index}].title`]).toBeTruthy();
  expect(translated).not.toContain('');
});

test('without an app id nothing is made', async () => {
  const ended = await run(process.execPath, ['scripts/teams-package.ts', 'nonsense'], { cwd: root }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('expected the app id') });
});
