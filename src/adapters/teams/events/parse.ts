import { z } from 'zod';
import { addressIn } from '../../../chat/address-in.ts';
import { type ButtonAction, buttonActions, type Form, type FormName, formNames } from '../../../chat/view.ts';
import type { ChannelEnd } from '../api/channel/life.ts';
import { splitThread, threadOf } from '../api/refs.ts';
import type { ConnectorService } from '../api/service.ts';
import { limits } from '../limits.ts';
import { formOf } from '../render/shape.ts';

const id = z.string().min(1).max(limits.id);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);
/** Never overlooked: one that is none would else count as not told. */
const tenantId = z.string().max(limits.id).nullish();
const words = z.string().max(limits.text);
const account = z.object({ id, name: optional(z.string().max(limits.id)) });

const door = {
  /** Missing is not Teams: the door refuses it, and counts it as that. */
  channelId: z.string().max(100).catch(''),
  serviceUrl: z.string().max(limits.id),
};
/** What a token is bound to; read before all else is looked at. */
export const doorSchema = z.object(door);

/** What we read of an activity; see https://github.com/microsoft/Agents/blob/main/specs/activity/protocol-activity.md. */
export const activitySchema = z.object({
  type: z.string().max(100),
  id: optional(id),
  name: optional(z.string().max(100)),
  action: optional(z.string().max(100)),
  ...door,
  from: account,
  recipient: account,
  conversation: z.object({
    id,
    conversationType: optional(z.string().max(100)),
    isGroup: optional(z.boolean()),
    tenantId,
  }),
  locale: optional(z.string().max(100)),
  /** Where the client's clock stands, in the IANA time zone database. */
  localTimezone: optional(z.string().max(100)),
  text: words.nullish(),
  value: z.unknown().optional(),
  replyToId: optional(id),
  entities: optional(z.array(z.unknown()).max(200)),
  membersAdded: optional(z.array(account).max(1000)),
  membersRemoved: optional(z.array(account).max(1000)),
  channelData: z
    .object({
      tenant: z.object({ id: tenantId }).nullish(),
      team: optional(z.object({ id })),
      channel: optional(z.object({ id })),
      eventType: optional(z.string().max(100)),
      settings: optional(z.object({ selectedChannel: optional(z.object({ id })) })),
    })
    .nullish(),
});
export type Activity = z.infer<typeof activitySchema>;

export type TypedValues = Record<string, string | null>;
/** `dialog`: answered with a dialog. `card`: answered with the card's next state. `chat`: answered in the chat. */
export type Via = 'dialog' | 'card' | 'chat';

export type Arrived =
  | { type: 'said'; text: string }
  | { type: 'pressed'; via: Via; action: ButtonAction; value: string }
  | { type: 'submitted'; via: Via; form: FormName; context: string; values: TypedValues; shape: Form | null }
  /** The app's message extension was called; `text`: the address in the message at which it was. */
  | { type: 'extended'; text: string }
  | { type: 'installed' }
  | { type: 'removed' }
  | { type: 'channel-ended'; end: ChannelEnd }
  | { type: 'channel-back' }
  | { type: 'nothing' };
export type ArrivedOf<Type extends Arrived['type']> = Extract<Arrived, { type: Type }>;

const mention = z.object({
  type: z.literal('mention'),
  mentioned: z.object({ id: z.string() }),
  text: z.string().min(1),
});

/** What was said without the bot's name. In a channel it is null where the bot was not meant. */
const spoken = ({ text, entities, recipient }: Activity, personal: boolean): string | null => {
  const own = (entities ?? []).flatMap((entity) => {
    const found = mention.safeParse(entity);
    return found.success && found.data.mentioned.id === recipient.id ? [found.data.text] : [];
  });
  if (!personal && own.length === 0) return null;
  const left = own.reduce((rest, one) => rest.replaceAll(one, ' '), text ?? '');
  return left.replace(/^(?:\s|&nbsp;)+|(?:\s|&nbsp;)+$/gu, '');
};

const ours = new Set(['action', 'value', 'form', 'context', 'shape', 'msteams', 'verb', 'type']);
const plain = (value: unknown): string | null =>
  typeof value === 'string'
    ? value.slice(0, limits.text)
    : value === null || value === undefined
      ? null
      : String(value);

const submission = z.looseObject({ form: z.enum(formNames), context: z.string().max(limits.id).default('') });
const press = z.looseObject({ action: z.enum(buttonActions), value: z.string().max(limits.id).default('') });

/** What a card's action carries: a form with its inputs, or a button. */
const actionOf = (data: unknown, via: Via): Arrived | null => {
  const form = submission.safeParse(data);
  if (form.success) {
    const inputs = Object.entries(form.data).filter(([name]) => !ours.has(name));
    const values = Object.fromEntries(
      inputs.slice(0, limits.fields).map(([name, value]) => [name, plain(value)]),
    );
    const { form: name, context } = form.data;
    return { type: 'submitted', via, form: name, context, values, shape: formOf(form.data.shape) };
  }
  const button = press.safeParse(data);
  return button.success
    ? { type: 'pressed', via, action: button.data.action, value: button.data.value }
    : null;
};

/** The message at which the extension was called; none where it was called from the search or the compose field. */
const called = z.object({
  messagePayload: z
    .object({ subject: z.string().nullish(), body: z.object({ content: z.string().nullish() }).nullish() })
    .nullish(),
});

