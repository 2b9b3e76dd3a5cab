/** The product as a process of its own in a workspace of Slack, and what people do there over HTTP. */
import { expect } from 'vitest';
import { createPerson, type SlackPerson } from '../adapters/slack-person.ts';
import { appToken, type SocketSide } from '../adapters/slack-socket.ts';
import { overHttp, type Transport } from '../adapters/slack-transport.ts';
import {
  botToken,
  type Name,
  openSlackWorld,
  type SeenMessage,
  type SlackWorld,
  signingSecret,
} from '../adapters/slack-world.ts';
import { scope } from '../mail-servers/index.ts';
import { until } from '../support/until.ts';
import { loopback, type Readiness, type Running, readinessOf, startWithin } from './product.ts';

export type Stage = {
  world: SlackWorld;
  person: Record<Name, SlackPerson>;
  transport: Transport;
  /** It ends, if it has not yet, and starts again on the same data. */
  restart(): Promise<void>;
  /** The newest message of this kind, once it is there. */
  repSees(...words: string[]): Promise<SeenMessage>;
  itSees(...words: string[]): Promise<SeenMessage>;
  threadSees(root: SeenMessage, ...words: string[]): Promise<SeenMessage>;
  readiness(): Promise<Readiness>;
  close(): Promise<void>;
};

const withWords = (messages: readonly SeenMessage[], words: readonly string[]): SeenMessage => {
  const found = messages.findLast(({ text }) => words.every((word) => text.includes(word)));
  if (!found)
    throw new Error(
      `nobody said “${words.join('” and “')}”, only: ${messages.map(({ summary }) => summary).join(' | ')}`,
    );
  return found;
};

type Env = Readonly<Record<string, string>>;
type Options = {
  env?: Env;
  locales?: Partial<Record<Name, string>>;
  /** Given: Slack is heard over it, and not over HTTP. */
  socket?: SocketSide;
};

/** `start`: how the product is started, each time. */
export const openStageOf = async <R extends Running>(
  start: (env: Env) => Promise<R>,
  options: Options = {},
): Promise<Stage & { product(): R }> => {
  const own = scope();
  const world = await openSlackWorld(options.locales);
  const env = {
    ...loopback,
    DATA_DIR: await own.folder(),
    SLACK_BOT_TOKEN: botToken,
    ...(options.socket ? { SLACK_APP_TOKEN: appToken } : { SLACK_SIGNING_SECRET: signingSecret }),
    SLACK_API_URL: world.door.apiUrl,
    SLACK_IT_CHANNEL: world.itChannel,
    ...options.env,
  };
  if (options.socket) world.door.failIf(options.socket.answer);
  let product = await start(env);
  const transport: Transport = options.socket?.transport ?? overHttp(() => product.url);
  const who = (name: Name): SlackPerson => createPerson({ world, transport, name });
  return {
    world,
    transport,
    product: () => product,
    person: { anna: who('anna'), jonas: who('jonas'), ines: who('ines'), paul: who('paul') },
    restart: async () => {
      await product.stop();
      product = await start(env);
    },
    repSees: (...words) => until(async () => withWords(await world.seenBy('anna'), words)),
    itSees: (...words) => until(async () => withWords(await world.seenByIt(), words)),
    threadSees: (root, ...words) => until(async () => withWords(await world.seenInThread(root.ts), words)),
    readiness: () => readinessOf(product),
    close: async () => {
      await product.stop();
      await world.close();
      await own.stop();
      expect(world.door.problems).toEqual([]);
      const broadcast = world.door.calls.filter(
        ({ body }) => body.reply_broadcast === true || body.reply_broadcast === 'true',
      );
      expect(broadcast).toEqual([]);
    },
  };
};

/** With the product within the test's process. */
export const openStage = (options?: Options): Promise<Stage> => openStageOf(startWithin, options);

export type Account = Readonly<Record<string, string>>;

/** From nothing to a running check. */
export const askForCheck = async ({ person: { anna } }: Stage, account: Account): Promise<void> => {
  const address = await (await anna.command()).modal();
  const servers = await address?.submit({ address: 'rep@example.test' });
  if (servers?.type !== 'next') throw new Error(`the address was not taken: ${JSON.stringify(servers)}`);
  expect(await servers.modal.submit(account)).toEqual({ type: 'closed' });
};

/** From a report to a case that is on its way to IT. */
export const handOver = async (
  { person: { anna } }: Stage,
  report: SeenMessage,
  comment: string,
): Promise<void> => {
  const modal = await (await anna.press(report, 'escalate')).modal();
  expect(await modal?.submit({ comment })).toEqual({ type: 'closed' });
};
