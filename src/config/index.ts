import { z } from 'zod';
import { defaultPolicy, policyIds, policyNamed } from '../diagnosis/target/hubspot/index.ts';
import { locales } from '../language.ts';
import { isLoopback } from '../lib/loopback.ts';
import { isNameServer } from './name-server.ts';
import { allowedNetwork } from './networks.ts';
import { publicUrl } from './public-url.ts';
import { hasSlack, slackProblems, slackSettings } from './slack.ts';
import { hasTeams, teamsAliases, teamsProblems, teamsSettings, withTeamsAliases } from './teams.ts';

/** A setting that cannot be used. The message is one line and names the variable; it never repeats a value that may be secret. */
export class ConfigError extends Error {
  readonly code = 'config';
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ConfigError';
  }
}

const separated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** As digits only: `0x1F` and `1e3` are numbers to JavaScript, and hardly what an operator means. */
const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .refine((text) => /^\d+$/u.test(text) && Number(text) >= from && Number(text) <= to, {
      error: `expected a whole number from ${from} to ${to}`,
    })
    .transform(Number);

const portNumber = wholeNumber(1, 65_535);

const portRange = z.string().transform((text, context) => {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/u.exec(text) ?? [];
  const range = z.object({ from: portNumber, to: portNumber }).safeParse({ from, to });
  if (range.success && range.data.from <= range.data.to) return range.data;
  context.addIssue({ code: 'custom', message: 'expected ports such as 2143 or 1024-65535' });
  return z.NEVER;
});

const list = <T>(item: z.ZodType<T, string>) =>
  z.string().default('').transform(separated).pipe(z.array(item));

const nameServer = z.string().refine(isNameServer, {
  error: 'expected an address such as 192.0.2.53 or [2001:db8::53]:5353',
});

/** May hold a password, so nothing repeats it. */
const databaseUrl = z.string().refine((text) => /^postgres(?:ql)?:\/\//u.test(text) && URL.canParse(text), {
  error:
    'expected an address such as postgres://user:password@host:5432/database, special characters in it percent-encoded',
});

const locale = z.enum(locales);

const policy = z.string().transform((text, context) => {
  const known = policyNamed(text);
  if (known) return known;
  context.addIssue({ code: 'custom', message: `expected ${policyIds.join(' or ')}` });
  return z.NEVER;
});

/** A shell replaces these; here they would make a folder of that name. */
const folder = z.string().refine((path) => !/^~|\$\{?\w/u.test(path), {
  error: "expected a folder such as /var/lib/connect-email, without ~ and $, which aren't expanded here",
});

const settings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3978),
  /** Where people reach this program; the login page needs it outside loopback. */
  PUBLIC_URL: publicUrl.optional(),
  /** Whether a password may be typed for a server that nothing connects with the address. */
  LOGIN_FOREIGN_SERVERS: z.enum(['warn', 'refuse']).default('warn'),
  DATA_DIR: folder.default('./data'),
  DATABASE_URL: databaseUrl.optional(),
  RETENTION_DAYS: wholeNumber(1, 3650).default(90),
  DEFAULT_LOCALE: locale.default('de'),
  IT_LOCALE: locale.optional(),
  POLICY: policy.default(defaultPolicy),
  CHECK_ALLOW_NETWORKS: list(allowedNetwork),
  CHECK_ALLOW_PORTS: list(portRange),
  CHECK_CA_FILE: z.string().min(1).optional(),
  CHECK_DNS_SERVERS: list(nameServer),
  /** `off`: nothing is sent, appended or removed in a mailbox, whoever asks. */
  REHEARSAL: z.enum(['ask', 'off']).default('ask'),
  /** In seconds. */
  REHEARSAL_PATIENCE: wholeNumber(1, 60).default(20),
  WATCH_INTERVAL: wholeNumber(1, 86_400).default(900),
  /** Whether whoever a case waits for is reminded of it. */
  REMINDERS: z.enum(['on', 'off'], { error: 'expected on or off' }).default('on'),
  /** Opens /metrics to others than this machine, and with PUBLIC_URL to anybody at all. */
  METRICS_TOKEN: z
    .string()
    .min(32, { error: 'expected at least 32 characters, such as what `openssl rand -hex 32` gives' })
    .optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ...slackSettings.shape,
  ...teamsSettings.shape,
});

