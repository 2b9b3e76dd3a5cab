import { refOf } from '../api/refs.ts';
import { type Context, from } from './context.ts';
import { type ArrivedOf, threadIn, threadRef } from './parse.ts';
import { accepted, type Reply } from './reply.ts';
import type { ActivityTurn } from './turn.ts';

const command = /^\/connect-email(?:\s+|$)/iu;

/** Somebody speaks to the bot in a channel: for the rep it is only in the thread of a case. */
const takeMention = async (context: Context, turn: ActivityTurn, words: string): Promise<Reply> => {
  const { activity, inItChannel, lines } = turn;
  const { channel, root } = threadIn(activity);
  const thread = inItChannel ? refOf(threadRef(channel, root ?? activity.id ?? '')) : null;
  const reply = thread ? context.replyIn(activity) : null;
  const said = { ...from(turn), type: 'message', text: words, thread } as const;
  const taken = await context.receive(turn, { ...said, ...(reply && { reply }) });
  if (!taken && thread) context.sayIn(activity, lines['mention-in-case']);
  return accepted;
};

/** Something written to the bot. */
export const takeMessage = async (
  context: Context,
  turn: ActivityTurn,
  { text: words }: ArrivedOf<'said'>,
): Promise<Reply> => {
  if (!turn.personal) return takeMention(context, turn, words);
  const met = await context.withProfile(turn);
  await context.receive(
    turn,
    command.test(words)
      ? {
          ...from(met),
          type: 'command',
          text: words.replace(command, ''),
          openForm: async (form) => {
            context.inline.open(turn.activity, form);
            return null;
          },
        }
      : { ...from(met), type: 'message', text: words, thread: null },
  );
  return accepted;
};
