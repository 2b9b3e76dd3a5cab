import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import { createPreviewAdapter } from './adapters/preview/index.ts';
import type { SlackOptions } from './adapters/slack/index.ts';
import { createBot, hasItChannel } from './bot.ts';
import type { AdapterMemory, ChatAdapter, Incoming } from './chat/port.ts';
import { readAuthorities, runCheck } from './check.ts';
import { type Config, hasPlatform } from './config.ts';
import { recogniseProvider } from './discovery/recognise.ts';
import { createGuard, mailPorts } from './net/guard.ts';
import { createNetwork } from './net/network.ts';
import { openStore } from './store/open.ts';
import { createLog, errorFields } from './telemetry/log.ts';
import { startWebServer } from './web/server.ts';
import { catalogues } from './wording/catalogue.ts';
import { createWording } from './wording/views.ts';

/** An adapter with what only the app needs of it; what a platform does not need is left out. */
type Platform = ChatAdapter & {
  router: Router | null;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** For `/readyz`, each part by its name. */
  health?(): Promise<Record<string, boolean>>;
};

type Chat = Omit<SlackOptions, 'token' | 'apiUrl' | 'mode' | 'itChannel' | 'once'> & {
  memory: AdapterMemory;
};

/** Loaded only where it is used: the SDK takes longer to load than all the rest. */
const openSlack = async (config: Config, { memory, ...chat }: Chat): Promise<Platform[]> => {
  const { SLACK_BOT_TOKEN: token, SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: appToken } = config;
  if (token === undefined) return [];
  const { createSlackAdapter, onceInMemory } = await import('./adapters/slack/index.ts');
  const adapter = createSlackAdapter({
    ...chat,
    token,
    apiUrl: config.SLACK_API_URL,
    itChannel: config.SLACK_IT_CHANNEL,
    mode:
      signingSecret === undefined
        ? { type: 'socket', appToken: appToken ?? '' }
        : { type: 'http', signingSecret },
    once: onceInMemory(memory),
  });
  return [adapter];
};

/** Puts everything together and starts it. The only place that knows everyone. */
export const startApp = async (config: Config) => {
  const log = createLog(config.LOG_LEVEL);
  const authorities = await readAuthorities(config.CHECK_CA_FILE ?? null);
  const store = await openStore({ databaseUrl: config.DATABASE_URL, directory: config.DATA_DIR });
  const network = createNetwork({
    guard: createGuard({
      restricted: true,
      allowNetworks: config.CHECK_ALLOW_NETWORKS,
      allowPorts: config.CHECK_ALLOW_PORTS,
    }),
    nameServers: config.CHECK_DNS_SERVERS,
  });
  const onError = (error: unknown): void => log.error(errorFields(error), 'request failed');
  const { promise: receiver, resolve: connect } =
    Promise.withResolvers<(incoming: Incoming) => Promise<void>>();
  const receive = async (incoming: Incoming): Promise<void> => (await receiver)(incoming);
  const defaultLocale = config.DEFAULT_LOCALE;
  const itLocale = config.IT_LOCALE ?? defaultLocale;
  const chat = {
    texts: (locale: 'de' | 'en') => catalogues[locale].chat,
    defaultLocale,
    itLocale,
    receive,
    log,
    onError,
  };
  const preview = () =>
    createPreviewAdapter({
      memory: store.memory('preview'),
      receive,
      pageTexts: (locale) => catalogues[locale].preview,
      defaultLocale,
      onError,
    });
  const adapters: Platform[] = [
    ...(hasPlatform(config) ? [] : [preview()]),
    ...(await openSlack(config, { ...chat, memory: store.memory('slack') })),
  ];
  const bot = createBot({
    store,
    adapters,
    wording: createWording({ itLocale, now: Date.now, itChannel: hasItChannel(adapters) }),
    diagnose: (account, watch) =>
      runCheck(
        account,
        {
          network,
          authorities,
          policy: config.POLICY,
          now: Date.now,
          recogniseProvider: (address, signal) =>
            recogniseProvider(address, { records: network.records, signal }),
        },
        watch,
      ),
    clock: { now: Date.now },
    newId: randomUUID,
    log,
    settings: {
      defaultLocale,
      itLocale,
      allowedPorts: [...mailPorts, ...config.CHECK_ALLOW_PORTS],
      watchIntervalMs: config.WATCH_INTERVAL * 1000,
      retentionDays: config.RETENTION_DAYS,
    },
  });
  connect(bot.receive);
  const server = await startWebServer({
    host: config.HOST,
    port: config.PORT,
    routers: adapters.flatMap(({ router }) => router ?? []),
    health: async () => {
      const asked = await Promise.all(adapters.map((adapter) => adapter.health?.() ?? {}));
      const parts = Object.assign(
        { store: await store.ping().then(() => true), ...(await bot.health()) },
        ...asked,
      );
      return { ready: Object.values(parts).every((good) => good === true), parts };
    },
    onError,
  }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await Promise.all(adapters.map((adapter) => adapter.stop?.()));
    await bot.stop();
    await store.close();
  };
  try {
    for (const adapter of adapters) await adapter.start?.();
  } catch (error) {
    await stop();
    throw error;
  }
  bot.start();
  return {
    url: server.url,
    /** Where people meet the bot, for the line that tells of the start. */
    shows: hasPlatform(config) ? 'listening' : 'local preview',
    /** Waits for what runs, within a limit. */
    stop,
  };
};
