/**
 * Turns of Teams with 100 people at once: every one must be answered within a second at the 99th percentile, while the
 * checks that they start run behind. And the SDK must cost nothing where Teams is not configured. Exit status 1 when
 * either does not hold.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Answer, type SimulatedPerson, startSimulator } from '../test/adapters/teams-simulator/index.ts';
import { startedAt } from '../test/journeys/start-line.ts';
import { startNameServer } from '../test/mail-servers/index.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const people = 100;
const limitMs = 1000;
/** How long somebody who is quick with forms looks at one before she clicks, in milliseconds. */
const thinkingMs = { least: 1000, most: 5000 };

/** Tells at the end which modules of the SDK were loaded, and how much memory the process holds. */
const spy = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module';
  const { cache } = createRequire('${root}package.json');
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const sdk = Object.keys(cache).filter((file) => /node_modules.(botbuilder|botframework)/.test(file)).length;
    writeSync(1, '\\nspied ' + JSON.stringify({ sdk, memory: process.memoryUsage().rss }) + '\\n');
  });
`)}`;

const startProduct = async (env: Readonly<Record<string, string>>) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-teams-'));
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', spy, 'src/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'error', DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (startedAt(said) === undefined && child.exitCode === null) await sleep(5);
  const url = startedAt(said);
  if (url === undefined) throw new Error(`the product did not start: ${said}`);
  return {
    url,
    startMs: performance.now() - began,
    stop: async (): Promise<{ sdk: number; memory: number }> => {
      child.kill('SIGTERM');
      await once(child, 'close');
      await rm(folder, { recursive: true });
      return JSON.parse(/^spied (.*)$/mu.exec(said)?.[1] ?? '{}') as { sdk: number; memory: number };
    },
  };
};

const dialogIn = (answer: Answer): unknown => {
  if (answer.type !== 'dialog') throw new Error(`expected a dialog, got ${answer.type}`);
  return answer.card;
};

const think = (): Promise<void> =>
  sleep(thinkingMs.least + Math.random() * (thinkingMs.most - thinkingMs.least));

/** What a rep does in her first minute; the servers are ports of this machine where nobody listens. */
const journey = async (person: SimulatedPerson): Promise<void> => {
  const host = { imapHost: '127.0.0.1', imapPort: '9', smtpHost: '127.0.0.1', smtpPort: '10' };
  await sleep(Math.random() * thinkingMs.most);
  await person.installs();
  const welcome = await person.reads('HubSpot', 60_000);
  await think();
  const first = dialogIn(await person.press(welcome, 'start'));
  await think();
  await person.submit(first, 'address', { address: 'no at sign' });
  await think();
  const servers = dialogIn(await person.submit(first, 'address', { address: 'rep@example.test' }));
  await think();
  await person.submit(servers, 'servers', { ...host, imapPort: 'x' });
  await think();
  await person.submit(servers, 'servers', host);
  await think();
  await person.says('status');
  await think();
  await person.says('hello');
};

const shown = (ms: number): string => `${Math.round(ms)} ms`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Prints how long turns took and returns the 99th percentile, in milliseconds. */
const tell = (name: string, turns: readonly { ms: number }[]): number => {
  const times = turns.map(({ ms }) => ms).sort((one, other) => one - other);
  const [half, most, slowest] = [0.5, 0.99, 1].map(
    (share) => times[Math.ceil(times.length * share) - 1] ?? 0,
  );
  console.log(
    `${name}: ${times.length} turns, half within ${shown(half ?? 0)}, 99 of 100 within ${shown(most ?? 0)}, the slowest ${shown(slowest ?? 0)}`,
  );
  return most ?? Number.POSITIVE_INFINITY;
};

const without = await startProduct({});
const alone = await without.stop();

// Nobody's settings are known, and it says so at once: how long the name servers of this machine take is not measured.
const dns = await startNameServer([]);
const product = await startProduct({
  CHECK_DNS_SERVERS: `${dns.address}:${dns.port}`,
  TEAMS_ANONYMOUS: '1',
  CHECK_ALLOW_NETWORKS: '127.0.0.0/8',
  CHECK_ALLOW_PORTS: '1-100',
});
const teams = await startSimulator({ bot: () => product.url });
const everybody = Array.from({ length: people }, (_, index) =>
  teams.person({ id: `29:rep-${index}`, name: `Rep ${index}`, locale: index % 2 ? 'en-GB' : 'de-DE' }),
);
await Promise.all(everybody.map(journey));
const usual = [...teams.turns];
// And once all of them in the same moment.
await Promise.all(everybody.map((person) => person.says('help')));
const burst = teams.turns.slice(usual.length);
await teams.stop();
await dns.stop();
const busy = await product.stop();

const p99 = Math.max(
  tell(`${people} people, each thinking 1 to 5 s`, usual),
  tell('all of them in one moment', burst),
);
console.log(
  `what Teams would not have taken: ${teams.faults.length} ${[...new Set(teams.faults)].slice(0, 3)}`,
);
console.log(
  `without Teams: ${alone.sdk} modules of its SDK, ready in ${shown(without.startMs)}, ${megabytes(alone.memory)}`,
);
console.log(
  `with Teams: ${busy.sdk} modules of its SDK, ready in ${shown(product.startMs)}, ${megabytes(busy.memory)}`,
);
const holds = p99 < limitMs && alone.sdk === 0 && busy.sdk > 0 && teams.faults.length === 0;
if (!holds) console.error('this does not hold what is promised');
process.exitCode = holds ? 0 : 1;
