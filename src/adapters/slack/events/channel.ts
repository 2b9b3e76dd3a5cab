import { z } from 'zod';
import type { HearOfChannel } from '../../../chat/port.ts';
import { platform } from '../api/refs.ts';
import type { Context } from './context.ts';

/**
 * What Slack tells of a channel (docs.slack.dev, events). Of private ones it tells under other names, and which of them come
 * depends on the scopes; the list is that of manifests/slack.
 */
export const channelEvents = [
  'member_joined_channel',
  'member_left_channel',
  'channel_left',
  'channel_archive',
  'channel_unarchive',
  'channel_deleted',
  'group_left',
  'group_archive',
  'group_unarchive',
  'group_deleted',
] as const;

const body = z.looseObject({
  event_id: z.string(),
  event: z.object({
    type: z.enum(channelEvents),
    channel: z.string(),
    user: z.string().nullish().catch(null),
  }),
});
type Told = z.infer<typeof body>['event'];

/** Null: whatever it is, nothing can be posted there now that could not be before. */
const newsIn = ({ type, user }: Told, botUserId: string): 'came' | 'back' | null => {
  if (type === 'member_joined_channel') return user === botUserId ? 'came' : null;
  return type === 'channel_unarchive' || type === 'group_unarchive' ? 'back' : null;
};

/** Something has become of a channel. Rejects when it could not be kept, and then Slack tells of it again. */
export const takeChannelEvent = async (
  { itChannel, identity, admission, once }: Context,
  sent: unknown,
  hearOfChannel: HearOfChannel,
): Promise<void> => {
  const { data } = body.safeParse(sent);
  if (!data || !itChannel.is(data.event.channel)) return;
  const { event, event_id: id } = data;
  // Whoever did it, it is our channel: only for which installation it was sent counts.
  if (!(await admission.isOurs({ ...data, event: null }))) return;
  itChannel.invalidate();
  const what = newsIn(event, (await identity.get()).userId);
  if (what) await once(`slack:event/${id}`, () => hearOfChannel({ platform, what, afterMs: 0 }));
};
