import { randomUUID } from 'node:crypto';
import { createPreviewAdapter } from './adapters/preview/index.ts';
import { openTeamsAdapter } from './adapters/teams/index.ts';
import { createBot, hasItChannel } from './bot.ts';
import type { Incoming } from './chat/port.ts';
import { readAuthorities, runCheck } from './check.ts';
import { type Config, teamsOf } from './config.ts';
import { createGuard, mailPorts } from './net/guard.ts';
import { createNetwork } from './net/network.ts';
import { openEmbeddedStore } from './store/embedded.ts';
import { createLog, errorFields } from './telemetry/log.ts';
import { startWebServer } from './web/server.ts';
import { catalogues } from './wording/catalogue.ts';
import { createWording } from './wording/views.ts';

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
  const receive = async (incoming: Incoming): Promise<void> => (await receiver)(incoming);
  const itLocale = config.IT_LOCALE ?? config.DEFAULT_LOCALE;
  const locales = { default: config.DEFAULT_LOCALE, it: itLocale };
  const openPreview = () =>
    createPreviewAdapter({
      memory: store.memory('preview'),
      receive,
      pageTexts: (locale) => catalogues[locale].preview,
      defaultLocale: config.DEFAULT_LOCALE,
      onError,
    });
  const openTeams = (teams: NonNullable<ReturnType<typeof teamsOf>>) =>
    openTeamsAdapter({
      ...teams,
      memory: store.memory('teams'),
      receive,
      texts: (locale) => catalogues[locale].dialogs,
      locales,
      onError,
    });
  const teams = teamsOf(config);
  const platforms = [...(teams ? [await openTeams(teams)] : [])];
  const adapters = platforms.length > 0 ? platforms : [openPreview()];
  const bot = createBot({
    store,
    adapters,
    wording: createWording({
      itLocale,
      now: Date.now,
      get itChannel() {
        return hasItChannel(adapters);
      },
    }),
    diagnose: (account, watch) =>
      runCheck(account, { network, authorities, policy: config.POLICY, now: Date.now }, watch),
    clock: { now: Date.now },
    newId: randomUUID,
    log,
    settings: {
      defaultLocale: config.DEFAULT_LOCALE,
      itLocale,
      allowedPorts: [...mailPorts, ...config.CHECK_ALLOW_PORTS],
    },
  });
  connect(bot.receive);
  const server = await startWebServer({
    host: config.HOST,
    port: config.PORT,
    routers: adapters.map(({ router }) => router),
    health: async () => ({ ready: true, parts: { store: await store.ping().then(() => true) } }),
    onError,
  }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  bot.start();
  return {
    url: server.url,
    /** What people find there. */
    serves: platforms.length > 0 ? platforms.map(({ platform }) => platform).join(', ') : 'local preview',
    /** Waits for what runs, within a limit. */
    stop: async (): Promise<void> => {
      await server.stop();
      await bot.stop();
      await store.close();
    },
  };
};
