import { createFresh } from '../../../lib/fresh.ts';
import { slackErrorOf } from '../errors.ts';
import { times } from '../limits.ts';
import { createMembers } from './members.ts';
import type { Web } from './sdk.ts';

export type SlackLog = {
  warn(fields: Readonly<Record<string, string>>, message: string): void;
};

/** The one channel where IT works: who may act there, and whether we can reach it at all. */
export const createItChannel = (channel: string | undefined, web: Web, log: SlackLog) => {
  const isMember = channel === undefined ? async () => false : createMembers(channel, web);

  /** Why the bot cannot post there; null: it can. */
  const obstacle = async (id: string): Promise<string | null> => {
    try {
      const { channel: found } = await web.now.conversations.info({ channel: id });
      if (found?.is_archived) return 'is_archived';
      return found?.is_member === false ? 'not_in_channel' : null;
    } catch (error) {
      return slackErrorOf(error) ?? 'not_answered';
    }
  };

  let wasHealthy = true;
  const health = createFresh(times.health, async (): Promise<boolean> => {
    if (channel === undefined) return true;
    const reason = await obstacle(channel);
    if (reason !== null && wasHealthy)
      log.warn(
        { code: reason },
        'the IT channel cannot be used; invite the bot there or mend SLACK_IT_CHANNEL',
      );
    wasHealthy = reason === null;
    return wasHealthy;
  });

  return {
    is: (id: string | undefined): boolean => channel !== undefined && id === channel,
    /** Whether somebody belongs to the channel; rejects when Slack does not say. */
    hasMember: isMember,
    /** A delivery has failed: what was known of the channel is asked anew, at most once a second. */
    invalidate: (): void => health.invalidate(times.betweenQuestions),
    /** Whether the bot can post in the channel, as of some seconds ago. A change for the worse is logged once. */
    isHealthy: health.get,
  };
};
export type ItChannel = ReturnType<typeof createItChannel>;
