/**
 * `node bench/load.ts [CONVERSATIONS] [STORED] [ENGINE]`: the promised numbers of the store, on both engines in one run. Ends with
 * 1 when one is broken: 1,000 conversations in flight in one process under 400 MB with steps under 50 ms at the 99th
 * percentile, a killed job running again within 5 s, a restart with 10,000 stored conversations ready within 2 s.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Conversation } from '../src/conversation/state/conversation.ts';
import { startPostgres } from '../test/databases/postgres.ts';
import { startedAt } from '../test/journeys/start-line.ts';
import { conversationOf, diagnose } from '../test/store/conversations-and-jobs.ts';
import { openAt } from '../test/store/open-at.ts';

const conversations = Number(process.argv[2] ?? 1000);
const stored = Number(process.argv[3] ?? 10_000);
const only = process.argv[4];
const root = join(import.meta.dirname, '..');

let broken = 0;
const judge = (what: string, value: number, promise: { under: number; unit: string }): void => {
  const kept = value < promise.under;
  if (!kept) broken += 1;
  const [shown, limit] = [value.toFixed(value < 10 ? 2 : 0), `${promise.under} ${promise.unit}`];
  const share = `${((100 * value) / promise.under).toFixed(0)} %`;
  console.log(
    `  ${kept ? 'kept  ' : 'BROKEN'} ${what}: ${shown} ${promise.unit}, promised under ${limit} (${share})`,
  );
};

const run = (file: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [join(root, file), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** The first line a process prints that fits. */
const line = async (child: ChildProcess, fits: RegExp): Promise<string> => {
  if (child.stdout === null) throw new Error('expected its output');
  for await (const text of createInterface({ input: child.stdout })) if (fits.test(text)) return text;
  throw new Error(`it ended without saying ${fits}`);
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
};

type Load = Record<
  'inFlight' | 'steps' | 'p50' | 'p99' | 'max' | 'peakMb' | 'posts' | 'seconds' | 'cases',
  number
>;

/** How late this idle process is woken, at the 99th percentile: what a busy machine adds to every figure here. */
const watchMachine = () => {
  const late: number[] = [];
  let due = performance.now() + 10;
  const timer = setInterval(() => {
    late.push(performance.now() - due);
    due = performance.now() + 10;
  }, 10);
  return (): number => {
    clearInterval(timer);
    return late.toSorted((a, b) => a - b)[Math.floor(late.length * 0.99)] ?? 0;
  };
};

const load = async (address: string): Promise<void> => {
  const child = run('bench/load-bot.ts', [address, String(conversations)]);
  const lateness = watchMachine();
  const seen = JSON.parse(await line(child, /^\{/u)) as Load;
  const machine = lateness();
  await end(child, 'SIGKILL');
  console.log(
    `  ${seen.inFlight} conversations in flight, ${seen.cases} cases with IT, ${seen.steps} steps, ${seen.posts} messages in ${seen.seconds.toFixed(0)} s; a step takes ${seen.p50.toFixed(1)} ms at the median, ${seen.max.toFixed(0)} ms at most`,
  );
  console.log(
    `  an idle process beside it was woken ${machine.toFixed(1)} ms late at the 99th percentile (under 2 on a quiet machine)`,
  );
  judge('step, 99th percentile', seen.p99, { under: 50, unit: 'ms' });
  judge('memory at its peak', seen.peakMb, { under: 400, unit: 'MB' });
  judge('conversations that did not become a case', conversations - seen.cases, {
    under: 1,
    unit: 'of them',
  });
};

const takeOver = async (address: string): Promise<void> => {
  const store = await openAt(address);
  const times: number[] = [];
  let holder = run('test/crash/holder.ts', [address]);
  await store.save(conversationOf('held', Date.now()), null, [
    diagnose('k', { queue: 'held', runAt: Date.now() }),
  ]);
  await line(holder, /^holding/u);
  for (let n = 0; n < 3; n += 1) {
    const next = run('test/crash/holder.ts', [address]);
    const taken = line(next, /^holding/u);
    // Long enough to be waiting.
    await pause(1500);
    await end(holder, 'SIGKILL');
    const killed = Date.now();
    await taken;
    times.push((Date.now() - killed) / 1000);
    holder = next;
  }
  await end(holder, 'SIGKILL');
  await store.erase({ platform: 'slack', id: 'U1' });
  await store.close();
  judge('a killed job runs again, slowest of three', Math.max(...times), { under: 5, unit: 's' });
};

/** Copies of a conversation that has been through a check and a hand-over. */
const fill = async (address: string): Promise<void> => {
  const store = await openAt(address);
  const model = await store.latestOf({ platform: 'recording', id: 'U0' });
  if (model === null) throw new Error('expected a conversation to copy');
  let next = conversations;
  const copy = async (): Promise<void> => {
    for (; next < stored; ) {
      const id = `copy-${next}`;
      next += 1;
      const person = { ...model.conversation.person, id };
      const conversation: Conversation = { ...model.conversation, id, person };
      await store.save(conversation, null, []);
    }
  };
  await Promise.all(Array.from({ length: 8 }, copy));
  await store.close();
};

const restart = async (settings: Record<string, string>): Promise<void> => {
  const env = { PORT: '0', LOG_LEVEL: 'silent', NODE_COMPILE_CACHE: 'node_modules/.cache/node', ...settings };
  const times: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    const begun = Date.now();
    const child = run('src/main.ts', [], env);
    const url = startedAt(await line(child, /"url":/u)) ?? '';
    while ((await fetch(`${url}/readyz`)).status !== 200) await pause(20);
    times.push((Date.now() - begun) / 1000);
    await end(child, 'SIGKILL');
  }
  const [, median = 0] = times.toSorted((a, b) => a - b);
  judge(`ready after a kill with ${stored} conversations, median of three`, median, { under: 2, unit: 's' });
};

const directory = await mkdtemp(join(tmpdir(), 'bench-load-'));
const server = await startPostgres({ fsync: 'on' });
try {
  const url = await server.createDatabase();
  const engines = [
    { name: 'embedded', address: directory, settings: { DATA_DIR: directory, DATABASE_URL: '' } },
    { name: 'PostgreSQL', address: url, settings: { DATA_DIR: directory, DATABASE_URL: url } },
  ];
  for (const { name, address, settings } of engines) {
    if (only !== undefined && only !== name) continue;
    console.log(name);
    await load(address);
    await takeOver(address);
    await fill(address);
    await restart(settings);
  }
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
process.exitCode = broken > 0 ? 1 : 0;
