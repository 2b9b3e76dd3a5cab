import { createFresh } from '../../../lib/fresh.ts';
import { slackErrorOf } from '../errors.ts';
import { times } from '../limits.ts';
import { createMembers } from './members.ts';
import type { Web } from './sdk.ts';

export type SlackLog = {
  warn(fields: Readonly<Record<string, string>>, message: string): void;
};

/** People of other companies are in it, or have been asked in (docs.slack.dev, conversation object). */
export const isShared = (
  channel: { is_ext_shared?: boolean; is_pending_ext_shared?: boolean } | undefined,
): boolean => channel?.is_ext_shared === true || channel?.is_pending_ext_shared === true;

/** The one channel where IT works: who may act there, and whether we can reach it at all. */
export const createItChannel = (channel: string | undefined, web: Web, log: SlackLog) => {
  const isMember = channel === undefined ? async () => false : createMembers(channel, web);

  let shared = false;
  const noteShared = (isNow: boolean): void => {
    if (isNow && !shared)
      log.warn(
        { code: 'shared-channel' },
        'people of other companies are in the IT channel and read its cases',
      );
    shared = isNow;
  };

  /** Why the bot cannot post there; null: it can. */
  const obstacle = async (id: string): Promise<string | null> => {
    try {
      const { channel: found } = await web.now.conversations.info({ channel: id });
      noteShared(isShared(found));
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
    /** Whether people of other companies read there, as of the same moment. */
    isShared: async (): Promise<boolean> => {
      await health.get();
      return shared;
    },
  };
};
export type ItChannel = ReturnType<typeof createItChannel>;
