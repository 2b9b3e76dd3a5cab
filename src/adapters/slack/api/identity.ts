import { createFresh } from '../../../lib/fresh.ts';
import { isWrongToken, SlackSetupError, slackErrorOf } from '../errors.ts';
import { times } from '../limits.ts';
import type { Web } from './sdk.ts';

/** Who the bot is to Slack, and whose. `enterpriseId`: of the organisation that the workspace belongs to, if any. */
export type Identity = {
  userId: string;
  botId: string | undefined;
  teamId: string | undefined;
  enterpriseId: string | undefined;
};

/** Asks Slack who we are, once; a failure is not remembered. */
export const createIdentity = (web: Web) => {
  const identity = createFresh(Number.POSITIVE_INFINITY, async (): Promise<Identity> => {
    const { user_id: userId = '', bot_id: botId, team_id, enterprise_id } = await web.now.auth.test();
    return { userId, botId, teamId: team_id || undefined, enterpriseId: enterprise_id || undefined };
  });
  const health = createFresh(times.health, () =>
    identity.renew().then(
      () => true,
      () => false,
    ),
  );

  return {
    /** Null: Slack could not be asked yet. */
    current: (): Identity | null => identity.known() ?? null,
    get: identity.get,
    /** @throws SlackSetupError when the token is wrong; anything else may pass. */
    verify: async (): Promise<void> => {
      try {
        await identity.renew();
      } catch (cause) {
        if (!isWrongToken(cause)) throw cause;
        throw new SlackSetupError(
          `SLACK_BOT_TOKEN: Slack does not accept it (${slackErrorOf(cause)}); copy the Bot User OAuth Token of the installed app`,
          { cause },
        );
      }
    },
    /** Whether Slack answers us and knows our token, as of some seconds ago. */
    isHealthy: health.get,
  };
};
export type BotIdentity = ReturnType<typeof createIdentity>;
