/** The same servers behind a line of 50 ms a round trip, in a network namespace of their own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Servers } from './servers.ts';

const run = promisify(execFile);
const names = { near: `near-${process.pid}`, far: `far-${process.pid}` };
const addresses = { near: '10.213.0.1', far: '10.213.0.2' };

const firstLine = async (child: ChildProcess): Promise<string> => {
  if (!child.stdout) throw new Error('no output to read');
  const ended = once(child, 'exit').then(() => [null]);
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  if (typeof line !== 'string') throw new Error('ended without a word');
  return line;
};

export type Far<S> = {
  servers: S;
  /** Puts a command into the near namespace. */
  near(command: readonly string[]): readonly [string, ...string[]];
  stop(): Promise<void>;
};

/** `script` opens the servers at the address that it is given, and prints where. @throws where namespaces, TUN devices or python3 are not to be had */
export const openFar = async <S = Servers>(
  roundTripMs: number,
  script = join(import.meta.dirname, 'servers.ts'),
): Promise<Far<S>> => {
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const child of children) child.stdin?.end();
    await Promise.all(
      children.map((child) => child.exitCode ?? Promise.race([once(child, 'exit'), sleep()])),
    );
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(
      Object.values(names).map((name) => run('ip', ['netns', 'del', name]).catch(() => null)),
    );
  };
  const sleep = () => new Promise((resolve) => setTimeout(resolve, 3000).unref());
  try {
    for (const name of Object.values(names)) await run('ip', ['netns', 'add', name]);
    const line = join(import.meta.dirname, 'delay-line.py');
    const delay = spawn('python3', [line, names.near, names.far, String(roundTripMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(delay);
    await firstLine(delay);
    for (const side of ['near', 'far'] as const) {
      const inside = ['-n', names[side]];
      await run('ip', [...inside, 'addr', 'add', `${addresses[side]}/24`, 'dev', 'delay0']);
      for (const device of ['lo', 'delay0']) await run('ip', [...inside, 'link', 'set', device, 'up']);
    }
    const at = ['netns', 'exec', names.far, process.execPath];
    const servers = spawn('ip', [...at, script, addresses.far], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.unshift(servers);
    return {
      servers: JSON.parse(await firstLine(servers)),
      near: (command) => ['ip', 'netns', 'exec', names.near, ...command],
      stop: async () => {
        delay.kill('SIGKILL');
        await stop();
      },
    };
  } catch (error) {
    for (const child of children) child.kill('SIGKILL');
    await stop();
    throw error;
  }
};
