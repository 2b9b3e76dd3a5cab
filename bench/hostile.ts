/**
 * What hostile servers cost the product, in a process of its own: whether it still answers people while five checks meet a
 * chain of certificates on a slow curve, and what fifty hostile servers at once take. Prints figures; exit status 1 when one
 * is worse than promised.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { submitForm } from '../test/adapters/slack-form.ts';
import { signingSecret } from '../test/adapters/slack-world.ts';
import { loopback, type Product, startProduct } from '../test/journeys/product.ts';
import { startHostilePark } from '../test/mail-servers/hostile-park.ts';
import {
  type Hostile,
  type HostileName,
  hostileNames,
  hostileServers,
} from '../test/mail-servers/hostile-servers.ts';
import { expectation, heading, ms, percentile, report, row } from './figures.ts';
import { memoryOf } from './memory.ts';

const promised = { healthMs: 200, ackMs: 500, rssMb: 300, wholeMs: 31_000 };
const slowChain: HostileName = 'sends a hundred certificates on a slow curve';

const folder = await mkdtemp(join(tmpdir(), 'bench-hostile-'));
const api = fork(fileURLToPath(new URL('slack-api.ts', import.meta.url)));
const [apiPort] = await once(api, 'message');
/** Two, since one server is checked thirty times in ten minutes at most. */
const parks = await Promise.all(['127.0.0.1', '127.0.0.2'].map(startHostilePark));
type Park = (typeof parks)[number];
const [park] = parks;

const start = async (name: string): Promise<Product> =>
  startProduct({
    ...loopback,
    DATA_DIR: join(folder, name),
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: `http://127.0.0.1:${apiPort}/api/`,
    SLACK_IT_CHANNEL: 'C1',
  });

const startCheck = async (
  product: Product,
  user: string,
  { name, of }: { name: HostileName; of: Park | undefined },
): Promise<void> => {
  if (!of) throw new Error('expected a hostile server');
  const { encryption }: Hostile = hostileServers[name];
  const port = String(of.ports[name]);
  await submitForm(product.url, user, ['address', { address: 'rep@example.test', personalInbox: 'yes' }]);
  const at = { host: of.address, port, encryption };
  const answer = await submitForm(product.url, user, [
    'servers',
    {
      imapHost: at.host,
      imapPort: at.port,
      imapEncryption: at.encryption,
      smtpHost: at.host,
      smtpPort: at.port,
      smtpEncryption: at.encryption,
    },
  ]);
  if (!answer.includes('clear')) throw new Error(`the check did not start: ${answer}`);
};

const finished = async ({ url }: Product): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = [...text.matchAll(/^connect_email_checks_total\{.*\} (\d+)$/gmu)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
};

const untilFinished = async (product: Product, count: number): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while ((await finished(product)) < count && performance.now() < deadline) await sleep(100);
};

/** Asks again and again while `over` has not come. */
const asking = async (
  ask: () => Promise<unknown>,
  everyMs: number,
  over: Promise<void>,
): Promise<number[]> => {
  const times: number[] = [];
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
    await sleep(everyMs);
  }
  return times;
};

const answers = async (): Promise<void> => {
  const product = await start('answers');
  try {
    // The first few warm up what runs for weeks.
    for (let index = 0; index < 10; index += 1) await submitForm(product.url, `W${index}`, ['address', {}]);
    heading(`five checks at once of a server that ${slowChain}`);
    await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        startCheck(product, `A${index}`, { name: slowChain, of: park }),
      ),
    );
    const over = untilFinished(product, 5);
    let asked = 0;
    const [health, acks] = await Promise.all([
      asking(() => fetch(`${product.url}/healthz`), 5, over),
      asking(
        () => {
          asked += 1;
          return submitForm(product.url, `F${asked}`, ['address', { address: '' }]);
        },
        20,
        over,
      ),
    ]);
    row(
      `GET /healthz, ${health.length} times`,
      `p99 ${ms(percentile(health, 0.99))}, worst ${ms(Math.max(...health))}`,
    );
    row(
      `form answers, ${acks.length} times`,
      `p99 ${ms(percentile(acks, 0.99))}, worst ${ms(Math.max(...acks))}`,
    );
    expectation('GET /healthz at p99, in ms', percentile(health, 0.99), promised.healthMs);
    expectation('slowest form answer, in ms', Math.max(...acks), promised.ackMs);
  } finally {
    await product.stop();
  }
};

const crowd = async (): Promise<void> => {
  const product = await start('crowd');
  try {
    heading('fifty hostile servers at once');
    row('memory before', `${(await memoryOf(product.pid, 'VmRSS')).toFixed(0)} MB`);
    const all = parks.flatMap((of) =>
      [...hostileNames, ...hostileNames].slice(0, 25).map((name) => ({ name, of })),
    );
    await Promise.all(all.map((one, index) => startCheck(product, `C${index}`, one)));
    const began = performance.now();
    await untilFinished(product, 50);
    const slowest = performance.now() - began;
    row('finished', `${await finished(product)} of 50 after ${ms(slowest)}`);
    expectation('checks that did not finish', 50 - (await finished(product)), 0);
    expectation('until the slowest has ended, in ms', slowest, promised.wholeMs);
    expectation('memory at its peak, in MB', await memoryOf(product.pid, 'VmHWM'), promised.rssMb);
  } finally {
    await product.stop();
  }
};

/** How late this idle process is woken: what a busy machine adds to every figure here. */
const late: number[] = [];
let due = performance.now() + 10;
const watching = setInterval(() => {
  late.push(performance.now() - due);
  due = performance.now() + 10;
}, 10);

row('load of this machine', loadavg()[0]?.toFixed(1) ?? '');
try {
  await answers();
  await crowd();
} finally {
  await Promise.all(parks.map((one) => one.stop()));
  api.kill();
  await rm(folder, { recursive: true, force: true });
}
clearInterval(watching);
heading('the machine');
row('this idle process was woken late', `p99 ${ms(percentile(late, 0.99))}, worst ${ms(Math.max(...late))}`);
report();
