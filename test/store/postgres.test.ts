/** What only a server can do: be away, refuse, be restarted. The program says so in one line, lives on and loses nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { codeOf } from '../../src/lib/error-code.ts';
import { isServed, openPostgresStore } from '../../src/store/engine/postgres.ts';
import { RevisionConflict } from '../../src/store/ports.ts';
import { inDatabase, secret } from '../databases/postgres.ts';
import { startedAt } from '../journeys/start-line.ts';
import { freePort } from '../mail-servers/processes.ts';
import { conversationOf, show } from './conversations-and-jobs.ts';
import { postgresOnItsClock, postgresServer } from './engines.ts';
import { temporaryDirectory } from './scratch.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const startProgram = async (databaseUrl: string) => {
  const folder = await temporaryDirectory();
  const child = spawn(process.execPath, [main], {
    cwd: folder,
    env: {
      DATABASE_URL: databaseUrl,
      DATA_DIR: folder,
      PORT: '0',
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', errors: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.errors += String(chunk);
  });
  return { child, said };
};

const failsWith = async (databaseUrl: string): Promise<string> => {
  const { child, said } = await startProgram(databaseUrl);
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(said.errors.trim().split('\n'), 'one line').toHaveLength(1);
  expect(said.errors + said.out).not.toContain(secret);
  expect(said.errors + said.out).not.toContain('falsch');
  return said.errors;
};

describe('a start that cannot succeed', () => {
  const server = postgresServer;
  const refusing =
    'connect-email cannot start: expected to read and write the PostgreSQL database of DATABASE_URL, but: ';

  it('says that nothing listens there', async () => {
    const port = await freePort();
    expect(await failsWith(`postgres://tester:${secret}@127.0.0.1:${port}/x`)).toBe(
      `${refusing}nothing listens at its address\n`,
    );
  });

  it('says that user name or password are refused', async () => {
    const { port } = await server();
    expect(await failsWith(`postgres://tester:falsch@127.0.0.1:${port}/postgres`)).toBe(
      `${refusing}it rejects the user name or password\n`,
    );
  });

  it('says that there is no such database, and where a password is missing', async () => {
    const { port } = await server();
    expect(await failsWith(`postgres://tester:${secret}@127.0.0.1:${port}/nothing`)).toBe(
      `${refusing}there is no database of that name\n`,
    );
    expect(await failsWith(`postgres://tester@127.0.0.1:${port}/postgres`)).toBe(
      `${refusing}it asks for a password, and the address has none\n`,
    );
  });

  it('says that the address is none, without repeating it', async () => {
    expect(await failsWith(`mysql://tester:${secret}@127.0.0.1/x`)).toMatch(
      /^connect-email cannot start: DATABASE_URL: expected an address such as postgres:/,
    );
  });

  it('says that the database is of a newer version, and leaves it as it is', async () => {
    const url = await (await server()).createDatabase();
    const { child, said } = await startProgram(url);
    await vi.waitFor(() => expect(startedAt(said.out)).toBeDefined(), { timeout: 20_000 });
    child.kill('SIGTERM');
    await once(child, 'close');
    await inDatabase(url, `insert into kysely_migration values ('9999-rooms', '2040-01-01T00:00:00.000Z')`);
    const before = await inDatabase(url, 'select * from kysely_migration order by name');
    expect(await failsWith(url)).toMatch(/written by a newer version of this program: it has 9999-rooms/);
    expect(await inDatabase(url, 'select * from kysely_migration order by name')).toEqual(before);
  });
});

describe('a server that is killed and started again under load', () => {
  it('turns the program red and green, ends no process, and loses nothing that was acknowledged', async () => {
    const server = await postgresServer();
    const database = await postgresOnItsClock.newDatabase();
    const store = await database.open();
    const { child, said } = await startProgram(database.address);
    await vi.waitFor(() => expect(startedAt(said.out)).toBeDefined(), { timeout: 20_000 });
    const url = startedAt(said.out) ?? '';
    const ready = async (): Promise<number> => (await fetch(`${url}/readyz`)).status;
    await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 10_000 });

    // Not due, so that the program leaves them where they are.
    const job = (queue: string) => show(`slot-${Math.random()}`, { queue, runAt: Date.now() + 3_600_000 });
    const acknowledged = new Map<string, number>();
    let refused = 0;
    let writing = true;
    const write = async (name: string): Promise<void> => {
      for (let n = 0; writing; n += 1) {
        const id = `${name}-${n}`;
        for (let revision: number | null = null; writing; ) {
          try {
            revision = await store.save(conversationOf(id), revision, [job(id)]);
            acknowledged.set(id, revision);
            if (revision === 3) break;
          } catch (error) {
            // A commit whose answer was lost counts as neither: the next try may find it done.
            if (error instanceof RevisionConflict) break;
            refused += 1;
            await pause(20);
          }
        }
      }
    };
    const writers = ['a', 'b', 'c', 'd'].map(write);
    for (const round of [1, 2]) {
      await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(round * 30), { timeout: 20_000 });
      await server.crash();
      await vi.waitFor(async () => expect(await ready()).toBe(503), { timeout: 10_000 });
      const before = acknowledged.size;
      await server.restart();
      await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 10_000 });
      await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(before + 10), { timeout: 20_000 });
    }
    writing = false;
    await Promise.all(writers);

    expect(refused).toBeGreaterThan(0);
    expect(child.exitCode).toBeNull();
    expect(said.errors).toBe('');
    const jobs = await database.sql('select queue, count(*) as jobs from jobs group by queue');
    const jobsOf = new Map(jobs.map((row) => [row.queue, Number(row.jobs)]));
    for (const [id, revision] of acknowledged) {
      const present = (await store.load(id))?.revision ?? 0;
      expect(present, id).toBeGreaterThanOrEqual(revision);
      expect(jobsOf.get(id), `jobs of ${id}`).toBe(present);
    }
  });
});

it('an error says what happened by its code, also where the library has none for it', async () => {
  const server = await postgresServer();
  const database = await postgresOnItsClock.newDatabase();
  const store = await database.open();
  const other = new pg.Client({ connectionString: database.address });
  other.on('error', () => {});
  await other.connect();
  await other.query('begin; lock table conversations');
  const waiting = store.load('c1').catch((error: unknown) => codeOf(error));
  await pause(300);
  await server.crash();
  expect(await waiting).toBe('ECONNRESET');
  await server.restart();
  await vi.waitFor(() => store.ping(), { timeout: 10_000 });
  await server.freeze();
  try {
    expect(await store.load('c1').catch((error: unknown) => codeOf(error))).toBe('ETIMEDOUT');
  } finally {
    await server.thaw();
  }
  await vi.waitFor(() => store.ping(), { timeout: 10_000 });
}, 60_000);

it('a bot is seen at work, whatever name its address gives it, so that nothing is restored under it', async () => {
  const url = await (await postgresServer()).createDatabase();
  const named = `${url}?application_name=something-else`;
  expect(await isServed(named)).toBe(false);
  const store = await openPostgresStore({ url: named });
  onTestFinished(() => store.close());
  await store.ping();
  expect(await isServed(named)).toBe(true);
  expect(await isServed(url)).toBe(true);
});
