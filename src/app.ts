import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { createBot, hasItChannel, type Log } from './bot/index.ts';
import type { ChatAdapter } from './chat/port.ts';
import type { OnRefused } from './chat/refusals.ts';
import { type Config, hasPlatform } from './config/index.ts';
import type { PortRange } from './diagnosis/account/parse.ts';
import { isLoopback } from './lib/loopback.ts';
import { createOnDemand } from './lib/on-demand.ts';
import { mailPorts } from './net/ports.ts';
import { aboutStart, openOperation } from './operation.ts';
import { openPlatforms } from './platforms.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/ports.ts';
import { createLog, errorFields } from './telemetry/log.ts';
import { startWebServer } from './web/server.ts';
import { createWording } from './wording/index.ts';

/** Loaded when somebody speaks or a server has to be looked at; a named file that cannot be read stops the start. */
const openLook = async (config: Config, allowedPorts: readonly PortRange[]) => {
  const look = createOnDemand(async () => (await import('./look.ts')).createLook(config, allowedPorts));
  if (config.CHECK_CA_FILE !== undefined) await look.get();
  const warm = look.call((loaded) => loaded.warm);
  return {
    diagnose: look.call(({ diagnose }) => diagnose),
    discover: look.call(({ discover }) => discover),
    findForeignServers: look.call((loaded) => loaded.findForeignServers),
    addressesOf: look.call((loaded) => loaded.addressesOf),
    warm: (): void => void warm(),
    stop: async (): Promise<void> => {
      await (await look.made())?.stop();
    },
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

type LoginPageParts = {
  config: Config;
  log: Log;
  onRefused: OnRefused;
  onError(error: unknown): void;
  /** Where the bot is reached from outside. */
  site(): string;
};

/** Loaded with the first request that nobody before it has answered. */
const loginPageOf = (
  bot: ReturnType<typeof createBot>,
  { config, log, site, onRefused, onError }: LoginPageParts,
): Router => {
  const page = createOnDemand(async () => {
    const [{ createLoginDoor }, { createLoginPage }, { loginWords }] = await Promise.all([
      import('./login-door.ts'),
      import('./web/login/index.ts'),
      import('./wording/forms/login-page.ts'),
    ]);
    return createLoginPage({
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
  });
  return Router().use(async (request, response, next) => (await page.get())(request, response, next));
};

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
  const allowedPorts = [...mailPorts, ...config.CHECK_ALLOW_PORTS];
  const look = await openLook(config, allowedPorts);
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
      allowedPorts,
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
  const about = await aboutStart(config);
  const store = await openStore({ databaseUrl: config.DATABASE_URL, directory: config.DATA_DIR });
  try {
    const { url, platforms, stop } = await serve(config, { store, log });
    return {
      url,
      about: { ...about, platforms: platforms.join(' ') },
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