type Settings = z.infer<typeof settings>;
/** Every variable that is read; `.env.example` explains them. */
export const settingNames: readonly string[] = [...Object.keys(settings.shape), ...teamsAliases];

/** Every chat platform, and whether it is configured. */
export const chatPlatforms = [
  { id: 'slack', isConfigured: hasSlack },
  { id: 'teams', isConfigured: hasTeams },
] as const;
export type ChatPlatform = (typeof chatPlatforms)[number]['id'];

/** Whether people reach the bot through a chat platform; else the preview is all there is. */
export const hasPlatform = (given: Settings): boolean =>
  chatPlatforms.some(({ isConfigured }) => isConfigured(given));

const environment = settings.superRefine((given, context) => {
  for (const { path, message, expected } of [...slackProblems(given), ...teamsProblems(given)])
    context.addIssue({ code: 'custom', path: [path], message, params: { expected } });
  // The preview has no sign-in: whoever reaches it speaks for the rep and for IT.
  if (!hasPlatform(given) && !isLoopback(given.HOST))
    context.addIssue({
      code: 'custom',
      path: ['HOST'],
      message: 'the local preview starts on loopback only, such as 127.0.0.1',
    });
});

export type Config = Settings;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A variable that cannot be used, and what was expected; never what it holds, which may be secret. `expected`: which
 * sentence of the doctor says it, where the variable's own does not.
 */
export type ConfigProblem = { variable: string; message: string; expected?: string };

const named = z.object({ params: z.object({ expected: z.string() }) });

/** Empty values count as absent; no setting begins or ends with a space. */
const givenIn = (source: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(source).flatMap(([name, value = '']) =>
      value.trim() === '' ? [] : [[name, value.trim()]],
    ),
  );

const ofStore = settings.pick({ DATA_DIR: true, DATABASE_URL: true, WATCH_INTERVAL: true });
export type StoreConfig = z.infer<typeof ofStore>;
export const storeSettingNames: readonly string[] = Object.keys(ofStore.shape);

const ofRehearsal = settings.pick({ REHEARSAL: true, REHEARSAL_PATIENCE: true });
export const rehearsalSettingNames: readonly string[] = Object.keys(ofRehearsal.shape);

/** Whether a rehearsal may be asked for, as the start reads it; for the terminal. @throws ConfigError */
export const readRehearsal = (source: Environment = process.env): z.infer<typeof ofRehearsal> => {
  const parsed = ofRehearsal.safeParse(givenIn(source));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message ?? 'cannot be used'}`);
};

/** Where the store is, as the start reads it, also where something else is set wrongly. @throws ConfigError */
export const readStoreConfig = (source: Environment): StoreConfig => {
  const parsed = ofStore.safeParse(givenIn(source));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(String(issue?.path[0] ?? 'environment'), { cause: parsed.error });
};

/** All settings, or what is wrong with them. */
export const tryConfig = (
  source: Environment,
): { ok: true; config: Config } | { ok: false; problems: ConfigProblem[] } => {
  const { given, problems: ofAliases } = withTeamsAliases(givenIn(source));
  const parsed = environment.safeParse(given);
  const ofSettings = (parsed.error?.issues ?? []).map((issue) => ({
    variable: String(issue.path[0] ?? 'environment'),
    message: issue.message,
    ...named.safeParse(issue).data?.params,
  }));
  const problems = [
    ...ofAliases.map(({ path, ...problem }) => ({ variable: path, ...problem })),
    ...ofSettings,
  ];
  return parsed.success && problems.length === 0
    ? { ok: true, config: parsed.data }
    : { ok: false, problems };
};

/** Reads the environment once. @throws ConfigError naming the first wrong variable */
export const readConfig = (source: Environment = process.env): Config => {
  const read = tryConfig(source);
  if (read.ok) return read.config;
  const [problem] = read.problems;
  throw new ConfigError(`${problem?.variable ?? 'environment'}: ${problem?.message ?? 'cannot be used'}`);
};
