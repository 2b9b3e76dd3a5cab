/** What an operator does in the terminal, while the bot is at work and while it is not. */
import { chmod, chown, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import { acting } from '../adapters/script.ts';
import { refusal } from '../adapters/slack-door.ts';
import { inDatabase, type Postgres, startPostgres } from '../databases/postgres.ts';
import { closedPort, scope, startDovecot, startNameServer, startPostfix } from '../mail-servers/index.ts';
import { run } from '../mail-servers/processes.ts';
import { conversationOf } from '../store/conversations-and-jobs.ts';
import { fileIn, start } from '../store/scratch.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { startProduct } from './product.ts';
import { commandLine, onTerminal } from './pseudo-terminal.ts';
import { type Account, askForCheck, handOver, openStageOf } from './slack-stage.ts';
import { connectEmail } from './terminal-cases.ts';
import { variants } from './words.ts';

const own = scope();
afterAll(() => own.stop());
const words = variants[0]?.words;
if (!words) throw new Error('expected German words');
const host = 'mail.firma.test';

let account: Account;
let mailEnv: Readonly<Record<string, string>> = {};
let server: Postgres;
beforeAll(async () => {
  const authority = await own.authority();
  const certificate = await authority.issue({ hosts: [host] });
  const [dns, imap, smtp, postgres] = await Promise.all([
    own.start(startNameServer([{ type: 'A', name: host, address: '127.0.0.1' }])),
    own.start(startDovecot({ certificate, versions: ['TLSv1'] })),
    own.start(startPostfix({ certificate })),
    own.start(startPostgres()),
  ]);
  server = postgres;
  mailEnv = {
    CHECK_CA_FILE: authority.caFile,
    CHECK_DNS_SERVERS: `127.0.0.1:${dns.port}`,
    DEFAULT_LOCALE: 'de',
  };
  account = {
    ...{ imapHost: host, imapPort: String(imap.imapsPort), imapEncryption: 'tls' },
    ...{ smtpHost: host, smtpPort: String(smtp.smtpsPort), smtpEncryption: 'tls' },
  };
});

type Env = Readonly<Record<string, string>>;
type Place = { name: string; open(): Promise<{ env: Env; address: string }> };
const places: readonly Place[] = [
  {
    name: 'the embedded store',
    open: async () => {
      const folder = await own.folder();
      return { env: { DATA_DIR: folder }, address: folder };
    },
  },
  {
    name: 'PostgreSQL',
    open: async () => {
      const url = await server.createDatabase();
      return { env: { DATABASE_URL: url }, address: url };
    },
  },
];

/** A terminal in a folder that has no settings of its own. */
const terminalFor = async (env: Env) => {
  const cwd = await own.folder();
  const run = (...args: string[]) => connectEmail(args, { env: { LANG: 'de_DE.UTF-8', ...env }, cwd });
  const asked = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await run(...args, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  return { run, asked, fileCalled: (name: string) => join(cwd, name) };
};

const oneLine = (code: number, says: string) => ({
  code,
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^[^\\n]*${says}[^\\n]*\\n$`, 'u')),
});

/** Every byte that is kept. */
const everything = async (address: string): Promise<string> => {
  if (!address.startsWith('postgres')) {
    const names = await readdir(address);
    return (await Promise.all(names.map((name) => readFile(join(address, name), 'latin1')))).join('\n');
  }
  const tables = await inDatabase(
    address,
    "select table_name from information_schema.tables where table_schema = 'public'",
  );
  const rows = tables.map(({ table_name }) => inDatabase(address, `select * from "${table_name}"`));
  return JSON.stringify(await Promise.all(rows));
};

sideBySide(places, 'given a bot at work with $name', ({ open }) => {
  const withCase = async () => {
    const { env, address } = await open();
    const stage = await openStageOf(startProduct, { env: { ...mailEnv, ...env } });
    await askForCheck(stage, account);
    await handOver(stage, await stage.repSees(words.blocked), 'Bitte bis Freitag');
    const root = await stage.itSees(words.rootHeading, words.rootOpen);
    await stage.repSees(words.handedOver);
    return { stage, root, address, ...(await terminalFor(env)) };
  };

  test('when it is backed up under load, killed and restored, then its journeys go on from there', async () => {
    const { stage, root, address, run, asked, fileCalled } = await withCase();
    expect(await asked('cases', '--open')).toEqual({
      cases: [
        {
          id: expect.any(String),
          state: 'open',
          delivery: 'arrived',
          openedAt: expect.stringMatching(/^20.*Z$/u),
          person: expect.stringMatching(/^slack:U/u),
          name: 'Anna Beck',
          causes: [{ host, requirement: 'tls-min-version', reason: 'legacy-only' }],
          claimedBy: null,
          joined: null,
        },
      ],
      unreadable: 0,
    });
    expect((await run('cases')).stdout).toMatch(/Offen, heute: Anna Beck \(slack:U\w+\)/u);

    let written = 0;
    const writer = start('writer.ts', [address, 'load', '5000'], () => {
      written += 1;
    });
    await until(() => expect(written).toBeGreaterThan(50));
    const file = fileCalled('backup.jsonl');
    const { rows } = (await asked('backup', file)) as { rows: Record<string, number> };
    expect(rows.conversations).toBeGreaterThan(10);
    const atBackup = written;
    await until(() => expect(written).toBeGreaterThan(atBackup));
    writer.process.kill('SIGKILL');
    await writer.ended;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await run('backup', file)).toEqual(oneLine(1, 'gibt es schon'));

    await stage.person.jonas.press(root, 'claim', 'it');
    await stage.itSees(words.rootClaimed);
    const { cases } = (await asked('cases')) as { cases: { id: string; person: string }[] };
    const id = cases[0]?.id ?? '';
    expect(await asked('audit', id)).toEqual({
      id,
      thread: id,
      history: [
        {
          at: expect.stringMatching(/Z$/u),
          act: 'handed-over',
          who: { platform: 'slack', id: expect.any(String) },
        },
        { at: expect.any(String), act: 'arrived', who: null },
        { at: expect.any(String), act: 'claimed', who: { platform: 'slack', id: expect.any(String) } },
      ],
    });
    expect((await run('audit', id)).stdout).toMatch(/UTC übernommen: slack:U\w+\n/u);
    const month = new Date().toISOString().slice(0, 7);
    expect(await asked('stats')).toMatchObject({
      months: [{ month, cases: 1, open: 1, toClaim: { count: 1 }, toFix: { count: 0 }, reopenRate: null }],
    });
    const { stdout: csv } = await run('stats', '--csv', '--since', `${month}-01`);
    expect(csv).toMatch(new RegExp(`^month,requirement.*\\r\\n${month},all,,1,1,1,0,0,0,,1,`, 'u'));
    expect(csv).toContain(`${month},tls-min-version,legacy-only,1,`);
    expect(csv).not.toMatch(/Anna|Jonas|@|firma/u);
    expect((await run('stats', '--locale', 'en')).stdout).toMatch(/^How the cases have gone\n/u);
    // As it is to be typed, not as a reader would have a date.
    expect(await run('stats', '--since', '2026-02-30')).toEqual(oneLine(2, '--since.* YYYY-MM-DD'));
    expect(await run('stats', '--csv', '--json')).toEqual(oneLine(2, '--csv'));
    expect(await run('restore', file)).toEqual(oneLine(1, 'in Gebrauch'));
    await stage.product().end('SIGKILL');
    // PostgreSQL notices a moment later that nobody is there any more.
    await until(async () => expect((await run('restore', file)).code).toBe(0));

    expect(await asked('cases', '--open')).toMatchObject({ cases: [{ state: 'open', claimedBy: null }] });
    await stage.restart();
    await stage.person.jonas.press(root, 'claim', 'it');
    await stage.repSees(words.reportClaimed);
    await stage.person.anna.say('Status');
    await stage.repSees(words.status);
    expect((await stage.readiness()).parts.store).toBe(true);
    await stage.close();
    // Some thirty commands one after another, each a process of its own.
  }, 150_000);

  test('when somebody has left, then she is forgotten by her address, and IT reads that the case is withdrawn', async () => {
    const { stage, address, run, asked } = await withCase();
    expect(await everything(address)).toContain('rep@example.test');
    expect(await run('forget', 'rep@example.test')).toEqual(oneLine(2, '--yes'));
    expect(await run('forget', 'nobody@example.test', '--yes')).toEqual(oneLine(1, 'ist nichts gespeichert'));
    const forgotten = await asked('forget', 'Rep@example.test', '--yes');
    expect(forgotten).toMatchObject({ isDone: true, counts: { accounts: 1, cases: 1 } });
    await stage.itSees('Anna Beck hat den Fall zurückgezogen');
    for (const text of ['rep@example.test', 'Anna Beck', 'Bitte bis Freitag', 'mail.firma.test'])
      expect(await everything(address)).not.toContain(text);
    expect(await run('forget', 'anna beck', '--yes')).toEqual(oneLine(1, 'ist nichts gespeichert'));
    await stage.close();
  });

  test('when it is stopped meanwhile, then the deletion waits for it', async () => {
    const { stage, address, run } = await withCase();
    await stage.product().end('SIGTERM');
    const { code, stdout } = await run('forget', 'anna beck', '--yes');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('sobald er läuft') });
    await stage.restart();
    await stage.itSees('Anna Beck hat den Fall zurückgezogen');
    await until(async () => expect(await everything(address)).not.toContain('rep@example.test'));
    await stage.close();
  });
});

test('given a message that IT never got, when the channel takes it again, then the job is tried again by hand', async () => {
  const folder = await own.folder();
  const stage = await openStageOf(startProduct, { env: { ...mailEnv, DATA_DIR: folder } });
  const { run, asked } = await terminalFor({ DATA_DIR: folder });
  await askForCheck(stage, account);
  const report = await stage.repSees(words.blocked);
  stage.world.door.failIf((method, body) =>
    method === 'chat.postMessage' && body.channel === stage.world.itChannel
      ? refusal('channel_not_found')
      : null,
  );
  await handOver(stage, report, 'Bitte bis Freitag');
  type Listed = { waiting: { kind: string }[]; givenUp: { id: number; kind: string; code: string }[] };
  const jobs = async () => (await asked('jobs')) as Listed;
  await until(async () => expect((await jobs()).givenUp.length).toBeGreaterThan(0));
  const [given] = (await jobs()).givenUp;
  expect(given).toMatchObject({ kind: 'show', code: expect.stringMatching(/^channel-/u) });
  expect((await run('jobs', '--given-up')).stdout).toMatch(/^Aufgegebene Aufträge: 1\n/u);
  stage.world.door.failIf(() => null);
  const id = String(given?.id);
  expect(await asked('jobs', '--retry', id)).toEqual({ retried: { id: given?.id, job: expect.any(Number) } });
  await stage.itSees(words.rootHeading, words.rootOpen);
  await stage.repSees(words.handedOver);
  expect(await run('jobs', '--retry', id)).toEqual(oneLine(1, 'ist nicht da'));
  await stage.close();
});

describe('given a backup', () => {
  const backedUp = async () => {
    const folder = await own.folder();
    const product = await own.start(startProduct({ ...mailEnv, LOG_LEVEL: 'silent', DATA_DIR: folder }));
    const terminal = await terminalFor({ DATA_DIR: folder });
    const file = terminal.fileCalled('backup.jsonl');
    await terminal.asked('backup', file);
    return { folder, product, file, ...terminal };
  };
  const starts = async (folder: string): Promise<number> => {
    const product = await own.start(startProduct({ LOG_LEVEL: 'silent', DATA_DIR: folder }));
    const { status } = await fetch(`${product.url}/readyz`);
    await product.end('SIGTERM');
    return status;
  };

  test('when the database is damaged and its log is still beside it, then the restored one is whole, and the old one is kept', async () => {
    const { folder, product, file, asked } = await backedUp();
    await product.end('SIGKILL');
    expect(await readdir(folder)).toContain('connect-email.sqlite-wal');
    const damaged = `${(await readFile(fileIn(folder), 'latin1')).slice(0, 5000)}${'x'.repeat(9000)}`;
    await writeFile(fileIn(folder), damaged, 'latin1');
    const { aside } = (await asked('restore', file)) as { aside: string };
    expect((await stat(aside)).size).toBeGreaterThan(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('connect-email'))).toEqual([
      'connect-email.sqlite',
    ]);
    expect(await starts(folder)).toBe(200);
  });

  test('when the machine is a new one, then the file belongs to whom the folder belongs to, and to nobody else', async () => {
    const { file } = await backedUp();
    const folder = await own.folder();
    // Root may do this for a service that has a user of its own.
    if (process.getuid?.() === 0) await chown(folder, 65_534, 65_534);
    await chmod(folder, 0o700);
    const { asked } = await terminalFor({ DATA_DIR: folder });
    expect(await asked('restore', file)).toMatchObject({ aside: null });
    const [restored, parent] = await Promise.all([stat(fileIn(folder)), stat(folder)]);
    expect([restored.uid, restored.gid, restored.mode & 0o777]).toEqual([parent.uid, parent.gid, 0o600]);
    expect(await readdir(folder)).toEqual(['connect-email.sqlite']);
  });

  test('when it was cut off, then it is refused and nothing is touched', async () => {
    const { folder, product, file, run } = await backedUp();
    await product.end('SIGTERM');
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, -20));
    const before = await readdir(folder);
    expect(await run('restore', file)).toEqual(oneLine(1, 'unvollständig oder verändert'));
    expect(await run('restore', `${file}.none`)).toEqual(oneLine(1, 'lässt sich nicht lesen'));
    expect(await readdir(folder)).toEqual(before);
  });

  test('when the restore is killed at any moment, then there is a whole store, the old one or the new one', {
    retry: 0,
  }, async () => {
    const { folder, product, file, asked, fileCalled } = await backedUp();
    await product.end('SIGTERM');
    const saved = async (ids: readonly string[]) => {
      const store = await openEmbeddedStore({ directory: folder });
      for (const id of ids) await store.save(conversationOf(id), null, []);
      await store.close();
    };
    await saved(Array.from({ length: 400 }, (_, number) => `c${number}`));
    const full = fileCalled('full.jsonl');
    await asked('backup', full);
    await asked('restore', file);
    await saved(['old']);
    const ended: (string | null)[] = [];
    for (let after = 150; ended.at(-1) !== 'done'; after += 60) {
      const ms = `${after / 1000}`;
      const cli = commandLine(['restore', full]);
      const ran = await run('timeout', [
        '-s',
        'KILL',
        ms,
        'sh',
        '-c',
        `DATA_DIR='${folder}' exec ${cli}`,
      ]).then(
        () => 'done',
        () => 'killed',
      );
      const store = await openEmbeddedStore({ directory: folder });
      const all: string[] = [];
      for await (const conversation of store.conversations()) all.push(conversation?.id ?? '');
      await store.close();
      ended.push(ran);
      if (all.length > 1) expect(all).toHaveLength(400);
      else expect(all).toEqual(['old']);
      if (all.length > 1) break;
    }
    expect(ended).toContain('killed');
    await asked('restore', full);
    expect((await readdir(folder)).filter((name) => name.startsWith('restoring'))).toEqual([]);
  });

  test('when it moves from the embedded store to PostgreSQL and back, then it is still the same', async () => {
    const { folder, product, file, asked, fileCalled } = await backedUp();
    await product.end('SIGTERM');
    const url = await server.createDatabase();
    const moved = await terminalFor({ DATABASE_URL: url });
    const { rows } = (await moved.asked('restore', file)) as { rows: unknown };
    const back = fileCalled('back.jsonl');
    expect(await moved.asked('backup', back)).toMatchObject({ rows });
    await asked('restore', back);
    expect(await starts(folder)).toBe(200);
  });
});

test('given a terminal, when somebody is to be forgotten, then it asks first, and only a yes is one', async () => {
  const folder = await own.folder();
  const store = await openEmbeddedStore({ directory: folder });
  await store.memory('people').put('person/U7', 'Erika', { person: { platform: 'slack', id: 'U7' } });
  const known = () => store.memory('people').get('person/U7');
  const asking = async (answer: string) => {
    const line = commandLine(['forget', 'slack:U7', '--locale', 'de']);
    const terminal = onTerminal(`DATA_DIR=${folder} ${line}`);
    await until(() => expect(terminal.shown()).toContain('Alles über slack:U7'));
    terminal.type(`${answer}\r`);
    return terminal.end();
  };
  for (const no of ['n', '', 'y']) expect(await asking(no)).toMatchObject({ code: 1 });
  expect(await known()).toBe('Erika');
  expect(await asking('j')).toMatchObject({
    code: 0,
    shown: expect.stringContaining('Alles über slack:U7 ist gelöscht'),
  });
  expect(await known()).toBeUndefined();
  await store.close();
});

describe('given a command that cannot be carried out, then one line says why', () => {
  const wrong: readonly (readonly [readonly string[], string, string])[] = [
    [['forget'], 'forget braucht noch eine Person', 'forget needs a person'],
    [['audit'], 'audit braucht noch die Nummer', 'audit needs the number'],
    [['backup'], 'backup braucht noch den Namen', 'backup needs the name'],
    [['restore', 'a', 'b'], '„b“ ist zu viel', '“b” is one too many'],
    [['cases', 'x'], '„x“ ist zu viel', '“x” is one too many'],
    [['jobs', '--retry', 'x'], 'Bei --retry erwarten wir', '--retry expects'],
    [['jobs', '--retry'], 'Diese Eingabe passt nicht zu --retry', "--retry can't"],
    [['cases', '--imap', 'x'], 'Die Option --imap gibt es nicht', "There's no option --imap"],
    [['backup', '--yes', 'x'], 'Die Option --yes gibt es nicht', "There's no option --yes"],
  ];
  test.each(wrong)('wrong usage, status 2: %j', async (typed, german, english) => {
    const { run } = await terminalFor({});
    expect(await run(...typed)).toEqual(oneLine(2, german));
    expect(await run(...typed, '--locale', 'en')).toEqual(oneLine(2, english));
  });

  test.each([['cases'], ['jobs'], ['forget', 'x'], ['backup', 'x']])(
    'no store, status 1: %s',
    async (...typed) => {
      const { run, fileCalled } = await terminalFor({ DATA_DIR: await own.folder() });
      expect(await run(...typed)).toEqual(oneLine(1, 'noch keinen Speicher'));
      expect(await stat(fileCalled('x')).catch(() => null)).toBeNull();
    },
  );

  test('a database that nobody reaches, status 1', async () => {
    const secret = 'geheim';
    const url = `postgres://u:${secret}@127.0.0.1:${await closedPort()}/d`;
    const { run, fileCalled } = await terminalFor({ DATABASE_URL: url });
    await writeFile(fileCalled('b'), '');
    const ran = await run('cases');
    expect(ran).toEqual(oneLine(1, 'nimmt niemand Verbindungen an|DATABASE_URL'));
    expect(ran.stderr).not.toContain(secret);
  });

  test('a name that two people have, status 1, and their ids', async () => {
    const folder = await own.folder();
    const store = await openEmbeddedStore({ directory: folder });
    for (const person of ['U1', 'U2'])
      await store.save(conversationOf(`c-${person}`, 1000, person), null, []);
    await store.close();
    const { run } = await terminalFor({ DATA_DIR: folder });
    const several = await run('forget', 'erika mustermann', '--yes');
    expect(several).toEqual(oneLine(1, 'slack:U1 und slack:U2'));
    expect((await run('cases', '--json')).code).toBe(0);
  });

  test('what was typed is quoted without anything that acts on a terminal', async () => {
    const folder = await own.folder();
    await (await openEmbeddedStore({ directory: folder })).close();
    const { run } = await terminalFor({ DATA_DIR: folder });
    const { code, stderr } = await run('forget', '\u202eErika\u001b[31m\u009b2J Nirgends', '--yes');
    expect({ code, stdout: '', stderr }).toEqual(oneLine(1, 'Erika'));
    expect(stderr.trimEnd()).not.toMatch(acting);
  });

  test('settings that are wrong in another place do not keep anybody from a backup', async () => {
    const folder = await own.folder();
    await (await openEmbeddedStore({ directory: folder })).close();
    const { run } = await terminalFor({ DATA_DIR: folder, HOST: '0.0.0.0', PORT: 'many' });
    expect(await run('backup', 'b')).toMatchObject({ code: 0, stderr: '' });
    const wrong = await terminalFor({ DATABASE_URL: 'mysql://x' });
    expect(await wrong.run('backup', 'b')).toEqual(oneLine(1, 'DATABASE_URL'));
  });
});
