/** A real PostgreSQL on loopback: a cluster of its own in a temp folder, every commit on the disk, stopped by its id. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { postgresPrograms } from '../../scripts/system-packages.ts';
import { freePort, inFolder, run, type Stoppable, startDaemon } from '../mail-servers/processes.ts';

/** A password that needs no encoding and stands out wherever it must not be. */
export const secret = 'geheim-im-test';
const user = 'tester';
/** How long it may take to end by itself, and after a crash to find its own remains gone. Milliseconds. */
const stopMs = 5000;
const restartMs = 15_000;

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
const asItsUser = (command: string, args: readonly string[]): { command: string; args: string[] } =>
  isRoot
    ? {
        command: 'setpriv',
        args: ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args],
      }
    : { command, args: [...args] };

export type Postgres = Stoppable & {
  port: number;
  /** A new, empty database; gives its address. */
  createDatabase(): Promise<string>;
  /** Kills the server without a word, as a power cut would. */
  crash(): Promise<void>;
  /** Stops all its processes where they are, until `thaw`: connections stay open, and nobody answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
};

/** Runs statements in a database, past everything that is tested; gives the rows of the last one. */
export const inDatabase = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results: unknown = await client.query(sql);
    const last: unknown = Array.isArray(results) ? results.at(-1) : results;
    return last instanceof Object && 'rows' in last && Array.isArray(last.rows) ? last.rows : [];
  } finally {
    await client.end();
  }
};

const makeCluster = async (programs: string, folder: string): Promise<string> => {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await mkdir(data);
  await writeFile(passwordFile, secret);
  if (isRoot) await run('chown', ['-R', 'postgres:', folder]);
  await chmod(data, 0o700);
  const initdb = asItsUser(join(programs, 'initdb'), [
    ...['-D', data, '-U', user, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--no-sync'],
    `--pwfile=${passwordFile}`,
  ]);
  await run(initdb.command, initdb.args);
  return data;
};

/** Asks the server to end; backends are groups of their own, so a killed postmaster leaves them to notice by themselves. */
const endPolitely = async (data: string): Promise<void> => {
  const [line = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(line);
  if (!(pid > 1)) return;
  const deadline = Date.now() + stopMs;
  try {
    process.kill(pid, 'SIGINT');
    for (; Date.now() < deadline; await pause(20)) process.kill(pid, 0);
  } catch {
    // It has ended.
  }
};

/** The server and its backends, which the kernel knows as its children. */
const processesOf = async (data: string): Promise<number[]> => {
  const postmaster = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
  return [postmaster, ...children.trim().split(' ').filter(Boolean).map(Number)];
};

const signal = async (data: string, name: 'SIGSTOP' | 'SIGCONT'): Promise<void> => {
  for (const pid of await processesOf(data)) process.kill(pid, name);
};

/** `fsync`: whether a commit waits for the disk; a test that kills processes, not the machine, loses nothing without. */
export const startPostgres = ({ fsync = 'off' }: { fsync?: 'on' | 'off' } = {}): Promise<Postgres> =>
  inFolder('postgres', async (folder) => {
    const programs = postgresPrograms();
    if (programs === undefined)
      throw new Error('PostgreSQL is not installed: see scripts/system-packages.ts');
    const data = await makeCluster(programs, folder.path);
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: folder.path,
      fsync,
    };
    let starts = 0;
    const launch = (): Promise<Stoppable> => {
      starts += 1;
      const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      return startDaemon({
        ...asItsUser(join(programs, 'postgres'), ['-D', data, ...options]),
        logFile: join(folder.path, `log-${starts}`),
        ready: /database system is ready to accept connections/,
      });
    };
    let daemon = await launch();
    let databases = 0;
    const urlOf = (database: string) => `postgres://${user}:${secret}@127.0.0.1:${port}/${database}`;
    return {
      port,
      createDatabase: async () => {
        databases += 1;
        const name = `test_${databases}`;
        await inDatabase(urlOf('postgres'), `create database ${name}`);
        return urlOf(name);
      },
      crash: () => daemon.stop(),
      freeze: () => signal(data, 'SIGSTOP'),
      thaw: () => signal(data, 'SIGCONT'),
      restart: async () => {
        // The children of one that crashed go a moment after it; until then it refuses to start.
        const deadline = Date.now() + restartMs;
        for (;;) {
          try {
            daemon = await launch();
            return;
          } catch (error) {
            if (Date.now() > deadline) throw error;
            await pause(100);
          }
        }
      },
      stop: async () => {
        await endPolitely(data);
        await daemon.stop();
      },
    };
  });
