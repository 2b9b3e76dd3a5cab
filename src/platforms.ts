import type { Router } from 'express';
import { createPreviewAdapter } from './adapters/preview/index.ts';
import type { ChatAdapter, Incoming } from './chat/port.ts';
import { hasSlack } from './config/slack.ts';
import { hasTeams, teamsOf } from './config/teams.ts';
import { type Config, hasPlatform } from './config.ts';
import type { Store } from './store/ports.ts';
import { errorFields, type Log } from './telemetry/log.ts';
import { catalogues } from './wording/catalogue.ts';

/** An adapter with what only the app needs of it; what a platform does not need is left out. */
export type Platform = ChatAdapter & {
  router: Router | null;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** For `/readyz`, each part by its name. */
  health?(): Promise<Record<string, boolean>>;
};

type Surroundings = {
  config: Config;
  store: Store;
  log: Log;
  receive(incoming: Incoming): Promise<void>;
};

const common = ({ config, log, receive }: Surroundings) => ({
  receive,
  defaultLocale: config.DEFAULT_LOCALE,
  itLocale: config.IT_LOCALE ?? config.DEFAULT_LOCALE,
  log,
  onError: (error: unknown): void => log.error(errorFields(error), 'request failed'),
});

const preview = async (around: Surroundings): Promise<Platform> =>
  createPreviewAdapter({
    ...common(around),
    memory: around.store.memory('preview'),
    pageTexts: (locale) => catalogues[locale].preview,
  });

/** Loaded only where it is used: the SDK takes longer to load than all the rest. */
const slack = async (around: Surroundings): Promise<Platform> => {
  const { config, store } = around;
  const { SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: appToken } = config;
  const { createSlackAdapter } = await import('./adapters/slack/index.ts');
  return createSlackAdapter({
    ...common(around),
    texts: (locale) => catalogues[locale].chat,
    token: config.SLACK_BOT_TOKEN ?? '',
    apiUrl: config.SLACK_API_URL,
    itChannel: config.SLACK_IT_CHANNEL,
    mode:
      signingSecret === undefined
        ? { type: 'socket', appToken: appToken ?? '' }
        : { type: 'http', signingSecret },
    seen: { begin: store.beginOnce, end: store.endOnce },
  });
};

const teams = async (around: Surroundings): Promise<Platform> => {
  const { config, store } = around;
  const settings = teamsOf(config);
  if (!settings) throw new Error('expected settings of Teams');
  const { openTeamsAdapter } = await import('./adapters/teams/index.ts');
  const { defaultLocale, itLocale, ...rest } = common(around);
  return openTeamsAdapter({
    ...rest,
    ...settings,
    memory: store.memory('teams'),
    texts: (locale) => catalogues[locale].dialogs,
    locales: { default: defaultLocale, it: itLocale },
    seen: { begin: store.beginOnce, end: store.endOnce },
  });
};

type Entry = { isUsed(config: Config): boolean; open(around: Surroundings): Promise<Platform> };

/** Every platform that there is, one line each, and when it is used. */
const registry: readonly Entry[] = [
  { isUsed: (config) => !hasPlatform(config), open: preview },
  { isUsed: hasSlack, open: slack },
  { isUsed: hasTeams, open: teams },
];

export const openPlatforms = (around: Surroundings): Promise<Platform[]> =>
  Promise.all(registry.filter(({ isUsed }) => isUsed(around.config)).map(({ open }) => open(around)));
