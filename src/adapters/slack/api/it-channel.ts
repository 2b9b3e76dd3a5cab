import { createFresh } from '../../../lib/fresh.ts';
import { slackErrorOf } from '../errors.ts';
import { times } from '../limits.ts';
import type { Web } from './sdk.ts';

export type SlackLog = {
  warn(fields: Readonly<Record<string, string>>, message: string): void;
};

/** More pages than this are not read: whoever is beyond is asked to try again. */
const mostPages = 50;

/** The one channel where IT works: who may act there, and whether we can reach it at all. */
export const createItChannel = (channel: string | undefined, web: Web, log: SlackLog) => {
  let members: { at: number; ids: Set<string> } | null = null;
  let asking: Promise<Set<string>> | null = null;

  const read = async (id: string): Promise<Set<string>> => {
    const ids = new Set<string>();
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await web.now.conversations.members({
        channel: id,
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      for (const member of answer.members ?? []) ids.add(member);
      cursor = answer.response_metadata?.next_cursor;
      if (!cursor) break;
    }
    members = { at: performance.now(), ids };
    return ids;
  };
  const fresh = (id: string): Promise<Set<string>> => {
    asking ??= read(id).finally(() => {
      asking = null;
    });
    return asking;
  };

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
    /**
     * Whether somebody belongs to the channel. Who has left may act for some seconds more; who has just joined, at once.
     * Rejects when Slack does not say.
     */
    hasMember: async (person: string): Promise<boolean> => {
      if (channel === undefined) return false;
      const isFresh = members !== null && performance.now() - members.at < times.membership;
      if (isFresh && members?.ids.has(person)) return true;
      return (await fresh(channel)).has(person);
    },
    /** A delivery has failed: what was known of the channel is asked anew, at most once a second. */
    doubt: (): void => health.doubt(times.betweenQuestions),
    /** Whether the bot can post in the channel, as of some seconds ago. A change for the worse is logged once. */
    isHealthy: health.get,
  };
};
export type ItChannel = ReturnType<typeof createItChannel>;
