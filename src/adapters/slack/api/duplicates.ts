import { z } from 'zod';
import { DeliveryError } from '../../../chat/port.ts';
import { times } from '../limits.ts';
import type { Web } from './sdk.ts';

const eventType = 'connect_email_message';

/** What Slack keeps with a message and shows to nobody (docs.slack.dev, message metadata); ids only. */
export const metadataOf = (key: string) => ({ event_type: eventType, event_payload: { key } });

const marked = z.object({
  ts: z.string(),
  metadata: z.object({ event_type: z.literal(eventType), event_payload: z.object({ key: z.string() }) }),
});

/** Messages in one answer; the one looked for is among the latest. */
const page = 200;

type Where = { channel: string; thread?: string | undefined };

/**
 * The time stamp of the message that an earlier try has posted under this key; null: there is none, or the bot may not look.
 * @throws DeliveryError `temporary` when Slack cannot be asked now
 */
export const findDuplicate = async (
  web: Web,
  { channel, thread }: Where,
  key: string,
): Promise<string | null> => {
  const query = {
    channel,
    limit: page,
    include_all_metadata: true,
    oldest: String((Date.now() - times.lookBack) / 1000),
  };
  try {
    const { messages } =
      thread === undefined
        ? await web.deliver({ method: 'conversations.history', channel }, (slack) =>
            slack.conversations.history(query),
          )
        : await web.deliver({ method: 'conversations.replies', channel }, (slack) =>
            slack.conversations.replies({ ...query, ts: thread }),
          );
    const all = (messages ?? []).flatMap((message) => marked.safeParse(message).data ?? []);
    return all.find(({ metadata }) => metadata.event_payload.key === key)?.ts ?? null;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    // Whoever installed the app may have left the scope out.
    if (error.code !== 'temporary' || error.message.endsWith('missing_scope')) return null;
    throw error;
  }
};
