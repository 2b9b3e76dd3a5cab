import { z } from 'zod';
import { isLoopback } from '../lib/loopback.ts';
import type { SettingProblem } from './problem.ts';

/** As Microsoft Entra shows ids (RFC 9562 §4, without braces). */
const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;

/** What a bot can mention on a card: a person by either of her ids, or a tag by its id, which is Base64. */
const mentionForms = [guid, /^29:[\w-]{2,}$/u, /^[A-Za-z\d+/]{40,}={0,2}$/u];

/** Settings of Teams, as they stand in the environment. */
export const teamsSettings = z.object({
  MICROSOFT_APP_ID: z.string().optional(),
  MICROSOFT_APP_PASSWORD: z.string().optional(),
  // Every activity names its tenant by this id, and what does not match it is refused.
  MICROSOFT_APP_TENANT_ID: z.string().optional(),
  TEAMS_ANONYMOUS: z.enum(['0', '1'], { error: 'expected 1 or nothing' }).default('0'),
  TEAMS_OPENID_METADATA_URL: z
    .string()
    .refine((url) => URL.canParse(url) && isLoopback(new URL(url).hostname), {
      error: 'for tests only: an address on loopback, such as http://127.0.0.1:9000/openid',
    })
    .optional(),
  TEAMS_IT_CHANNEL: z
    .string()
    .regex(/^19:[^\s;|]+$/u, { error: 'expected the id of a channel, such as 19:…@thread.tacv2' })
    .optional(),
  /** Who is called by a new case. */
  TEAMS_IT_MENTION: z
    .string()
    .refine((text) => mentionForms.some((form) => form.test(text)), {
      error:
        'expected the object id of a person in Microsoft Entra, her id in Teams (29:…), or the id of a tag, not a name',
    })
    .optional(),
});
/** As Microsoft's own tool writes them (`teams app create --env`), each for a setting that we name otherwise. */
const aliases = {
  CLIENT_ID: 'MICROSOFT_APP_ID',
  CLIENT_SECRET: 'MICROSOFT_APP_PASSWORD',
  TENANT_ID: 'MICROSOFT_APP_TENANT_ID',
} as const;
export const teamsAliases = Object.keys(aliases);

/**
 * The settings under our own names. Without an app id, `TENANT_ID` and `CLIENT_SECRET` are those of some other program, for
 * they are everybody's names.
 */
export const withTeamsAliases = (
  given: Readonly<Record<string, string>>,
): { given: Record<string, string>; problems: SettingProblem[] } => {
  const isMeant = given.CLIENT_ID !== undefined || given.MICROSOFT_APP_ID !== undefined;
  const named = { ...given };
  const problems: SettingProblem[] = [];
  for (const [alias, name] of Object.entries(aliases)) {
    const value = named[alias];
    delete named[alias];
    if (value === undefined || !isMeant) continue;
    const message = `says something else than ${name}, which means the same; remove one of the two`;
    if ((named[name] ?? value) !== value) problems.push({ path: alias, message, expected: 'alias' });
    named[name] ??= value;
  }
  return { given: named, problems };
};

type Teams = z.infer<typeof teamsSettings>;

export const hasTeams = (env: Teams): boolean =>
  env.MICROSOFT_APP_ID !== undefined || env.TEAMS_ANONYMOUS === '1';

/** What the settings for Teams ask of each other; null: they fit. */
const teamsProblem = (env: Teams & { HOST: string }): SettingProblem | null => {
  const onLoopback = isLoopback(env.HOST);
  const anonymous = env.TEAMS_ANONYMOUS === '1';
  const lonely = (
    ['MICROSOFT_APP_PASSWORD', 'MICROSOFT_APP_TENANT_ID', 'TEAMS_IT_CHANNEL', 'TEAMS_IT_MENTION'] as const
  ).find((name) => env[name] !== undefined);
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
    return {
      path: 'MICROSOFT_APP_ID',
      message: 'needs MICROSOFT_APP_PASSWORD as well; managed identities (UserAssignedMSI) are not supported',
    };
  return null;
};

/**
 * Whoever may add the app somewhere would else choose where everybody's cases go. Where nothing leaves this machine there
 * is nobody to choose.
 */
const channelProblem = (env: Teams): { path: string; message: string } | null => {
  const isSettled = env.MICROSOFT_APP_TENANT_ID !== undefined || env.TEAMS_IT_CHANNEL !== undefined;
  if (isSettled || env.MICROSOFT_APP_ID === undefined || env.TEAMS_OPENID_METADATA_URL !== undefined)
    return null;
  return {
    path: 'TEAMS_IT_CHANNEL',
    message:
      'needed where MICROSOFT_APP_TENANT_ID is not set: the app then serves several tenants, and any of them could make its own channel the one that gets the cases',
  };
};

/** Every activity names its tenant by its id, and what does not match is refused. A local issuer takes whatever it is given. */
const teamsForms = (env: Teams): SettingProblem[] => {
  if (env.TEAMS_OPENID_METADATA_URL !== undefined) return [];
  const ids = (['MICROSOFT_APP_ID', 'MICROSOFT_APP_TENANT_ID'] as const).filter(
    (name) => env[name] !== undefined && !guid.test(env[name]),
  );
  const form = 'such as 01234567-89ab-cdef-0123-456789abcdef';
  const wanted = {
    MICROSOFT_APP_ID: { message: `expected the application (client) id, ${form}`, expected: 'app-id' },
    MICROSOFT_APP_TENANT_ID: {
      message: `expected the directory (tenant) id, ${form}`,
      expected: 'tenant-id',
    },
  };
  const problems = ids.map((path): SettingProblem => ({ path, ...wanted[path] }));
  // Entra shows a secret's id beside its value, and the value only once.
  if (guid.test(env.MICROSOFT_APP_PASSWORD ?? ''))
    problems.push({
      path: 'MICROSOFT_APP_PASSWORD',
      message: "expected the client secret's value; this has the form of its id",
      expected: 'app-password',
    });
  return problems;
};

/** What the settings for Teams ask of each other and of their form. */
export const teamsProblems = (env: Teams & { HOST: string }): SettingProblem[] => {
  const problem = teamsProblem(env);
  if (problem) return [problem];
  const forms = teamsForms(env);
  const channel = channelProblem(env);
  return forms.length > 0 || !channel ? forms : [channel];
};

/** Null: this installation has no Teams. */
export const teamsOf = (config: Teams) =>
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
        itMention: config.TEAMS_IT_MENTION ?? null,
      }
    : null;
