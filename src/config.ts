import { z } from 'zod';

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
/** `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`; the form that node:dns takes. */
export const nameServer = z
  .string()
  .regex(/^(?:(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?|[0-9a-f:]*:[0-9a-f:.]+)$/iu, {
    error: 'expected an address such as 192.0.2.53 or [2001:db8::53]:5353',
  });

const locale = z.enum(['de', 'en']);

const loopback = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/u;

const teams = {
  MICROSOFT_APP_ID: z.string().optional(),
  MICROSOFT_APP_PASSWORD: z.string().optional(),
  MICROSOFT_APP_TENANT_ID: z.string().optional(),
  TEAMS_ANONYMOUS: z.enum(['0', '1'], { error: 'expected 1 or nothing' }).default('0'),
  TEAMS_OPENID_METADATA_URL: z
    .url()
    .refine((url) => loopback.test(new URL(url).hostname.replace(/^\[|\]$/gu, '')), {
      error: 'for tests only: an address on loopback, such as http://127.0.0.1:9000/openid',
    })
    .optional(),
  TEAMS_IT_CHANNEL: z
    .string()
    .regex(/^19:[^\s;|]+$/u, { error: 'expected the id of a channel, such as 19:…@thread.tacv2' })
    .optional(),
};
type Teams = z.infer<z.ZodObject<typeof teams>>;

const hasTeams = (env: Teams): boolean => env.MICROSOFT_APP_ID !== undefined || env.TEAMS_ANONYMOUS === '1';

/** What the settings for Teams ask of each other; null: they fit. */
const teamsProblem = (env: Teams & { HOST: string }): { path: string; message: string } | null => {
  const onLoopback = loopback.test(env.HOST);
  const anonymous = env.TEAMS_ANONYMOUS === '1';
  const lonely = (['MICROSOFT_APP_PASSWORD', 'MICROSOFT_APP_TENANT_ID', 'TEAMS_IT_CHANNEL'] as const).find(
    (name) => env[name] !== undefined,
  );
  if (!hasTeams(env) && lonely) return { path: lonely, message: 'needs MICROSOFT_APP_ID as well' };
  if (anonymous && env.MICROSOFT_APP_ID !== undefined)
    return { path: 'TEAMS_ANONYMOUS', message: 'either an app id or nobody signs in; remove one of the two' };
  if (anonymous && !onLoopback)
    return {
      path: 'TEAMS_ANONYMOUS',
      message: 'nobody signs in, so HOST must be on loopback, such as 127.0.0.1',
    };
  if (env.TEAMS_OPENID_METADATA_URL !== undefined && !onLoopback)
    return { path: 'TEAMS_OPENID_METADATA_URL', message: 'for tests only, so HOST must be on loopback' };
  if (env.MICROSOFT_APP_ID !== undefined && !env.MICROSOFT_APP_PASSWORD && !env.TEAMS_OPENID_METADATA_URL)
    return { path: 'MICROSOFT_APP_ID', message: 'needs MICROSOFT_APP_PASSWORD as well' };
  return null;
};

/** Without any chat platform the local preview starts. */
const hasPlatform = (env: Teams): boolean => hasTeams(env);

const settings = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3978),
  DATA_DIR: z.string().min(1).default('./data'),
  DEFAULT_LOCALE: locale.default('de'),
  IT_LOCALE: locale.optional(),
  POLICY: z.enum(['seed-2017', 'hubspot-2024']).default('seed-2017'),
  CHECK_ALLOW_NETWORKS: list(network),
  CHECK_ALLOW_PORTS: list(portRange),
  CHECK_CA_FILE: z.string().min(1).optional(),
  CHECK_DNS_SERVERS: list(nameServer),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ...teams,
});

const environment = settings.superRefine((env, context) => {
  const problem = teamsProblem(env);
  if (problem) context.addIssue({ code: 'custom', path: [problem.path], message: problem.message });
  // The preview has no sign-in: whoever reaches it speaks for the rep and for IT.
  if (!hasPlatform(env) && !loopback.test(env.HOST))
    context.addIssue({
      code: 'custom',
      path: ['HOST'],
      message: 'the local preview starts on loopback only, such as 127.0.0.1',
    });
});

/** Named in the contract, not built yet: whoever sets one must not believe that it works. */
const notYet = ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'DATABASE_URL'] as const;

export type Config = z.infer<typeof environment>;

/** Null: this installation has no Teams. */
export const teamsOf = (config: Config) =>
  hasTeams(config)
    ? {
        app:
          config.MICROSOFT_APP_ID === undefined
            ? null
            : {
                id: config.MICROSOFT_APP_ID,
                password: config.MICROSOFT_APP_PASSWORD ?? null,
                tenantId: config.MICROSOFT_APP_TENANT_ID ?? null,
              },
        openIdMetadataUrl: config.TEAMS_OPENID_METADATA_URL ?? null,
        itChannel: config.TEAMS_IT_CHANNEL ?? null,
      }
    : null;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment once. Empty values count as absent. @throws ConfigError naming the first wrong variable */
export const readConfig = (source: Environment = process.env): Config => {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const unsupported = notYet.find((name) => name in given);
  if (unsupported !== undefined)
    throw new ConfigError(`${unsupported} is set, but this version does not know it yet; remove it`);
  const parsed = environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`${String(issue?.path[0] ?? 'environment')}: ${issue?.message ?? 'cannot be used'}`);
};

/** What the terminal takes from the environment: its language, and the folder in which the command was typed. */
export const readTerminal = (
  source: Environment = process.env,
): { locale: 'de' | 'en'; typedIn: string; colour: boolean } => {
  const tag = source.LC_ALL || source.LC_MESSAGES || source.LANG || '';
  return {
    locale: tag.toLowerCase().startsWith('de') ? 'de' : 'en',
    // npm runs scripts in the project's folder and keeps the caller's in INIT_CWD.
    typedIn: source.INIT_CWD ?? process.cwd(),
    colour: !source.NO_COLOR && source.TERM !== 'dumb',
  };
};
