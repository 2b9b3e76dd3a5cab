import { z } from 'zod';
import { nameServerPattern } from './config/name-server.ts';

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

const portNumber = z.coerce.number().int().min(1).max(65_535);

const portRange = z.string().transform((text, context) => {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/u.exec(text) ?? [];
  const range = z.object({ from: portNumber, to: portNumber }).safeParse({ from, to });
  if (range.success && range.data.from <= range.data.to) return range.data;
  context.addIssue({ code: 'custom', message: 'expected ports such as 2143 or 1024-65535' });
  return z.NEVER;
});

const list = <T>(item: z.ZodType<T, string>) =>
  z.string().default('').transform(separated).pipe(z.array(item));

const network = z.union([z.cidrv4(), z.cidrv6()], { error: 'expected networks such as 10.0.0.0/8' });
const nameServer = z.string().regex(nameServerPattern, {
  error: 'expected an address such as 192.0.2.53 or [2001:db8::53]:5353',
});

/** May hold a password, so nothing repeats it. */
const databaseUrl = z.string().refine((text) => /^postgres(?:ql)?:\/\//u.test(text) && URL.canParse(text), {
  error:
    'expected an address such as postgres://user:password@host:5432/database, special characters in it percent-encoded',
});

const locale = z.enum(['de', 'en']);

/** A name or address of this machine alone. */
export const isLoopback = (host: string): boolean =>
  /^(?:127(?:\.\d{1,3}){3}|\[?::1\]?|localhost)$/u.test(host);

/** Passwords are typed below it, so plain http is taken on this machine only. */
const publicUrl = z
  .string()
  .refine((text) => URL.canParse(text) && isPrivateEnough(new URL(text)), {
    error: 'expected an address such as https://bot.company.com',
  })
  .transform((text) => text.replace(/\/+$/u, ''));

const isPrivateEnough = ({ protocol, hostname, search, hash, username }: URL): boolean => {
  const isPlain = search === '' && hash === '' && username === '';
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)));
};

const settings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3978),
  /** Where people reach this program; the login page needs it outside loopback. */
  PUBLIC_URL: publicUrl.optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: databaseUrl.optional(),
  RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(90),
  DEFAULT_LOCALE: locale.default('de'),
  IT_LOCALE: locale.optional(),
  POLICY: z.enum(['seed-2017', 'hubspot-2024']).default('seed-2017'),
  CHECK_ALLOW_NETWORKS: list(network),
  CHECK_ALLOW_PORTS: list(portRange),
  CHECK_CA_FILE: z.string().min(1).optional(),
  CHECK_DNS_SERVERS: list(nameServer),
  WATCH_INTERVAL: z.coerce.number().int().min(1).max(86_400).default(900),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SLACK_BOT_TOKEN: z.string().optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_APP_TOKEN: z.string().optional(),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/u, error: 'expected an address such as https://slack.com/api/' })
    .optional(),
  SLACK_IT_CHANNEL: z
    .string()
    .regex(/^[A-Z0-9]+$/u, { error: 'expected the id of a channel such as C0123456789, not its name' })
    .optional(),
});

type Settings = z.infer<typeof settings>;

/** What Slack needs besides; null: nothing, or Slack is not used at all. */
const lackingForSlack = (given: Settings): { name: keyof Settings; message: string } | null => {
  const { SLACK_BOT_TOKEN: token, SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: appToken } = given;
  if (token !== undefined)
    return secret === undefined && appToken === undefined
      ? {
          name: 'SLACK_BOT_TOKEN',
          message: 'needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)',
        }
      : null;
  const alone = (['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_IT_CHANNEL'] as const).find(
    (name) => given[name] !== undefined,
  );
  return alone ? { name: alone, message: 'does nothing without SLACK_BOT_TOKEN' } : null;
};

/** Whether people reach the bot through a chat platform; else the preview is all there is. */
export const hasPlatform = (given: Pick<Settings, 'SLACK_BOT_TOKEN'>): boolean =>
  given.SLACK_BOT_TOKEN !== undefined;

const environment = settings.superRefine((given, context) => {
  const lacking = lackingForSlack(given);
  if (lacking) context.addIssue({ code: 'custom', path: [lacking.name], message: lacking.message });
  // The preview has no sign-in: whoever reaches it speaks for the rep and for IT.
  if (!hasPlatform(given) && !isLoopback(given.HOST))
    context.addIssue({
      code: 'custom',
      path: ['HOST'],
      message: 'the local preview starts on loopback only, such as 127.0.0.1',
    });
});

/** Named in the contract, not built yet: whoever sets one must not believe that it works. */
const notYet = ['MICROSOFT_APP_ID', 'TEAMS_ANONYMOUS'] as const;

export type Config = Settings;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment once. Empty values count as absent. @throws ConfigError naming the first wrong variable */
export const readConfig = (source: Environment = process.env): Config => {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const unsupported = notYet.find((name) => name in given);
  if (unsupported !== undefined)
    throw new ConfigError(`${unsupported} is set, but this version cannot use it yet; remove it`);
  const parsed = environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`${String(issue?.path[0] ?? 'environment')}: ${issue?.message ?? 'cannot be used'}`);
};
