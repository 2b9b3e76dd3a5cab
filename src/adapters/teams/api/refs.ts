import type { MessageRef } from '../../../chat/port.ts';

export const platform = 'teams';

/** Where a message stands: the conversation, which for a thread names its root, and the activity. */
export type Spot = { conversation: string; activity: string };

const separator = '|';

export const refOf = ({ conversation, activity }: Spot): MessageRef => ({
  platform,
  id: `${conversation}${separator}${activity}`,
});

/** Null: the reference is none of ours. */
export const spotOf = (ref: MessageRef): Spot | null => {
  const at = ref.id.lastIndexOf(separator);
  if (ref.platform !== platform || at <= 0 || at === ref.id.length - 1) return null;
  return { conversation: ref.id.slice(0, at), activity: ref.id.slice(at + 1) };
};

const rootMark = ';messageid=';

/** A thread of a channel is a conversation of its own: the channel's id and the id of the thread's root. */
export const splitThread = (conversation: string): { channel: string; root: string | null } => {
  const at = conversation.indexOf(rootMark);
  return at < 0
    ? { channel: conversation, root: null }
    : { channel: conversation.slice(0, at), root: conversation.slice(at + rootMark.length) };
};

export const threadOf = (channel: string, root: string): string => `${channel}${rootMark}${root}`;

/** Whether a message stands in this channel; null: in whatever channel it does. */
export const standsIn = (channel: string | null, ref: MessageRef): boolean => {
  const spot = spotOf(ref);
  return channel === null || spot === null || splitThread(spot.conversation).channel === channel;
};
