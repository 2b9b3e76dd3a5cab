import type { Context } from './context.ts';
import { bodies, type EventBody } from './parse.ts';
import { platform } from './people.ts';
import { readable } from './text.ts';

type Event = EventBody['event'];

/** Written by a person just now: no edit, no deletion, no other bot. */
const isSaid = ({ subtype, bot_id: bot, user }: Event): boolean =>
  bot === undefined && user !== undefined && (subtype === undefined || subtype === 'file_share');

/** Something written into the direct messages with the bot. */
export const takeMessage = async (context: Context, body: unknown): Promise<void> => {
  const { event, event_id: id } = bodies.event.parse(body);
  const { user, channel, ts, thread_ts: thread } = event;
  if (!isSaid(event) || user === undefined || event.channel_type !== 'im' || event.text.trim() === '') return;
  await context.breath();
  await context.once(`slack:event/${id}`, async () => {
    const from = context.people.from(user, '');
    try {
      await context.receive({ ...from, type: 'message', text: readable(event.text), thread: null });
    } catch (error) {
      context.onError(error);
      const ear = { user, channel, thread: thread === ts ? undefined : thread };
      await context.whisper(ear, context.speech.in(from.platformLocale)['not-taken']);
    }
  });
};

/** Takes our own name out of what was said to us. */
const withoutMention = (text: string, botUserId: string | undefined): string =>
  botUserId === undefined
    ? text
    : text.replaceAll(new RegExp(`<@${botUserId}(?:\\|[^>]*)?>[:,]?\\s*`, 'gu'), '');

/** Only in the thread of a case it is for the rep; IT's other talk never reaches us. */
const hearMention = async (context: Context, event: Event, user: string): Promise<void> => {
  const { channel, thread_ts: thread } = event;
  const { people, identity, itChannel, speech, whisper, onError, receive } = context;
  const from = await people.named(user, '');
  const words = itChannel.is(channel) ? speech.forIt() : speech.in(from.platformLocale);
  const ear = { user, channel, thread };
  if (!itChannel.is(channel) || thread === undefined) return whisper(ear, words['mention-in-case']);
  const text = readable(withoutMention(event.text, identity.current()?.userId)).trim();
  try {
    const root = { platform, id: `${channel}:${thread}` };
    const received = await receive({ ...from, type: 'message', text, thread: root });
    if (!received) await whisper(ear, words['mention-in-case']);
  } catch (error) {
    onError(error);
    await whisper(ear, words['not-taken']);
  }
};

/** Somebody speaks to the bot in a channel. */
export const takeMention = async (context: Context, body: unknown): Promise<void> => {
  const { event, event_id: id } = bodies.event.parse(body);
  const { user, channel } = event;
  if (!isSaid(event) || user === undefined || channel.startsWith('D')) return;
  await context.breath();
  await context.once(`slack:event/${id}`, () => hearMention(context, event, user));
};
