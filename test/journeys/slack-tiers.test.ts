/** What Slack allows, and what becomes of many reps who check at once. */
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../adapters/slack-door.ts';
import { submitForm } from '../adapters/slack-form.ts';
import { createTiers } from '../adapters/slack-tiers.ts';
import { botToken, openSlackWorld, type SlackWorld, signingSecret } from '../adapters/slack-world.ts';
import { scope, startListener } from '../mail-servers/index.ts';
import { until } from '../support/until.ts';
import { loopback, type Product, startProduct } from './product.ts';

const reps = 18;
/**
 * So much later than the end of its check a report is held back by something, in milliseconds: what Slack makes wait waits
 * for half a minute. That it takes under three seconds is measured by `bench/slack.ts`, where nothing runs beside it.
 */
const heldBackMs = 10_000;

let world: SlackWorld;
const products: Product[] = [];
const own = scope();
/** Calls that Slack has refused for haste. */
let refused: string[] = [];
/** Whose chat is refused whatever is posted there. */
let limited: string | null = null;

beforeEach(async () => {
  refused = [];
  limited = null;
  world = await openSlackWorld({}, reps);
  const tiers = createTiers();
  world.door.failIf((method, body) => {
    const channel = String(body.channel);
    const isLimited = method === 'chat.postMessage' && channel === limited;
    const seconds = isLimited ? 30 : tiers(method, channel, performance.now());
    if (seconds === null) return null;
    refused.push(`${method} ${channel}`);
    return { status: 429, headers: { 'Retry-After': String(seconds) } };
  });
  const DATA_DIR = await own.folder();
  const settings = {
    ...loopback,
    DATA_DIR,
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: world.door.apiUrl,
    SLACK_IT_CHANNEL: world.itChannel,
  };
  for (let count = 0; count < 2; count += 1) products.push(await startProduct(settings));
}, 120_000);
afterEach(async () => {
  for (const product of products.splice(0)) await product.stop();
  await world.close();
  await own.stop();
});

/** Accepts and says nothing, so that a check of it lasts until its deadline; knows when the last of its guests left. */
const startWatched = async () => {
  let left = 0;
  const server = await own.start(
    startListener((socket) => {
      socket.resume();
      socket.on('close', () => {
        left = performance.now();
      });
    }),
  );
  return { port: String(server.port), left: () => left };
};

const urlOf = (index: number): string => products[index % products.length]?.url ?? '';

const startCheck = async (url: string, user: string, port: string): Promise<void> => {
  await submitForm(url, user, ['address', { address: 'rep@example.test', personalInbox: 'yes' }]);
  const server = { imapHost: '127.0.0.1', imapPort: port, smtpHost: '127.0.0.1', smtpPort: port };
  expect(await submitForm(url, user, ['servers', server])).toContain('clear');
};

const chatOf = async (user: string): Promise<string> => {
  const opened = () =>
    world.door.calls.find(
      ({ method, body }) => method === 'conversations.open' && String(body.users) === user,
    );
  const { answer } = await until(async () => opened() ?? Promise.reject(new Error(`no chat with ${user}`)));
  return String((answer.channel as { id?: unknown } | undefined)?.id);
};

const isReport = ({ method, body }: Call): boolean =>
  method === 'chat.postMessage' && /^(?:So|Ob) .*verbinden/u.test(String(body.text));

const reportTo = (user: string): Promise<Call> =>
  until(async () => {
    const chat = await chatOf(user);
    const found = world.door.calls.find((call) => isReport(call) && call.body.channel === chat);
    if (!found) throw new Error(`no report for ${user}`);
    return found;
  });

describe('when eighteen reps check at once, with two instances of the bot', () => {
  test('then no report is held back at the end of its check, and Slack has nothing to refuse', async () => {
    const servers = await Promise.all(Array.from({ length: reps }, startWatched));
    const began = performance.now();
    await Promise.all(
      world.repIds.map((user, index) => startCheck(urlOf(index), user, servers[index]?.port ?? '')),
    );
    const reports = await Promise.all(world.repIds.map(reportTo));
    const late = reports.map(({ at }, index) => at - (servers[index]?.left() ?? 0));
    // The last connection is let go of beside the report, so this may come a moment before that is noticed.
    expect(Math.min(...late)).toBeGreaterThan(-1000);
    expect(Math.max(...late)).toBeLessThan(heldBackMs);
    expect(refused).toEqual([]);
    const updates = world.door.calls.filter(({ method }) => method === 'chat.update');
    const seconds = (performance.now() - began) / 1000;
    // Each for itself would have sent nearly twice as many.
    expect(updates.length).toBeGreaterThan(8);
    expect(updates.length).toBeLessThanOrEqual(18 + seconds / 2 + 2);
  }, 120_000);
});

describe('when one rep’s chat has had enough', () => {
  test('then another’s report is there at once, whichever instance she speaks to', async () => {
    const [anna, ines] = [world.idOf('anna'), world.idOf('ines')];
    const server = await startWatched();
    limited = await world.directMessages('anna');
    await startCheck(urlOf(0), anna, server.port);
    await until(async () => expect(refused).toContain(`chat.postMessage ${limited}`));
    for (const index of [0, 1]) {
      const other = await startWatched();
      const user = index === 0 ? ines : world.idOf('jonas');
      await startCheck(urlOf(index), user, other.port);
      const { at } = await reportTo(user);
      expect(at - other.left()).toBeLessThan(heldBackMs);
    }
    // Nothing was even tried in her chat again, by either of the two, before Slack wants to be asked.
    expect(refused.filter((one) => one === `chat.postMessage ${limited}`)).toHaveLength(1);
  }, 120_000);
});
