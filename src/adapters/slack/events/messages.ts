import type { EphemeralTarget } from '../api/ephemeral.ts';
import { refOf } from '../api/refs.ts';
import { renderMessage } from '../render/render.ts';
import { readable } from '../render/text.ts';
import type { SlackTexts } from '../texts.ts';
import type { Context } from './context.ts';
import { bodies, type EventBody } from './parse.ts';

type Event = EventBody['event'];
/** `retry`: how often Slack has delivered it before. */
type Sent = { body: unknown; retry: number };

/** Slack delivers an event four times: at once, at once again, after a minute and after five (docs.slack.dev, Events API). */
const lastRetry = 3;

/** Written by a person just now: no edit, no deletion, no other bot. */
const isSaid = ({ subtype, bot_id: bot, user }: Event): boolean =>
  bot === undefined && user !== undefined && (subtype === undefined || subtype === 'file_share');

/** Null: nothing that we read, and delivering it again would not change that. */
const eventIn = ({ onError }: Context, body: unknown): EventBody | null => {
  const { data, error } = bodies.event.safeParse(body);
  if (error) onError(error);
  return data ?? null;
};

/** What she reads when it could not be kept. The first time nothing: Slack delivers it again at this moment. */
const lineAfter = (retry: number): keyof SlackTexts | null => {
  if (retry >= lastRetry) return 'not-taken';
  return retry === 1 ? 'not-yet' : null;
};

/**
 * Does it once, and rejects when it could not be kept, so that Slack is not told that it was: then it delivers it again.
 * She is told that it takes some minutes, and after the last time that it was lost.
 */
const keep = async (
  context: Context,
  { key, retry, ear }: { key: string; retry: number; ear: EphemeralTarget },
  task: () => Promise<void>,
): Promise<void> => {
  try {
    await context.once(key, task);
  } catch (error) {
    const line = lineAfter(retry);
    const isIt = context.itChannel.is(ear.channel);
    const words = isIt ? context.speech.forIt() : context.speech.in(context.people.localeOf(ear.user));
    if (line) await context.ephemeral(ear, words[line]);
    throw error;
  }
};

/** Something written into the direct messages with the bot. */
export const takeMessage = async (context: Context, { body, retry }: Sent): Promise<void> => {
  const sent = eventIn(context, body);
  if (!sent) return;
  const { event, event_id: id } = sent;
  const { user, channel, ts, thread_ts: thread } = event;
  if (!isSaid(event) || user === undefined || event.channel_type !== 'im' || event.text.trim() === '') return;
  await context.backpressure();
  if (!(await context.admission.isOurs(body))) return;
  const key = `slack:event/${id}`;
  const ear = { user, channel, thread: thread === ts ? undefined : thread };
  await keep(context, { key, retry, ear }, async () => {
    const from = context.people.from(user, '');
    await context.receive({
      ...from,
      eventKey: key,
      type: 'message',
      text: readable(event.text),
      thread: null,
    });
  });
};

/** Takes our own name out of what was said to us. */
const withoutMention = (text: string, botUserId: string | undefined): string =>
  botUserId === undefined
    ? text
    : text.replaceAll(new RegExp(`<@${botUserId}(?:\\|[^>]*)?>[:,]?\\s*`, 'gu'), '');

/** Only in the thread of a case it is for the rep, and only from IT; IT's other talk never reaches us. */
const hearMention = async (
  context: Context,
  { event, key, ear }: { event: Event; key: string; ear: EphemeralTarget },
) => {
  const { people, identity, itChannel, admission, speech, ephemeral, receive } = context;
  const { channel, thread_ts: thread } = event;
  const from = await people.named(ear.user, '');
  const words = itChannel.is(channel) ? speech.forIt() : speech.in(from.platformLocale);
  if (!itChannel.is(channel)) return ephemeral(ear, words['mention-in-case']);
  const refusal = await admission.refusalForIt(ear.user);
  if (refusal !== null) return ephemeral(ear, words[refusal]);
  const text = readable(withoutMention(event.text, identity.current()?.userId)).trim();
  const received = await receive({
    ...from,
    eventKey: key,
    type: 'message',
    text,
    thread: refOf({ channel, ts: thread ?? event.ts }),
    reply: (message) => ephemeral(ear, renderMessage(message, speech.in(message.locale).cut)),
  });
  if (!received) await ephemeral(ear, words['mention-in-case']);
};

/** Somebody speaks to the bot in a channel. */
export const takeMention = async (context: Context, { body, retry }: Sent): Promise<void> => {
  const sent = eventIn(context, body);
  if (!sent) return;
  const { event, event_id: id } = sent;
  const { user, channel, thread_ts: thread } = event;
  if (!isSaid(event) || user === undefined || channel.startsWith('D')) return;
  await context.backpressure();
  if (!(await context.admission.isOurs(body))) return;
  const key = `slack:event/${id}`;
  const ear = { user, channel, thread };
  await keep(context, { key, retry, ear }, () => hearMention(context, { event, key, ear }));
};
