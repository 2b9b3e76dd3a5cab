/** The package that `npm pack` makes: what is in it, and what it does where there is no repository. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { realServer, report } from '../journeys/terminal-cases.ts';
import { scope } from '../mail-servers/index.ts';
import { after } from '../support/afterwards.ts';
import { install, pack, repository, run } from './package.ts';
import { connect } from './sample-company.ts';
import { startCommand } from './started.ts';

const own = scope();
let packed: Awaited<ReturnType<typeof pack>>;
let installed: Awaited<ReturnType<typeof install>>;

beforeAll(async () => {
  after('file', own.stop);
  const folder = await own.folder();
  packed = await pack(folder);
  installed = await install(packed.file, folder);
}, 300_000);

const megabyte = 1_000_000;
const connectEmail = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(installed.command, args, { cwd: installed.folder, env });

describe('the package', () => {
  test('is small, and holds what is run and read but nothing that only makes or tests it', async () => {
    expect((await stat(packed.file)).size).toBeLessThan(2 * megabyte);
    const names = packed.contents.map((name) => name.replace(/^package\//u, ''));
    expect(names).toEqual(
      expect.arrayContaining([
        ...['README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD-PARTY.md', '.env.example'],
        ...['bin/connect-email.cjs', 'dist/main.js', 'dist/main.js.map', 'dist/threads/thread.js'],
        ...['dist/web/login/page/page.html', 'locales/de/chat.json', 'manifests/slack/README.md'],
        ...['docs/operations.md', 'docs/connect-email.service'],
      ]),
    );
    expect(names.filter((name) => /(?:^|\/)(?:test|bench|scripts|src)\/|\.ts$/u.test(name))).toEqual([]);
  });

  test('leads from a line that is run to the line that was written', async () => {
    const map: unknown = JSON.parse(
      await readFile(join(installed.folder, 'node_modules/connect-email/dist/cli/index.js.map'), 'utf8'),
    );
    expect(map).toMatchObject({
      sources: ['../../src/cli/index.ts'],
      sourcesContent: [await readFile(join(repository, 'src/cli/index.ts'), 'utf8')],
    });
  });

  test('names no folder of the machine that it was made on', async () => {
    const { stdout } = await run('grep', ['-rlF', repository, 'node_modules/connect-email'], {
      cwd: installed.folder,
    });
    expect(stdout).toBe('');
  });

  test('brings what the product needs, no Node and no tool, and npm has nothing to complain of', () => {
    const modules = readdirSync(join(installed.folder, 'node_modules'));
    expect(modules).toEqual(expect.arrayContaining(['express', 'kysely', 'zod']));
    expect(modules.filter((name) => ['node', 'typescript', 'vitest', 'emulate'].includes(name))).toEqual([]);
    expect(installed.complaints).toBe('');
  });
});

/** Every Node on this machine that is too old, and this one under an old one's name. */
const oldNodes = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter((path) => existsSync(path));

describe('its command', () => {
  test('tells its version and how it is called', async () => {
    const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await connectEmail(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const { stdout } = await connectEmail(['--help']);
    expect(stdout).toContain('\n  connect-email start\n');
    expect(stdout).toContain('\n  connect-email check ADDRESS');
    expect(stdout).not.toContain('npm');
    expect(await connectEmail(['start', '--dmeo'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^connect-email cannot start: [^\n]*'--dmeo'[^\n]*\n$/u),
    });
  });

  test('says in one line which Node it needs where there is an old one', async () => {
    const pretended = join(await own.folder(), 'old.cjs');
    await writeFile(
      pretended,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });",
    );
    const ways = [[process.execPath, '-r', pretended], ...oldNodes.map((node) => [node])];
    const said = ways.map(async ([node = '', ...before]) => {
      const { stdout: major } = await run(node, [...before, '-p', 'parseInt(process.versions.node)'], {
        cwd: installed.folder,
      });
      if (Number(major) >= 24) return null;
      return run(node, [...before, installed.command, 'check', 'rep@example.test'], {
        cwd: installed.folder,
      });
    });
    const answers = (await Promise.all(said)).filter((answer) => answer !== null);
    expect(answers.length).toBeGreaterThan(0);
    for (const { code, stdout, stderr } of answers) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^connect-email needs Node 24 or later [^\n]*\n$/u);
    }
  });

  test('checks real servers, and takes files from the folder in which it is called', async () => {
    const ca = await own.authority();
    const [imap, smtp] = await Promise.all([
      realServer('imap', own, { ca }),
      realServer('smtp', own, { ca }),
    ]);
    await writeFile(join(installed.folder, 'ca.pem'), await readFile(ca.caFile));
    const { code, stdout, stderr } = await connectEmail([
      ...['check', 'rep@example.test', '--json', '--ca', 'ca.pem', '--allow-network', '127.0.0.0/8'],
      ...['--imap', `127.0.0.1:${imap.tls}`, '--smtp', `127.0.0.1:${smtp.tls}`],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.parse(JSON.parse(stdout)).verdict).toBe('ready');
  });

  test('starts the bot, whose preview answers, looks after its store, and ends it', async () => {
    const settings = { DATA_DIR: await own.folder() };
    const bot = await startCommand(installed, ['start'], settings);
    // Where no person reads along, the lines are for machines.
    expect(bot.said()).not.toContain('--demo');
    const page = await fetch(bot.url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<!doctype html>')]);
    expect((await fetch(`${bot.url}/login`)).status).toBe(200);
    expect(await connectEmail(['cases', '--json'], settings)).toMatchObject({ code: 0, stderr: '' });
    expect(await bot.end()).toBe(0);
  });

  test('shows a newcomer a green and two red reports, and leaves nothing behind', async () => {
    const temporary = await own.folder();
    const bot = await startCommand(installed, ['start', '--demo'], { TMPDIR: temporary });
    await connect(bot.url, 'anna@nordwind.example', /meets all requirements/u);
    await connect(bot.url, 'anna@old.nordwind.example', /TLS 1\.0/u);
    await connect(bot.url, 'anna@expired.nordwind.example', /certificate[^"]*expired/u);
    for (const address of ['anna@nordwind.example', 'anna@old.nordwind.example'])
      expect(bot.said()).toContain(address);
    expect(await bot.end()).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('examines the installation', async () => {
    const { stdout, stderr } = await connectEmail(['doctor', '--json'], { DATA_DIR: await own.folder() });
    expect(stderr).toBe('');
    expect(JSON.stringify(JSON.parse(stdout))).toContain('store');
  });
});
