import type { Router } from 'express';
import type { Log } from './bot/index.ts';
import type { AccessReport, BlocksReport } from './chat/access.ts';
import type { AdapterMemory, ChatAdapter, HearOfChannel, Receive } from './chat/port.ts';
import type { OnRefused } from './chat/refusals.ts';
import { type ChatPlatform, type Config, chatPlatforms } from './config/index.ts';
import { teamsOf } from './config/teams.ts';
import { codeOf } from './lib/error-code.ts';
import type { Store } from './store/ports.ts';
import { errorFields } from './telemetry/log.ts';
import { catalogues } from './wording/catalogue/catalogue.ts';

/** An adapter with what only the app needs of it; what a platform does not need is left out. */
export type Platform = ChatAdapter & {
  router: Router | null;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** For `/readyz`, each part by its name. */
  health?(): Promise<Record<string, boolean>>;
  /** For `/readyz`: what is not as it should be and keeps nobody from being served. Ids are permanent. */
  warnings?(): Promise<readonly string[]>;
};

type PlatformParts = {
  config: Config;
  store: Store;
  log: Log;
  receive: Receive;
  hearOfChannel: HearOfChannel;
  onRefused: OnRefused;
};

const common = ({ config, log, receive, onRefused }: PlatformParts) => ({
  receive,
  onRefused,
  defaultLocale: config.DEFAULT_LOCALE,
  itLocale: config.IT_LOCALE ?? config.DEFAULT_LOCALE,
  log,
  onError: (error: unknown): void => log.error(errorFields(error), 'request failed'),
});

/** Each is loaded only where it is used; an SDK takes longer to load than all the rest. */
const preview = async (around: PlatformParts): Promise<Platform> => {
  const { createPreviewAdapter } = await import('./adapters/preview/index.ts');
  return createPreviewAdapter({
    ...common(around),
    memory: around.store.memory('preview'),
    pageTexts: (locale) => catalogues[locale].preview,
  });
};

const slack = async (around: PlatformParts): Promise<Platform> => {
  const { config, store } = around;
  const { SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: appToken } = config;
  const { createSlackAdapter } = await import('./adapters/slack/index.ts');
  return createSlackAdapter({
    ...common(around),
    hearOfChannel: around.hearOfChannel,
    texts: (locale) => catalogues[locale].chat,
    token: config.SLACK_BOT_TOKEN ?? '',
    apiUrl: config.SLACK_API_URL,
    itChannel: config.SLACK_IT_CHANNEL,
    itMention: config.SLACK_IT_MENTION,
    mode:
      signingSecret === undefined
        ? { type: 'socket', appToken: appToken ?? '' }
        : { type: 'http', signingSecret },
    seen: { begin: store.beginOnce, end: store.endOnce },
    buckets: store,
  });
};

const teams = async (around: PlatformParts): Promise<Platform> => {
  const { config, store } = around;
  const settings = teamsOf(config);
  if (!settings) throw new Error('expected settings of Teams');
  const { openTeamsAdapter } = await import('./adapters/teams/index.ts');
  const { defaultLocale, itLocale, ...rest } = common(around);
  return openTeamsAdapter({
    ...rest,
    ...settings,
    hearOfChannel: around.hearOfChannel,
    memory: store.memory('teams'),
    texts: (locale) => catalogues[locale].dialogs,
    locales: { default: defaultLocale, it: itLocale },
    seen: { begin: store.beginOnce, end: store.endOnce },
    buckets: store,
  });
};

/** What an adapter keeps; null: the store does not answer. */
type MemoryOf = (owner: string) => Promise<AdapterMemory | null>;

const examineSlack = async (config: Config): Promise<AccessReport> => {
  const { examineSlack: examine } = await import('./adapters/slack/api/examine.ts');
  return examine({
    token: config.SLACK_BOT_TOKEN ?? '',
    apiUrl: config.SLACK_API_URL,
    // With both the signing secret is used, and the app-level token does nothing.
    appToken: config.SLACK_SIGNING_SECRET === undefined ? (config.SLACK_APP_TOKEN ?? null) : null,
    itChannel: config.SLACK_IT_CHANNEL,
  });
};

