import { z } from 'zod';
import { isLoopback } from '../lib/loopback.ts';
import type { SettingProblem } from './problem.ts';

const isPrivate = ({ protocol, hostname }: URL): boolean => protocol === 'https:' || isLoopback(hostname);

/** Settings of Slack, as they stand in the environment. */
export const slackSettings = z.object({
  SLACK_BOT_TOKEN: z.string().optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_APP_TOKEN: z.string().optional(),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/u, error: 'expected an address such as https://slack.com/api/' })
    // The bot's token goes there with every call.
    .refine((text) => !URL.canParse(text) || isPrivate(new URL(text)), {
      error: 'expected https, except on this machine',
    })
    .optional(),
  SLACK_IT_CHANNEL: z
    .string()
    .regex(/^[CG][A-Z0-9]+$/u, {
      error:
        "expected the id of a channel such as C0123456789, not its name, nor the id of a person (U…) or of a person's messages (D…)",
    })
    .optional(),
  /** Who is called by a new case. */
  SLACK_IT_MENTION: z
    .string()
    .regex(/^[SUW][A-Z0-9]{2,}$/u, {
      error: 'expected the id of a user group (S…) or of a person (U… or W…), not a name',
    })
    .optional(),
});

type Slack = z.infer<typeof slackSettings>;

export const hasSlack = (given: Slack): boolean => given.SLACK_BOT_TOKEN !== undefined;

/** Other kinds of token, which Slack's pages show beside the right one. https://docs.slack.dev/authentication/tokens */
const kinds: readonly (readonly [begin: string, name: string])[] = [
  ['xoxb-', "a bot's token"],
  ['xoxe.xoxb-', "a bot's token"],
  ['xoxp-', "a user's token"],
  ['xoxe.xoxp-', "a user's token"],
  ['xoxe-', 'a refresh token'],
  ['xapp-', 'an app-level token'],
];
const kindOf = (token: string) => kinds.find(([begin]) => token.startsWith(begin));

/** What stands in for Slack in tests has forms of its own. */
const isForTests = ({ SLACK_API_URL: url }: Slack): boolean =>
  url !== undefined && URL.canParse(url) && isLoopback(new URL(url).hostname);

const formOf = {
  SLACK_BOT_TOKEN: {
    form: /^(?:xoxe\.)?xoxb-[\w-]+$/u,
    wanted: 'expected the Bot User OAuth Token, which begins with xoxb-',
    expected: 'bot-token',
  },
  SLACK_APP_TOKEN: {
    form: /^xapp-[\w-]+$/u,
    wanted: 'expected an app-level token, which begins with xapp-',
    expected: 'app-token',
  },
  SLACK_SIGNING_SECRET: {
    form: /^[\da-f]{32}$/iu,
    wanted: 'expected the Signing Secret, 32 digits of 0-9 and a-f',
    expected: 'signing-secret',
  },
} as const;

/** Says which kind of token stands there, and never what is in it. */
const formProblem = (given: Slack, name: keyof typeof formOf): SettingProblem[] => {
  const value = given[name];
  const { form, wanted, expected } = formOf[name];
  if (value === undefined || form.test(value)) return [];
  const kind = kindOf(value);
  const isOther = kind !== undefined && !wanted.endsWith(kind[0]);
  // What a test has invented has no form that Slack has.
  if (isForTests(given) && !isOther) return [];
  return [
    { path: name, message: isOther ? `${wanted}; this is ${kind[1]} (${kind[0]}…)` : wanted, expected },
  ];
};

/** What Slack needs besides, or what stands in the wrong place; none where Slack is not used at all. */
export const slackProblems = (given: Slack): SettingProblem[] => {
  const { SLACK_BOT_TOKEN: token, SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: appToken } = given;
  if (token !== undefined)
    return secret === undefined && appToken === undefined
      ? [
          {
            path: 'SLACK_BOT_TOKEN',
            message: 'needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)',
          },
        ]
      : (['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const).flatMap((name) =>
          formProblem(given, name),
        );
  const alone = (
    ['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_IT_CHANNEL', 'SLACK_IT_MENTION'] as const
  ).find((name) => given[name] !== undefined);
  return alone ? [{ path: alone, message: 'does nothing without SLACK_BOT_TOKEN' }] : [];
};
