import { cleanedMessage } from '../../../chat/cleaned.ts';
import type { ReplyInPlace } from '../../../chat/port.ts';
import { people } from '../api/people.ts';
import type { Post } from '../api/stored.ts';
import { PreviewError } from '../errors.ts';
import { type ClickAnswer, click, done } from './clicks.ts';
import { type Body, type Context, from } from './context.ts';
import { parseReply, parseTyped } from './parse.ts';

type Where = Pick<Post, 'pane' | 'root' | 'author'>;
const inRepChat: Where = { pane: 'rep', root: null, author: 'rep' };

type Said = { text: string; where: Where };

/** Shown where it was said, once the bot has taken it: what failed stays in the composer and is not shown twice. */
const show = async (
  { board, now }: Context,
  { text, where }: Said,
  take: () => Promise<ClickAnswer>,
): Promise<ClickAnswer> => {
  const seat = await board.seat();
  const answer = await take();
  await board.add({ ...where, at: now(), content: { type: 'said', text } }, seat);
  return answer;
};

const command = (context: Context, text: string, language: string | null): Promise<ClickAnswer> =>
  click(context, (openForm) => ({ ...from('rep', language), type: 'command', text, openForm }));

/** A slash command, typed or behind a button of the page. */
export const takeCommand = (
  context: Context,
  { text, typed }: Body<'command'>,
  language: string | null,
): Promise<ClickAnswer> => {
  const take = () => command(context, text, language);
  return typed ? show(context, { text, where: inRepChat }, take) : take();
};

const replyInThread = async (
  context: Context,
  { text, rootId }: { text: string; rootId: string },
  language: string | null,
): Promise<ClickAnswer> => {
  const root = await context.board.get(rootId);
  if (root?.pane !== 'it' || root.root !== null)
    throw new PreviewError('gone', 'a reply needs a message in the IT channel');
  const where: Where = { pane: 'it', root: root.id, author: 'it' };
  const forBot = parseReply(text);
  const thread = { platform: people.it.platform, id: root.id };
  return show(context, { text, where }, async () =>
    forBot === null
      ? done
      : click(context, () => ({ ...from('it', language), type: 'message', text: forBot, thread })),
  );
};

/** Something written in the channel itself: for the bot only where it mentions it, whose answer stands there for all to see. */
const sayInChannel = async (
  context: Context,
  text: string,
  language: string | null,
): Promise<ClickAnswer> => {
  const reply: ReplyInPlace = async (message) => {
    const content = { type: 'message', message: cleanedMessage(message) } as const;
    await context.board.add({ pane: 'it', root: null, author: 'bot', at: context.now(), content });
  };
  const forBot = parseReply(text);
  // No case stands there.
  const thread = { platform: people.it.platform, id: '' };
  return show(context, { text, where: { pane: 'it', root: null, author: 'it' } }, async () =>
    forBot === null
      ? done
      : click(context, () => ({ ...from('it', language), type: 'message', text: forBot, thread, reply })),
  );
};

/** Something written in the rep's chat, in a thread of the IT channel, or to the bot in the channel itself. */
export const takeMessage = (
  context: Context,
  { text, thread, pane }: Body<'message'>,
  language: string | null,
): Promise<ClickAnswer> => {
  if (thread === null && pane === 'it') return sayInChannel(context, text, language);
  if (thread !== null) return replyInThread(context, { text, rootId: thread }, language);
  const parsed = parseTyped(text);
  return show(context, { text, where: inRepChat }, () =>
    parsed.type === 'command'
      ? command(context, parsed.text, language)
      : click(context, () => ({
          ...from('rep', language),
          type: 'message',
          text: parsed.text,
          thread: null,
        })),
  );
};
