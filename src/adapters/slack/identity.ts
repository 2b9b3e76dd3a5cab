import { isWrongToken, SlackSetupError, slackErrorOf } from './errors.ts';
import { times } from './limits.ts';
import type { Web } from './web.ts';

/** Who the bot is to Slack. */
export type Identity = { userId: string; botId: string | undefined; teamId: string | undefined };

/** Asks Slack who we are, once; a failure is not remembered. */
export const createIdentity = (web: Web) => {
  let known: Identity | null = null;
  let good: { since: number; ok: boolean } | null = null;

  const ask = async (): Promise<Identity> => {
    const answer = await web.now.auth.test();
    known = { userId: answer.user_id ?? '', botId: answer.bot_id, teamId: answer.team_id };
    return known;
  };

  return {
    /** Null: Slack could not be asked yet. */
    current: (): Identity | null => known,
    get: async (): Promise<Identity> => known ?? (await ask()),
    /** @throws SlackSetupError when the token is wrong; anything else may pass. */
    verify: async (): Promise<void> => {
      try {
        await ask();
      } catch (cause) {
        if (!isWrongToken(cause)) throw cause;
        throw new SlackSetupError(
          `SLACK_BOT_TOKEN: Slack does not accept it (${slackErrorOf(cause)}); copy the Bot User OAuth Token of the installed app`,
          { cause },
        );
      }
    },
    /** Whether Slack answers us and knows our token, as of some seconds ago. */
    isHealthy: async (): Promise<boolean> => {
      if (good && performance.now() - good.since < times.health) return good.ok;
      const ok = await ask().then(
        () => true,
        () => false,
      );
      good = { since: performance.now(), ok };
      return ok;
    },
  };
};
export type BotIdentity = ReturnType<typeof createIdentity>;
