import deTexts from '../../locales/de/chat.json' with { type: 'json' };
import enTexts from '../../locales/en/chat.json' with { type: 'json' };
import { createSlackAdapter, type SlackAdapter } from '../../src/adapters/slack/index.ts';
import type { SharedBuckets } from '../../src/chat/budget.ts';
import type { AdapterMemory, Incoming } from '../../src/chat/port.ts';
import { startWebServer, type WebServer } from '../../src/web/server.ts';
import { createMemory, openBuckets, seenIn } from './memory.ts';
import { botToken, type SlackWorld, signingSecret } from './slack-world.ts';

export type SlackRig = {
  adapter: SlackAdapter;
  web: WebServer;
  received: Incoming[];
  /** What it told of its IT channel. */
  news: string[];
  errors: unknown[];
  warnings: string[];
  /** Door and reason of each request that was not let in. */
  refused: string[];
  memory: AdapterMemory;
  /** Whether what is said in a thread belongs to a case, or is something else for the bot. */
  isKnown: boolean;
  /** What the bot does from now on. */
  handle: (incoming: Incoming) => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The adapter on a free loopback port in a workspace, with a scripted bot behind it. */
export const openSlack = async (
  world: SlackWorld,
  memory: AdapterMemory = createMemory(),
  shared?: SharedBuckets,
): Promise<SlackRig> => {
  const received: Incoming[] = [];
  const news: string[] = [];
  const errors: unknown[] = [];
  const warnings: string[] = [];
  const refused: string[] = [];
  const texts = { de: deTexts, en: enTexts };
  const own = await openBuckets();
  const adapter = createSlackAdapter({
    token: botToken,
    apiUrl: world.door.apiUrl,
    mode: { type: 'http', signingSecret },
    itChannel: world.itChannel,
    itMention: undefined,
    seen: seenIn(memory),
    buckets: shared ?? own,
    receive: async (incoming) => {
      received.push(incoming);
      await rig.handle(incoming);
      return rig.isKnown ? { locale: incoming.platformLocale ?? 'de' } : null;
    },
    hearOfChannel: async ({ what }) => void news.push(what),
    texts: (locale) => texts[locale],
    defaultLocale: 'de',
    itLocale: 'de',
    log: { warn: (fields, message) => void warnings.push(`${message} ${JSON.stringify(fields)}`) },
    onRefused: (door, reason) => void refused.push(`${door} ${reason}`),
    onError: (error) => void errors.push(error),
  });
  const health = async () => ({ ready: true, parts: {} });
  const routers = adapter.router ? [adapter.router] : [];
  const web = await startWebServer({ host: '127.0.0.1', port: 0, routers, health });
  await adapter.start();
  const close = async (): Promise<void> => {
    await web.stop();
    await adapter.stop();
    await own.close();
  };
  const rig: SlackRig = {
    adapter,
    web,
    received,
    news,
    errors,
    warnings,
    refused,
    memory,
    isKnown: true,
    handle: async () => {},
    [Symbol.asyncDispose]: close,
  };
  return rig;
};
