/** What the store's tests share: stores in directories that vanish, and other processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import type { Store } from '../../src/store/ports.ts';
import { after } from '../support/afterwards.ts';
import { nameOf } from './conversations-and-jobs.ts';

export const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'connect-email-store-'));
  after('test', () => rm(directory, { recursive: true, force: true }));
  return directory;
};

export const openStore = async (directory: string): Promise<Store> => {
  const store = await openEmbeddedStore({ directory });
  after('test', () => store.close());
  return store;
};

export const fileIn = (directory: string): string => join(directory, 'connect-email.sqlite');

/** The file as SQLite itself sees it, past everything that is tested. */
export const inFile = <T>(directory: string, work: (database: DatabaseSync) => T): T => {
  const database = new DatabaseSync(fileIn(directory), { timeout: 5000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
};

/** Claims and completes everything that is due at `now`; returns what it was about, in that order. */
export const drain = async (store: Store, now: number): Promise<string[]> => {
  const seen: string[] = [];
  for (;;) {
    const job = await store.claim(now, 1000);
    if (job === null) return seen;
    seen.push(nameOf(job));
    if (!(await store.complete(job))) throw new Error(`the lease of job ${job.id} was lost`);
  }
};

export type Started = { process: ChildProcess; ended: Promise<{ code: number | null; errors: string }> };

/** Runs a script of this folder in a process of its own; `onLine` gets what it prints. */
export const start = (
  script: string,
  args: readonly string[],
  onLine: (line: string, started: Started) => void,
): Started => {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return observe(spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }), onLine);
};

/** Like `start`, on a disk that takes no file larger than `blocks`: of 512 bytes or, in some shells, of 1024. */
export const startOnSmallDisk = (
  script: string,
  args: readonly string[],
  { blocks, onLine }: { blocks: number; onLine: (line: string) => void },
): Started => {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const command = ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, file, ...args];
  return observe(spawn('sh', command, { stdio: ['ignore', 'pipe', 'pipe'] }), onLine);
};

const observe = (process: ChildProcess, onLine: (line: string, started: Started) => void): Started => {
  let errors = '';
  process.stderr?.on('data', (chunk) => {
    errors += String(chunk);
  });
  const ended = once(process, 'close').then(([code]: unknown[]) => ({
    code: typeof code === 'number' ? code : null,
    errors,
  }));
  const started = { process, ended };
  if (process.stdout !== null)
    createInterface({ input: process.stdout }).on('line', (line) => onLine(line, started));
  return started;
};
