/**
 * Life cycle of everything a test starts: temp folders, free ports, daemons.
 *
 * Invariant: whatever ends the test process, even SIGKILL, its daemons end and its temp folders go. A shell that
 * holds the reading end of a pipe sees to it: the pipe ends with this process, and then it kills by id of process group.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export const run = promisify(execFile);

export type Stoppable = { stop: () => Promise<void> };

/** How long a daemon may take until its ports are bound. */
const READY_MS = 15_000;
const POLL_MS = 5;
const GROUP_GONE_MS = 50;
/** Up to 32,000: below the ports that Linux gives to outgoing connections, so that none takes ours. */
const FIRST_PORT = 20_000;
const PORTS_OF_A_WORKER = 3000;
const WORKERS = 4;

const CARETAKER = `
pids= dirs=
while read -r what value; do
  case $what in
    pid) pids="$pids $value" ;;
    gone) rest=; for pid in $pids; do [ "$pid" = "$value" ] || rest="$rest $pid"; done; pids=$rest ;;
    dir) dirs="$dirs $value" ;;
  esac
done
for pid in $pids; do kill -s KILL -- "-$pid" 2>/dev/null; done
for dir in $dirs; do rm -rf "$dir"; done
`;

let caretaker: ChildProcess | undefined;

function tellCaretaker(what: 'pid' | 'gone' | 'dir', value: string | number): void {
  if (caretaker === undefined) {
    // Detached: Ctrl-C in a terminal reaches the whole group, and this one has to outlive the others.
    caretaker = spawn('/bin/sh', ['-c', CARETAKER], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    caretaker.unref();
    const pipe: unknown = caretaker.stdin;
    if (pipe instanceof Object && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  }
  caretaker.stdin?.write(`${what} ${value}\n`);
}

/** A folder that daemons running as other users can enter. `remove` may be called twice. */
export async function tempFolder(name: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`));
  tellCaretaker('dir', path);
  await chmod(path, 0o755);
  // A daemon's last child may still write while the folder goes.
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }) };
}

export type Folder = Awaited<ReturnType<typeof tempFolder>>;

let lastPort = Math.floor(Math.random() * PORTS_OF_A_WORKER);

/**
 * A port on which nobody listens. Each worker of a test run has ports of its own and takes them in turn: two that
 * find the same one free would have one daemon less, or test each other's.
 */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  const { VITEST_POOL_ID = '0' } = process.env;
  const worker = Number(VITEST_POOL_ID) % WORKERS;
  for (;;) {
    lastPort = (lastPort + 1) % PORTS_OF_A_WORKER;
    const port = FIRST_PORT + worker * PORTS_OF_A_WORKER + lastPort;
    if (await canListen(address, port)) return port;
  }
}

async function canListen(address: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

export type DaemonOptions = {
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** What the daemon prints or logs; a failed start quotes its end. */
  logFile: string;
  /**
   * What the log says once all ports are bound. A connection would prove less: it also succeeds when somebody else
   * holds the port, and it would be the first of the connections a test counts. For daemons that log nothing then:
   * `bound` asks the kernel.
   */
  ready: RegExp | (() => Promise<boolean>);
};

/** Whether somebody listens on all these ports, by the kernel's own table, without connecting. */
export const bound = (ports: readonly number[]) => async (): Promise<boolean> => {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'latin1')));
  const listening = tables.join('\n').matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F:]+ 0A /gm);
  const found = new Set([...listening].map(([, port]) => Number.parseInt(port ?? '', 16)));
  return ports.every((port) => found.has(port));
};

/** A daemon that ended instead of getting ready. */
class DaemonEnded extends Error {}

/** Runs a daemon in the foreground. Resolves when it is ready, throws with the end of its log when it is not. */
export async function startDaemon(options: DaemonOptions): Promise<Stoppable> {
  const log = await open(options.logFile, 'a');
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...options.env },
  });
  await once(child, 'spawn').finally(() => log.close());
  const pid = child.pid ?? 0;
  tellCaretaker('pid', pid);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopDaemon(child, pid);
    return stopping;
  };
  // What is left of its group goes with it: later the id may be that of somebody else's group.
  child.once('exit', () => void stop());
  // A server nobody stopped must not keep the test process alive; the caretaker ends it.
  child.unref();
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    const logged = await readFile(options.logFile, 'utf8');
    const { ready } = options;
    if (!ended && (ready instanceof RegExp ? ready.test(logged) : await ready())) return { stop };
    if (ended || Date.now() > deadline) {
      await stop();
      const end = logged.split('\n').slice(-12).join('\n');
      if (!ended) throw new Error(`${options.command} was not ready after ${READY_MS} ms\n${end}`);
      throw new DaemonEnded(`${options.command} ended with ${child.exitCode ?? child.signalCode}\n${end}`);
    }
    await sleep(POLL_MS);
  }
}

/**
 * Kills the daemon and its children, which form a group of their own. Asked politely, Dovecot takes one to three
 * seconds, and nothing they leave behind is worth keeping.
 */
async function stopDaemon(child: ChildProcess, pid: number): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.ref();
  const deadline = Date.now() + GROUP_GONE_MS;
  // Children that nobody has reaped yet still count as a group, hence the deadline.
  while (signalGroup(pid) && Date.now() < deadline) await sleep(POLL_MS);
  await ended;
  tellCaretaker('gone', pid);
}

function signalGroup(pid: number): boolean {
  try {
    return process.kill(-pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/**
 * Starts something on free ports, again with others when it ended: most often somebody else on this machine took one
 * in between, and not every make says so (Postfix ends without a word). `start` gets a new folder each time; when it
 * fails the folder goes.
 */
export async function inFolder<T extends Stoppable>(
  name: string,
  start: (folder: Folder) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = await tempFolder(name);
    try {
      const started = await start(folder);
      let stopping: Promise<void> | undefined;
      const stop = () => {
        stopping ??= started.stop().finally(folder.remove);
        return stopping;
      };
      return { ...started, stop };
    } catch (error) {
      await folder.remove();
      if (!(error instanceof DaemonEnded) || attempt === 3) throw error;
    }
  }
}