const examineTeams = async (config: Config, memoryOf: MemoryOf): Promise<AccessReport> => {
  const settings = teamsOf(config);
  if (!settings) throw new Error('expected settings of Teams');
  const { examineTeams: examine } = await import('./adapters/teams/api/examine.ts');
  const arrived = await (await memoryOf('it-channel'))?.get('teams');
  return examine({
    ...settings,
    memory: await memoryOf('teams'),
    lastReached: typeof arrived === 'boolean' ? arrived : null,
  });
};

/** What the previews show is all that is said. They are no part of what runs, nor of a package. */
const loadPreviews = async () => {
  try {
    return await import('../scripts/previews/payloads.ts');
  } catch (error) {
    if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    return null;
  }
};

const validateSlackBlocks = async (config: Config): Promise<BlocksReport> => {
  const [{ examineBlocks }, previews] = await Promise.all([
    import('./adapters/slack/api/blocks/examine.ts'),
    loadPreviews(),
  ]);
  if (!previews) return { found: 'checkout-only', count: 0 };
  return examineBlocks(
    { token: config.SLACK_BOT_TOKEN ?? '', apiUrl: config.SLACK_API_URL },
    previews.everyPreview(),
  );
};

type Entry = {
  open(around: PlatformParts): Promise<Platform>;
  /** Null: it needs no access to anywhere. */
  examined: {
    name: string;
    ask(config: Config, memoryOf: MemoryOf): Promise<AccessReport>;
    /** Where it is; null: it is not asked. */
    site(config: Config): string | null;
    /** Settings that nobody but the platform can judge, and only with its own requests. */
    unverified(config: Config): readonly string[];
    /** Whether it would take all that is said there; absent: it is not to be asked. */
    validate?(config: Config): Promise<BlocksReport>;
  } | null;
};

const slackExamined: Entry['examined'] = {
  name: 'Slack',
  ask: examineSlack,
  site: (config) => config.SLACK_API_URL ?? 'https://slack.com/api/',
  unverified: (config) => (config.SLACK_SIGNING_SECRET === undefined ? [] : ['SLACK_SIGNING_SECRET']),
  validate: validateSlackBlocks,
};

const teamsExamined: Entry['examined'] = {
  name: 'Teams',
  ask: examineTeams,
  site: (config) =>
    config.MICROSOFT_APP_ID === undefined || config.TEAMS_OPENID_METADATA_URL !== undefined
      ? null
      : 'https://login.microsoftonline.com/',
  unverified: () => [],
};

/** Every platform that there is, one line each. */
const registry: Readonly<Record<ChatPlatform, Entry>> = {
  slack: { open: slack, examined: slackExamined },
  teams: { open: teams, examined: teamsExamined },
};

const used = (config: Config): Entry[] => {
  const configured = chatPlatforms
    .filter(({ isConfigured }) => isConfigured(config))
    .map(({ id }) => registry[id]);
  return configured.length > 0 ? configured : [{ open: preview, examined: null }];
};

export const openPlatforms = (around: PlatformParts): Promise<Platform[]> =>
  Promise.all(used(around.config).map(({ open }) => open(around)));

const examinedIn = (config: Config) => used(config).flatMap(({ examined }) => examined ?? []);

/** What each platform in use says of our access to it, by its name as people write it. */
export const examinedPlatforms = (config: Config, memoryOf: MemoryOf) =>
  examinedIn(config).map((examined) => ({
    platform: examined.name,
    ask: () => examined.ask(config, memoryOf),
    unverified: examined.unverified(config),
  }));

/** The platforms in use that can be asked whether they would take all that is said there. */
export const blockValidators = (config: Config) =>
  examinedIn(config).flatMap(({ name, validate }) =>
    validate ? [{ platform: name, ask: () => validate(config) }] : [],
  );

/** Addresses of the platforms in use. */
export const platformSites = (config: Config): string[] =>
  examinedIn(config).flatMap(({ site }) => site(config) ?? []);