/** What people read of it: Teams sends messages as HTML. */
const readable = (content: string): string =>
  content
    .replaceAll(/<[^<>]*>/gu, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The address that the message speaks of; empty: none. */
const addressInCall = (value: unknown): string => {
  const { messagePayload } = called.safeParse(value).data ?? {};
  return addressIn(readable(`${messagePayload?.subject ?? ''}\n${messagePayload?.body?.content ?? ''}`));
};

const taskData = z.object({ data: z.unknown() });
const execution = z.object({ action: z.object({ verb: z.string().nullish(), data: z.unknown() }) });

/** Null: an invoke that we do not know. */
const invoked = ({ name, value }: Activity): Arrived | null => {
  if (name === 'task/fetch' || name === 'task/submit')
    return actionOf(taskData.safeParse(value).data?.data, 'dialog');
  // The dialog of a message extension is sent under a name of its own.
  if (name === 'composeExtension/submitAction')
    return actionOf(taskData.safeParse(value).data?.data, 'dialog');
  if (name === 'composeExtension/fetchTask') return { type: 'extended', text: addressInCall(value) };
  if (name !== 'adaptiveCard/action') return null;
  const executed = execution.safeParse(value).data?.action;
  const data = typeof executed?.data === 'object' ? executed.data : {};
  return actionOf({ action: executed?.verb, ...data }, 'card');
};

/** It came from a message extension, and so from whatever chat she was in: its place says nothing of hers with the bot. */
export const isFromExtension = ({ name }: Activity): boolean =>
  name?.startsWith('composeExtension/') ?? false;

const botIsIn = (activity: Activity, members: Activity['membersAdded']): boolean =>
  (members ?? []).some((member) => member.id === activity.recipient.id);

export const isPersonal = ({ conversation }: Activity): boolean =>
  conversation.conversationType === 'personal' ||
  (!conversation.conversationType && !conversation.isGroup && !conversation.id.startsWith('19:'));

/** See “Conversation update events” in Microsoft's documentation of Teams bots. */
const ofChannels: Readonly<Record<string, Arrived>> = {
  channelDeleted: { type: 'channel-ended', end: 'channel-deleted' },
  teamDeleted: { type: 'channel-ended', end: 'team-deleted' },
  teamHardDeleted: { type: 'channel-ended', end: 'team-deleted' },
  teamArchived: { type: 'channel-ended', end: 'team-archived' },
  channelRestored: { type: 'channel-back' },
  teamRestored: { type: 'channel-back' },
  teamUnarchived: { type: 'channel-back' },
};

const updateIn = (activity: Activity): Arrived => {
  if (botIsIn(activity, activity.membersAdded)) return { type: 'installed' };
  if (botIsIn(activity, activity.membersRemoved)) return { type: 'removed' };
  const name = activity.channelData?.eventType ?? '';
  return (Object.hasOwn(ofChannels, name) ? ofChannels[name] : null) ?? { type: 'nothing' };
};

/** What happened. Null: an invoke that is none of ours. */
export const arrivedIn = (activity: Activity): Arrived | null => {
  switch (activity.type) {
    case 'message': {
      const data = typeof activity.value === 'object' && activity.value !== null ? activity.value : null;
      const acted = data && actionOf(data, 'chat');
      if (acted) return acted;
      const text = spoken(activity, isPersonal(activity));
      return text === null ? { type: 'nothing' } : { type: 'said', text };
    }
    case 'invoke':
      return invoked(activity);
    case 'installationUpdate':
      // A new version of the app (`add-upgrade`, `remove-upgrade`) is neither.
      if (activity.action === 'add') return { type: 'installed' };
      return { type: activity.action === 'remove' ? 'removed' : 'nothing' };
    case 'conversationUpdate':
      return updateIn(activity);
    default:
      return { type: 'nothing' };
  }
};

/** The channel of a message or card, and the thread in it. */
export const threadIn = ({ conversation, replyToId }: Activity): { channel: string; root: string | null } => {
  const { channel, root } = splitThread(conversation.id);
  return { channel, root: root ?? replyToId ?? null };
};

/** The channel that an activity is about, which need not be the one that it stands in, and its team. */
export const channelNamed = (activity: Activity): { channel: string; team: string | null } => ({
  channel: activity.channelData?.channel?.id ?? threadIn(activity).channel,
  team: activity.channelData?.team?.id ?? null,
});

export const threadRef = (channel: string, root: string) => ({
  conversation: threadOf(channel, root),
  activity: root,
});

/** Every tenant that an activity names. */
export const tenantsOf = ({ conversation, channelData }: Activity): (string | null)[] => [
  conversation.tenantId || null,
  channelData?.tenant?.id || null,
];

export const serviceOf = (activity: Activity): ConnectorService => ({
  serviceUrl: activity.serviceUrl,
  channelId: activity.channelId,
  bot: { id: activity.recipient.id, name: activity.recipient.name ?? '' },
  tenantId: tenantsOf(activity).find((tenant) => tenant !== null) ?? null,
});

/** What Teams calls an activity, the same each time it delivers it; null: it says nothing. */
export const eventKeyOf = ({ type, id, conversation }: Activity): string | null =>
  id ? `teams:${type}/${conversation.id}/${id}` : null;
