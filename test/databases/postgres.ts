/** A real PostgreSQL on loopback: a cluster of its own in a temp folder, every commit on the disk, stopped by its id. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { postgresPrograms } from '../../scripts/system-packages.ts';
import { codeOf } from '../../src/lib/error-code.ts';
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
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Stops all its processes where they are, until `thaw`: connections stay open, and nobody answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
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

const pidOf = async (data: string): Promise<number> => {
  const [line = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(line);
};

/** The postmaster first, so that it starts no child meanwhile. */
const signalAll = async (data: string, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> => {
  const pid = await pidOf(data);
  process.kill(pid, signal);
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').map(Number);
  for (const child of children.filter((id) => id > 1)) {
    try {
      process.kill(child, signal);
    } catch (error) {
      // One that served a connection may just have ended; the others have not.
      if (codeOf(error) !== 'ESRCH') throw error;
    }
  }
};

/** Runs a command with a small disk of its own at `path`, in which all that it starts takes part, and nobody else. */
const onSmallDisk = (
  { path, megabytes }: { path: string; megabytes: number },
  { command, args }: { command: string; args: readonly string[] },
): { command: string; args: string[] } => ({
  command: 'unshare',
  args: [
    ...['-m', 'sh', '-c', 'mount -t tmpfs -o size=$1m,uid=$2,mode=700 tmpfs "$3"; shift 3; exec "$@"', 'sh'],
    ...[String(megabytes), isRoot ? 'postgres' : String(process.getuid?.()), path, command, ...args],
  ],
});

/** Asks the server to end; backends are groups of their own, so a killed postmaster leaves them to notice by themselves. */
const endPolitely = async (data: string): Promise<void> => {
  const pid = await pidOf(data).catch(() => 0);
  if (!(pid > 1)) return;
  const deadline = Date.now() + stopMs;
  try {
    process.kill(pid, 'SIGINT');
    for (; Date.now() < deadline; await pause(20)) process.kill(pid, 0);
  } catch {
    // It has ended.
  }
};

type PostgresOptions = {
  /** Whether a commit waits for the disk; a test that kills processes, not the machine, loses nothing without. */
  fsync?: 'on' | 'off';
  /** Databases lie on a disk of so many megabytes; the server's own log does not. Needs root. */
  diskMegabytes?: number;
};

export const startPostgres = ({ fsync = 'off', diskMegabytes }: PostgresOptions = {}): Promise<Postgres> =>
  inFolder('postgres', async (folder) => {
    const programs = postgresPrograms();
    if (programs === undefined)
      throw new Error('PostgreSQL is not installed: see scripts/system-packages.ts');
    const data = await makeCluster(programs, folder.path);
    const disk = join(folder.path, 'disk');
    await mkdir(disk);
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
      const server = asItsUser(join(programs, 'postgres'), ['-D', data, ...options]);
      return startDaemon({
        ...(diskMegabytes ? onSmallDisk({ path: disk, megabytes: diskMegabytes }, server) : server),
        logFile: join(folder.path, `log-${starts}`),
        ready: /database system is ready to accept connections/,
      });
    };
    let daemon = await launch();
    let databases = 0;
    const urlOf = (database: string) => `postgres://${user}:${secret}@127.0.0.1:${port}/${database}`;
    if (diskMegabytes) await inDatabase(urlOf('postgres'), `create tablespace disk location '${disk}'`);
    return {
      port,
      createDatabase: async () => {
        databases += 1;
        const name = `test_${databases}`;
        const where = diskMegabytes ? ' tablespace disk' : '';
        await inDatabase(urlOf('postgres'), `create database ${name}${where}`);
        return urlOf(name);
      },
      freeze: () => signalAll(data, 'SIGSTOP'),
      thaw: () => signalAll(data, 'SIGCONT'),
      crash: () => daemon.stop(),
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
