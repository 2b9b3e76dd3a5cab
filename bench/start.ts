/**
 * How long a start takes and how much memory it holds a second later, beside another commit of this repository, both with
 * a warm compile cache and a database of their own that is there already. Needs npm's registry: node bench/start.ts [commit]
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expectation, heading, median, ms, report, row } from './figures.ts';
import { memoryOf } from './memory.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
/** Version 0.1. */
const [commit = '88c3317'] = process.argv.slice(2);
const rounds = 15;
/** What two starts of one and the same program differ by on a machine that is not quiet. */
const atMost = 1.05;
const path = `${dirname(process.execPath)}:${process.env.PATH}`;

/** Nothing listens on the port of this Slack: what its answers would take is not the bot's. */
const modes = {
  preview: {},
  Slack: {
    SLACK_BOT_TOKEN: 'xoxb-1-2-abcdefghijklmnopqrstuvwx',
    SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef',
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
    SLACK_IT_CHANNEL: 'C0123456789',
  },
  Teams: { TEAMS_ANONYMOUS: '1' },
} as const;
type Mode = keyof typeof modes;

type Start = { took: number; memory: number };

const startOnce = async (checkout: string, mode: Mode, data: string): Promise<Start> => {
  const began = performance.now();
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: checkout,
    env: {
      PATH: path,
      PORT: '0',
      DATA_DIR: data,
      NODE_COMPILE_CACHE: join(checkout, 'node_modules', '.cache', 'node'),
      UV_THREADPOOL_SIZE: '64',
      ...modes[mode],
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  const ready = Promise.withResolvers<number>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes(' on http://')) ready.resolve(performance.now() - began);
  });
  const took = await Promise.race([ready.promise, closed.then(() => Number.NaN)]);
  if (Number.isNaN(took)) throw new Error(`${checkout} did not start for ${mode}`);
  await sleep(1000);
  const memory = await memoryOf(child.pid, 'VmRSS');
  child.kill('SIGTERM');
  await closed;
  return { took, memory };
};

const folder = await mkdtemp(join(tmpdir(), 'connect-email-start-'));
try {
  const before = join(folder, 'before');
  await run('git', ['clone', '--quiet', root, before]);
  await run('git', ['checkout', '--quiet', commit], { cwd: before });
  const npm = { cwd: before, env: { ...process.env, PATH: path } };
  await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], npm);
  const sides = [
    { name: 'before', checkout: before },
    { name: 'now', checkout: root },
  ] as const;

  for (const mode of Object.keys(modes) as Mode[]) {
    const starts = { before: [] as Start[], now: [] as Start[] };
    for (let round = 0; round <= rounds; round += 1)
      // Who comes second finds a warmer machine, so they take turns.
      for (const { name, checkout } of round % 2 === 0 ? sides : sides.toReversed()) {
        const start = await startOnce(checkout, mode, join(folder, `${name}-${mode}`));
        // The first one fills the cache and makes the tables.
        if (round > 0) starts[name].push(start);
      }
    const took = (name: keyof typeof starts): number => median(starts[name].map((start) => start.took));
    const memory = (name: keyof typeof starts): number => median(starts[name].map((start) => start.memory));
    heading(`${mode}: now, and ${commit}`);
    row('start to ready', `${ms(took('now'))}, ${ms(took('before'))}`);
    row('memory', `${memory('now').toFixed(0)} MB, ${memory('before').toFixed(0)} MB`);
    expectation('start, of what it was', took('now') / took('before'), atMost);
    expectation('memory, of what it was', memory('now') / memory('before'), atMost);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
report();
