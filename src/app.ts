import { randomUUID } from 'node:crypto';
import { type AddressesOf, createBot, type FindForeignServers, hasItChannel, type Log } from './bot/index.ts';
import { openBotNetwork } from './bot-network.ts';
import type { ChatAdapter } from './chat/port.ts';
import { readAuthorities, runCheck, UnreadableAuthorities } from './check.ts';
import { type Config, ConfigError, hasPlatform } from './config/index.ts';
import { isLoopback } from './lib/loopback.ts';
import { createLoginDoor } from './login-door.ts';
import { mailPorts } from './net/guard.ts';
import { aboutStart, openOperation } from './operation.ts';
import { openPlatforms } from './platforms.ts';
import { rehearsedMsOf, watchOf } from './rehearsal-order.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/ports.ts';
import { createLog, errorFields } from './telemetry/log.ts';
import { createProbeThread } from './threads/probe-thread.ts';
import { createLoginPage } from './web/login/index.ts';
import { startWebServer } from './web/server.ts';
import { loginWords } from './wording/forms/login-page.ts';
import { createWording } from './wording/index.ts';

/** How long a report may wait to know whose the servers are, in milliseconds. */
const kinshipMs = 3000;

/** Looking at mail servers: what the bot asks of the world besides the chat platforms. */
const createLook = async (config: Config) => {
  const allowedPorts = [...mailPorts, ...config.CHECK_ALLOW_PORTS];
  const network = openBotNetwork(config);
  const authorities = await readAuthorities(config.CHECK_CA_FILE ?? null).catch((cause: unknown) => {
    throw cause instanceof UnreadableAuthorities
      ? new ConfigError(`CHECK_CA_FILE: ${cause.message}`, { cause })
      : cause;
  });
  const check: Parameters<typeof runCheck>[1] = {
    network,
    authorities,
    policy: config.POLICY,
    now: Date.now,
    recogniseProvider: async (address, signal) => {
      const { recogniseProvider } = await import('./discovery/recognise.ts');
      return recogniseProvider(address, { records: network.records, signal });
    },
  };
  const thread = createProbeThread({
    allowNetworks: config.CHECK_ALLOW_NETWORKS,
    allowPorts: config.CHECK_ALLOW_PORTS,
    nameServers: config.CHECK_DNS_SERVERS,
    authorities: authorities.map(String),
    proposedPorts: allowedPorts,
  });
  return {
    allowedPorts,
    diagnose: (async (account, { signal, onProgress, secret, provider, question, pinned, rehearsal }) => {
      const result = await runCheck(
        account,
        {
          ...check,
          probe: thread.probe,
          ...(provider ? { recogniseProvider: async () => provider } : {}),
        },
        {
          signal,
          onProgress,
          ...(secret ? { secret } : {}),
          ...(question ? { question } : {}),
          ...(pinned ? { pinned } : {}),
          ...(rehearsal ? watchOf(rehearsal, signal) : {}),
        },
      );
      return { ...result, rehearsedMs: rehearsedMsOf(result) };
    }) satisfies Parameters<typeof createBot>[0]['diagnose'],
    findForeignServers: (async (account, { proposal, signal }) => {
      const { findForeignServers } = await import('./discovery/kinship.ts');
      return findForeignServers(account, {
        records: network.records,
        proposal,
        signal: AbortSignal.any([signal, AbortSignal.timeout(kinshipMs)]),
      });
    }) satisfies FindForeignServers,
    addressesOf: (async (host, signal) =>
      (await network.resolve(host, signal)).addresses) satisfies AddressesOf,
    discover: thread.discover satisfies Parameters<typeof createBot>[0]['discover'],
    warm: thread.warm,
    stop: thread.stop,
  };
};

const settingsOf = (config: Config) => ({
  defaultLocale: config.DEFAULT_LOCALE,
  itLocale: config.IT_LOCALE ?? config.DEFAULT_LOCALE,
  watchIntervalMs: config.WATCH_INTERVAL * 1000,
  reminders: config.REMINDERS === 'on',
  retentionDays: config.RETENTION_DAYS,
  refusesForeignServers: config.LOGIN_FOREIGN_SERVERS === 'refuse',
  rehearsal: config.REHEARSAL === 'off' ? null : { patienceMs: config.REHEARSAL_PATIENCE * 1000 },
});

