/** The image of the Dockerfile, built on a base made on the spot, and run as docs/operations.md runs it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { canRunContainers, openContainers } from '../../scripts/containers.ts';
import { startedAt } from '../journeys/start-line.ts';
import { freePort } from '../mail-servers/processes.ts';
import { after } from '../support/afterwards.ts';
import { until } from '../support/until.ts';
import { buildImage, podman } from './image.ts';

let containers: Awaited<ReturnType<typeof openContainers>>;
/** Machines differ in what they allow; no container here needs what is left out. */
const limits = ['--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=4096:4096'];

beforeAll(async () => {
  // In memory, where there is room for a gigabyte: most of the time is writing thousands of small files.
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  after('file', () => rm(folder, { recursive: true, force: true }));
  containers = await openContainers(folder);
  after('file', containers.close);
  await buildImage(containers, folder);
  // By this the gate decides whether these tests are left out.
  expect(await canRunContainers()).toBe(true);
}, 300_000);

const runArguments = (...args: readonly string[]): string[] => [
  ...[...podman, 'run', '--rm', '--cgroups=disabled', ...limits, '--network', 'host'],
  ...['--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--security-opt=no-new-privileges'],
  ...['--signature-policy', containers.policy, ...args],
];

describe('the image', () => {
  test('runs the command as nobody in particular, and cannot write but into its volume', async () => {
    expect(await containers.run(...runArguments('connect-email', '--version'))).toBe('1.0.0\n');
    const look = 'id -u; touch /opt/connect-email/x /x 2>&1; touch /data/x && stat -c %a:%u /data';
    const said = await containers.run(...runArguments('--entrypoint', 'sh', 'connect-email', '-c', look));
    expect(said.split('\n')).toEqual([
      '10001',
      expect.stringContaining('Read-only file system'),
      expect.stringContaining('Read-only file system'),
      '700:10001',
      '',
    ]);
  });

  test('holds no test, no tool and no second Node', async () => {
    const look = 'ls -a /opt/connect-email /opt/connect-email/node_modules';
    const said = await containers.run(...runArguments('--entrypoint', 'sh', 'connect-email', '-c', look));
    const names = said.split('\n');
    expect(names).toEqual(expect.arrayContaining(['src', 'locales', 'express', 'LICENSE']));
    const unwanted = ['test', 'bench', '.git', '.env', 'data', 'node', 'typescript', 'vitest'];
    expect(names.filter((name) => unwanted.includes(name))).toEqual([]);
  });

  test('stops with one line where anybody could reach the preview', async () => {
    const child = containers.spawn(...runArguments('connect-email'));
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    const [code] = await new Promise<[number | null]>((resolve) =>
      child.once('close', (status) => resolve([status])),
    );
    expect([code, said]).toEqual([1, expect.stringContaining('the local preview starts on loopback only')]);
  });

  test('starts, is found healthy, ends when it is asked to, and finds its data again', async () => {
    const port = String(await freePort());
    const settings = ['--env', 'HOST=127.0.0.1', '--env', `PORT=${port}`, '--volume', 'kept:/data'];
    const bot = containers.spawn(...runArguments('--name', 'bot', ...settings, 'connect-email'));
    const ended = new Promise<number | null>((resolve) => bot.once('close', resolve));
    let said = '';
    bot.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    const url = await until(() => startedAt(said) ?? Promise.reject(new Error(said)));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    // Throws where it is not healthy.
    await containers.run(...podman, 'healthcheck', 'run', 'bot');
    const asked = performance.now();
    await containers.run(...podman, 'stop', '--time', '60', 'bot');
    expect(await ended).toBe(0);
    // Its first process has heard it, or it would have been killed after a minute.
    expect(performance.now() - asked).toBeLessThan(30_000);
    const cases = await containers.run(...runArguments(...settings, 'connect-email', 'cases', '--json'));
    expect(JSON.parse(cases)).toBeDefined();
  });
});
