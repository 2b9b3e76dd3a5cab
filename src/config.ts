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

/** Passwords are typed below it, so plain http is taken on this machine only. */
const publicUrl = z
  .string()
  .refine((text) => URL.canParse(text) && isPrivateEnough(new URL(text)), {
    error: 'expected an address such as https://bot.company.com',
  })
  .transform((text) => text.replace(/\/+$/u, ''));

const isPrivateEnough = ({ protocol, hostname, search, hash, username }: URL): boolean => {
  const isLoopback = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/u.test(hostname);
  const isPlain = search === '' && hash === '' && username === '';
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isLoopback));
};

const environment = z.object({
  // The preview has no sign-in: whoever reaches it speaks for the rep and for IT.
  HOST: z
    .string()
    .regex(/^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/u, {
      error: 'the local preview starts on loopback only, such as 127.0.0.1',
    })
    .default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3978),
  /** Where people reach this program; the login page needs it outside loopback. */
  PUBLIC_URL: publicUrl.optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DEFAULT_LOCALE: locale.default('de'),
  IT_LOCALE: locale.optional(),
  POLICY: z.enum(['seed-2017', 'hubspot-2024']).default('seed-2017'),
  CHECK_ALLOW_NETWORKS: list(network),
  CHECK_ALLOW_PORTS: list(portRange),
  CHECK_CA_FILE: z.string().min(1).optional(),
  CHECK_DNS_SERVERS: list(nameServer),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Named in the contract, not built yet: whoever sets one must not believe that it works. */
const notYet = [
  'SLACK_BOT_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_APP_TOKEN',
  'MICROSOFT_APP_ID',
  'TEAMS_ANONYMOUS',
  'DATABASE_URL',
] as const;

export type Config = z.infer<typeof environment>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment once. Empty values count as absent. @throws ConfigError naming the first wrong variable */
export const readConfig = (source: Environment = process.env): Config => {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const unsupported = notYet.find((name) => name in given);
  if (unsupported !== undefined)
    throw new ConfigError(`${unsupported} is set, but this version has only the local preview; remove it`);
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