const wordingOf = (
  config: Config,
  { adapters, loginPage }: { adapters: readonly ChatAdapter[]; loginPage: boolean },
) => {
  const { itLocale, refusesForeignServers } = settingsOf(config);
  return createWording({
    itLocale,
    now: Date.now,
    loginPage,
    refusesForeignServers,
    // A platform may learn its channel at any time.
    get itChannel() {
      return hasItChannel(adapters);
    },
  });
};

type LoginPageParts = Pick<Parameters<typeof createLoginPage>[0], 'onRefused' | 'onError'> & {
  config: Config;
  log: Log;
  /** Where the bot is reached from outside. */
  site(): string;
};

const loginPageOf = (
  bot: ReturnType<typeof createBot>,
  { config, log, site, onRefused, onError }: LoginPageParts,
) =>
  createLoginPage({
    onRefused,
    onOtherAddress: () =>
      log.warn({ code: 'other-address' }, 'the login page was opened at another address than PUBLIC_URL'),
    door: createLoginDoor(bot, Date.now),
    site: () => {
      const { origin, protocol } = new URL(site());
      return { origin, isSecure: protocol === 'https:' };
    },
    words: loginWords,
    defaultLanguage: config.DEFAULT_LOCALE,
    onError,
  });

type Listener = Pick<ReturnType<typeof createBot>, 'receive' | 'hearOfChannel'>;
type PlatformsParts = Omit<Parameters<typeof openPlatforms>[0], keyof Listener>;

/** They may hear something before there is a bot. Whoever speaks will soon want servers to be looked at. */
const openFor = (listener: Promise<Listener>, around: PlatformsParts & { onSpeech(): void }) =>
  openPlatforms({
    ...around,
    receive: async (incoming) => {
      around.onSpeech();
      return (await listener).receive(incoming);
    },
    hearOfChannel: async (news) => (await listener).hearOfChannel(news),
  });

const serve = async (config: Config, { store, log }: { store: Store; log: Log }) => {
  const look = await createLook(config);
  const { promise: listener, resolve: connect } = Promise.withResolvers<ReturnType<typeof createBot>>();
  const operation = openOperation({ config, store, log });
  const { onRefused } = operation;
  const adapters = await openFor(listener, { config, store, log, onRefused, onSpeech: look.warm });
  // A password is typed only where nobody listens: over https, or on this machine.
  const loginPage = config.PUBLIC_URL !== undefined || isLoopback(config.HOST);
  let ownUrl = '';
  const site = (): string => config.PUBLIC_URL ?? ownUrl;
  const bot = createBot({
    store,
    adapters,
    wording: wordingOf(config, { adapters, loginPage }),
    diagnose: look.diagnose,
    discover: look.discover,
    findForeignServers: look.findForeignServers,
    addressesOf: look.addressesOf,
    clock: { now: Date.now },
    newId: randomUUID,
    log,
    metrics: operation.metrics,
    settings: {
      ...settingsOf(config),
      allowedPorts: look.allowedPorts,
      loginUrl: loginPage ? () => `${site()}/login` : null,
    },
  });
  connect(bot);
  const { figures, health, token } = operation.show({ adapters, ofBot: bot.health });
  const onError = (error: unknown): void => log.error(errorFields(error), 'request failed');
  const login = loginPageOf(bot, { config, site, log, onRefused, onError });
  const server = await startWebServer({
    host: config.HOST,
    port: config.PORT,
    routers: [figures, ...adapters.flatMap(({ router }) => router ?? []), ...(loginPage ? [login] : [])],
    health,
    token,
    onError,
  });
  ownUrl = server.url;
  const stop = async (): Promise<void> => {
    await server.stop();
    await Promise.all(adapters.map((adapter) => adapter.stop?.()));
    await bot.stop();
    await look.stop();
  };
  try {
    for (const adapter of adapters) await adapter.start?.();
  } catch (error) {
    await stop();
    throw error;
  }
  bot.start();
  const platforms = adapters.map(({ platform }) => platform);
  return { url: server.url, platforms, stop };
};

/** Puts everything together and starts it. The only place that knows everyone. */
export const startApp = async (config: Config) => {
  const log = createLog(config.LOG_LEVEL);
  const store = await openStore({ databaseUrl: config.DATABASE_URL, directory: config.DATA_DIR });
  try {
    const { url, platforms, stop } = await serve(config, { store, log });
    return {
      url,
      about: await aboutStart(config, platforms),
      /** Where people meet the bot, for the line that tells of the start. */
      shows: hasPlatform(config) ? 'listening' : 'local preview',
      /** Waits for what runs, within a limit. */
      stop: async (): Promise<void> => {
        await stop();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
};
