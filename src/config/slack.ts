import { z } from 'zod';
import { isLoopback } from './loopback.ts';

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
    .regex(/^[A-Z0-9]+$/u, { error: 'expected the id of a channel such as C0123456789, not its name' })
    .optional(),
});

type Slack = z.infer<typeof slackSettings>;

export const hasSlack = (given: Slack): boolean => given.SLACK_BOT_TOKEN !== undefined;

/** What Slack needs besides; null: nothing, or Slack is not used at all. */
export const slackProblem = (given: Slack): { path: string; message: string } | null => {
  const { SLACK_BOT_TOKEN: token, SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: appToken } = given;
  if (token !== undefined)
    return secret === undefined && appToken === undefined
      ? {
          path: 'SLACK_BOT_TOKEN',
          message: 'needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)',
        }
      : null;
  const alone = (['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_IT_CHANNEL'] as const).find(
    (name) => given[name] !== undefined,
  );
  return alone ? { path: alone, message: 'does nothing without SLACK_BOT_TOKEN' } : null;
};
