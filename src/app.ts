import { randomUUID } from 'node:crypto';
import { type AddressesOf, createBot, type FindForeignServers, hasItChannel, type Log } from './bot.ts';
import { openBotNetwork } from './bot-network.ts';
import type { Receive } from './chat/port.ts';
import { readAuthorities, runCheck, UnreadableAuthorities } from './check.ts';
import { isLoopback } from './config/loopback.ts';
import { type Config, ConfigError, hasPlatform } from './config.ts';
import { discover } from './discovery/discover.ts';
import { findForeignServers } from './discovery/kinship.ts';
import { recogniseProvider } from './discovery/recognise.ts';
import { createLoginDoor } from './login-door.ts';
import { mailPorts } from './net/guard.ts';
import { openPlatforms } from './platforms.ts';
import { answersAt } from './probe/answers.ts';
import { createReadiness } from './readiness.ts';
import { openStore } from './store/open.ts';
import { jobKinds, type Store } from './store/ports.ts';
import { createLog, errorFields } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createLoginPage } from './web/login.ts';
import { metricsRoute } from './web/metrics.ts';
import { startWebServer } from './web/server.ts';
import { loginWords } from './wording/login-page.ts';
import { createWording } from './wording/views.ts';

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
    recogniseProvider: (address, signal) => recogniseProvider(address, { records: network.records, signal }),
  };
  return {
    allowedPorts,
    diagnose: ((account, { signal, onProgress, secret, provider, pinned }) =>
      runCheck(
        account,
        { ...check, ...(provider ? { recogniseProvider: async () => provider } : {}) },
        { signal, onProgress, ...(secret ? { secret } : {}), ...(pinned ? { pinned } : {}) },
      )) satisfies Parameters<typeof createBot>[0]['diagnose'],
    findForeignServers: ((account, { proposal, signal }) =>
      findForeignServers(account, {
        records: network.records,
        proposal,
        signal: AbortSignal.any([signal, AbortSignal.timeout(kinshipMs)]),
      })) satisfies FindForeignServers,
    addressesOf: (async (host, signal) =>
      (await network.resolve(host, signal)).addresses) satisfies AddressesOf,
    discover: ((address, { signal, withinMs }) =>
      discover(address, {
        withinMs,
        network,
        authorities,
        allowedPorts,
        signal,
        answers: (endpoint, until) => answersAt(endpoint, { network, signal: until }),
      })) satisfies Parameters<typeof createBot>[0]['discover'],
  };
};

/** Said of every kind: a number that appears with the first job given up has not grown, and alerts nobody. */
const noJobs = Object.fromEntries(jobKinds.map((kind) => [kind, 0]));

const depthsOf = async (store: Store) => {
  const now = Date.now();
  const { oldestDue, waiting, givenUp, unreadable } = await store.counts(now);
  return {
    waiting: { ...noJobs, ...waiting },
    givenUp: { ...noJobs, ...givenUp },
    oldestDueMs: oldestDue === null ? 0 : Math.max(0, now - oldestDue),
    unreadable,
  };
};

const serve = async (config: Config, { store, log }: { store: Store; log: Log }) => {
  const look = await createLook(config);
  const { promise: receiver, resolve: connect } = Promise.withResolvers<Receive>();
  const metrics = createMetrics(() => depthsOf(store));
  const adapters = await openPlatforms({
    config,
    store,
    log,
    receive: async (incoming) => (await receiver)(incoming),
    onRefused: metrics.turnedAway,
  });
  const itLocale = config.IT_LOCALE ?? config.DEFAULT_LOCALE;
  // A password is typed only where nobody listens: over https, or on this machine.
  const loginPage = config.PUBLIC_URL !== undefined || isLoopback(config.HOST);
  const refusesForeignServers = config.LOGIN_FOREIGN_SERVERS === 'refuse';
  let ownUrl = '';
  const site = (): string => config.PUBLIC_URL ?? ownUrl;
  const bot = createBot({
    store,
    adapters,
    wording: createWording({
      itLocale,
      now: Date.now,
      loginPage,
      refusesForeignServers,
      // A platform may learn its channel at any time.
      get itChannel() {
        return hasItChannel(adapters);
      },
    }),
    diagnose: look.diagnose,
    discover: look.discover,
    findForeignServers: look.findForeignServers,
    addressesOf: look.addressesOf,
    clock: { now: Date.now },
    newId: randomUUID,
    log,
    metrics,
    settings: {
      defaultLocale: config.DEFAULT_LOCALE,
      itLocale,
      allowedPorts: look.allowedPorts,
      watchIntervalMs: config.WATCH_INTERVAL * 1000,
      retentionDays: config.RETENTION_DAYS,
      loginUrl: loginPage ? () => `${site()}/login` : null,
      refusesForeignServers,
    },
  });
  connect(bot.receive);
  const figures = metricsRoute({ ...metrics, token: config.METRICS_TOKEN ?? null });
  const onError = (error: unknown): void => log.error(errorFields(error), 'request failed');
  const login = createLoginPage({
    onRefused: metrics.turnedAway,
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
  const server = await startWebServer({
    host: config.HOST,
    port: config.PORT,
    routers: [figures, ...adapters.flatMap(({ router }) => router ?? []), ...(loginPage ? [login] : [])],
    health: createReadiness({
      store,
      ofBot: bot.health,
      ofPlatforms: adapters.flatMap(({ health }) => health ?? []),
      onError,
    }),
    onError,
  });
  ownUrl = server.url;
  const stop = async (): Promise<void> => {
    await server.stop();
    await Promise.all(adapters.map((adapter) => adapter.stop?.()));
    await bot.stop();
  };
  try {
    for (const adapter of adapters) await adapter.start?.();
  } catch (error) {
    await stop();
    throw error;
  }
  bot.start();
  return { url: server.url, stop };
};

/** Puts everything together and starts it. The only place that knows everyone. */
export const startApp = async (config: Config) => {
  const log = createLog(config.LOG_LEVEL);
  const store = await openStore({ databaseUrl: config.DATABASE_URL, directory: config.DATA_DIR });
  try {
    const { url, stop } = await serve(config, { store, log });
    return {
      url,
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
