/** The product as its users have it: a process of its own, or for short journeys within this one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { startedAt } from './start-line.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** How long a start takes is measured elsewhere; here nobody waits for one that has died. */
const readyMs = 45_000;

/** What the tests may reach besides the public internet. */
export const loopback = {
  CHECK_ALLOW_NETWORKS: '127.0.0.0/8',
  CHECK_ALLOW_PORTS: '1024-65535',
  LOG_LEVEL: 'error',
};

export type Env = Readonly<Record<string, string>>;
type Exit = { code: number | null; signal: NodeJS.Signals | null };
export type Running = { url: string; stop(): Promise<void> };
/** What an operator reads. */
export type Readiness = { status: number; parts: Record<string, boolean> };
export const readinessOf = async ({ url }: Running): Promise<Readiness> => {
  const response = await fetch(`${url}/readyz`);
  const { parts } = (await response.json()) as { parts: Record<string, boolean> };
  return { status: response.status, parts };
};
export type Product = Running & {
  pid: number;
  /** All that it has said so far. */
  said(): string;
  /** Resolves with how the process ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit>;
};

/** `folder`: where it is started, and looks for `.env`; not the project's, whose `.env` is its developer's. */
type SmallDisk = { path: string; megabytes: number };

/** With a disk: mounted for this process alone, where it keeps its data. */
const commandOn = (disk: SmallDisk | undefined): [string, string[]] => {
  if (!disk) return [process.execPath, [main]];
  const mount = 'mount -t tmpfs -o size=$1m,mode=700 tmpfs "$2"; shift 2; exec "$@"';
  const given = [String(disk.megabytes), disk.path, process.execPath, main];
  return ['unshare', ['-m', 'sh', '-c', mount, 'sh', ...given]];
};

const launch = (env: Env, folder = tmpdir(), disk?: SmallDisk) => {
  const [command, args] = commandOn(disk);
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const closed: Promise<Exit> = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
  }));
  return { child, said, closed };
};

/** The folder that it is started in, and the small disk that it finds there. */
type Where = { folder?: string; disk?: SmallDisk };

/** Starts the product and waits for its start line. Throws with what it has said when it ends instead. */
export const startProduct = async (env: Env, { folder, disk }: Where = {}): Promise<Product> => {
  const { child, said, closed } = launch(env, folder, disk);
  let over = false;
  void closed.then(() => {
    over = true;
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit> => {
    if (!over) child.kill(signal);
    return closed;
  };
  const deadline = Date.now() + readyMs;
  for (;;) {
    const url = startedAt(said.out);
    if (url !== undefined)
      return {
        ...{ url, pid: child.pid ?? 0, said: () => said.out + said.err, end },
        stop: async () => void (await end('SIGKILL')),
      };
    if (over || Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`the product did not start: ${said.out}${said.err}`);
    }
    await sleep(10);
  }
};

/** The whole product within this process: for journeys in which it neither dies nor tells the operator anything. */
export const startWithin = (env: Env): Promise<Running> =>
  startApp(readConfig({ PORT: '0', ...env, LOG_LEVEL: 'silent' }));

/** A start that is expected to fail: how it ends, and what it says. */
export const failToStart = async (
  env: Env,
  folder?: string,
): Promise<{ code: number | null; out: string; err: string }> => {
  const { child, said, closed } = launch(env, folder);
  const patience = setTimeout(() => child.kill('SIGKILL'), readyMs);
  const { code } = await closed;
  clearTimeout(patience);
  return { code, ...said };
};
