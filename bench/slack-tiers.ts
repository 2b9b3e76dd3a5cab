/**
 * Slack's limits, imitated: `chat.update` 50 times in any 60 s in the workspace, one message a second in a channel, and 30 s
 * of quiet after too much. Reps check at once; each has a server of her own that accepts and says nothing, so that the
 * end of her check shows in its last connection.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { submitForm } from '../test/adapters/slack-form.ts';
import { signingSecret } from '../test/adapters/slack-world.ts';
import { loopback, type Product, startProduct } from '../test/journeys/product.ts';
import { percentile } from './figures.ts';

const reps = 18;
const promisedMs = 3000;
/** A check of a silent server lasts eleven seconds. */
const longestMs = 90_000;

const wall = (): number => performance.timeOrigin + performance.now();
const callSchema = z.object({
  method: z.string(),
  channel: z.string(),
  text: z.string(),
  at: z.number(),
  isRefused: z.boolean(),
});
type Call = z.infer<typeof callSchema>;

const startServer = async () => {
  let left = 0;
  const server = createServer((socket) => {
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      left = wall();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = String(typeof address === 'object' && address ? address.port : 0);
  return { port, left: () => left, close: () => server.close() };
};
type Server = Awaited<ReturnType<typeof startServer>>;

const startCheck = async ({ url }: Product, user: string, { port }: Server): Promise<void> => {
  await submitForm(url, user, ['address', { address: 'rep@example.test', personalInbox: 'yes' }]);
  const server = { imapHost: '127.0.0.1', imapPort: port, smtpHost: '127.0.0.1', smtpPort: port };
  const answer = await submitForm(url, user, ['servers', server]);
  if (!answer.includes('clear')) throw new Error(`the check did not start: ${answer}`);
};

const isReport = ({ method, text, isRefused }: Call): boolean =>
  method === 'chat.postMessage' && !isRefused && /^(?:So|Ob) .*verbinden/u.test(text);

const print = (calls: readonly Call[], late: readonly number[]): void => {
  const count = (method: string, isRefused: boolean): number =>
    calls.filter((call) => call.method === method && call.isRefused === isRefused).length;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  console.log(
    `reports of ${reps} checks at once within Slack's limits, after the end of each: median ${seconds(percentile(late, 0.5))}, worst ${seconds(Math.max(...late))} (promised: under ${seconds(promisedMs)})`,
  );
  for (const method of ['chat.postMessage', 'chat.update'])
    console.log(`${method}: ${count(method, false)} taken, ${count(method, true)} refused with 429`);
};

/** Whether something was worse than promised. */
export const measureTiers = async (): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-slack-'));
  const api = fork(fileURLToPath(new URL('slack-api.ts', import.meta.url)), ['tiers']);
  const [apiPort] = await once(api, 'message');
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const servers = await Promise.all(Array.from({ length: reps }, startServer));
  const product = await startProduct({
    ...loopback,
    DATA_DIR: folder,
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: `${apiUrl}/api/`,
    SLACK_IT_CHANNEL: 'C1',
  });
  const seen = async (): Promise<Call[]> =>
    z.array(callSchema).parse(await (await fetch(`${apiUrl}/calls`)).json());
  try {
    await Promise.all(servers.map((server, index) => startCheck(product, `R${index}`, server)));
    const deadline = wall() + longestMs;
    let calls = await seen();
    while (calls.filter(isReport).length < reps && wall() < deadline) {
      await sleep(250);
      calls = await seen();
    }
    const late = servers.map(({ left }, index) => {
      const report = calls.find((call) => isReport(call) && call.channel === `DR${index}`);
      return (report?.at ?? Number.POSITIVE_INFINITY) - left();
    });
    print(calls, late);
    return Math.max(...late) >= promisedMs;
  } finally {
    await product.stop();
    api.kill();
    for (const { close } of servers) close();
    await rm(folder, { recursive: true, force: true });
  }
};
