import { randomUUID } from 'node:crypto';
import { createPreviewAdapter } from './adapters/preview/index.ts';
import { createBot, createLinks, createTake, hasItChannel } from './bot.ts';
import type { Incoming } from './chat/port.ts';
import { readAuthorities, runCheck } from './check.ts';
import type { Config } from './config.ts';
import { createLoginDoor } from './login-door.ts';
import { createGuard, mailPorts } from './net/guard.ts';
import { createNetwork } from './net/network.ts';
import { openEmbeddedStore } from './store/embedded.ts';
import { createLog, errorFields } from './telemetry/log.ts';
import { createLoginPage } from './web/login.ts';
import { startWebServer } from './web/server.ts';
import { catalogues } from './wording/catalogue.ts';
import { loginWords } from './wording/login-page.ts';
import { createWording } from './wording/views.ts';

/** Whether `runCheck` tries a login. */
const canLogIn = false;

/** Puts everything together and starts it. The only place that knows everyone. */
export const startApp = async (config: Config) => {
  const log = createLog(config.LOG_LEVEL);
  const authorities = await readAuthorities(config.CHECK_CA_FILE ?? null);
  const store = await openEmbeddedStore({ directory: config.DATA_DIR });
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
  const preview = createPreviewAdapter({
    memory: store.memory('preview'),
    receive: async (incoming) => (await receiver)(incoming),
    pageTexts: (locale) => catalogues[locale].preview,
    defaultLocale: config.DEFAULT_LOCALE,
    onError,
  });
  const adapters = [preview];
  const itLocale = config.IT_LOCALE ?? config.DEFAULT_LOCALE;
  let ownUrl = '';
  /** On loopback people reach us where we listen. */
  const site = (): string => config.PUBLIC_URL ?? ownUrl;
  const bot = createBot({
    store,
    adapters,
    wording: createWording({
      itLocale,
      now: Date.now,
      itChannel: hasItChannel(adapters),
      loginPage: canLogIn,
    }),
    diagnose: (account, { signal, onProgress, secret }) =>
      runCheck(
        account,
        { network, authorities, policy: config.POLICY, now: Date.now },
        { signal, onProgress, ...(secret ? { secret } : {}) },
      ),
    discover: null,
    take: createTake(store.memory('limits')),
    links: createLinks(store.memory('links'), Date.now),
    erase: null,
    clock: { now: Date.now },
    newId: randomUUID,
    log,
    settings: {
      defaultLocale: config.DEFAULT_LOCALE,
      itLocale,
      allowedPorts: [...mailPorts, ...config.CHECK_ALLOW_PORTS],
      // A password may be typed only where a check can use it.
      loginUrl: canLogIn ? () => `${site()}/login` : null,
    },
  });
  connect(bot.receive);
  const loginPage = createLoginPage({
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
    routers: [preview.router, loginPage],
    health: async () => ({ ready: true, parts: { store: await store.ping().then(() => true) } }),
    onError,
  }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  ownUrl = server.url;
  bot.start();
  return {
    url: server.url,
    /** Waits for what runs, within a limit. */
    stop: async (): Promise<void> => {
      await server.stop();
      await bot.stop();
      await store.close();
    },
  };
};
