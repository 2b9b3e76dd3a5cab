import type { Form } from '../../../chat/view.ts';
import { TeamsError } from '../errors.ts';
import { unfilled } from '../render/form.ts';
import { type Context, from } from './context.ts';
import type { ArrivedOf } from './parse.ts';
import { formReply, lineReply, type Reply } from './reply.ts';
import type { ActivityTurn } from './turn.ts';

/** A button under one of our messages. */
export const takeClick = async (
  context: Context,
  turn: ActivityTurn,
  { via, action, value }: ArrivedOf<'pressed'>,
): Promise<Reply> => {
  let opened: Form | null = null;
  const openForm = async (form: Form): Promise<null> => {
    if (opened) throw new TeamsError('invalid', 'a click opens one form only');
    opened = form;
    if (via !== 'dialog') context.inline.open(turn.activity, form);
    return null;
  };
  const { inItChannel } = turn;
  const clicked = { ...from(turn), type: 'button', action, value, inItChannel, openForm } as const;
  const lines = (await context.receive(turn, clicked)) ?? turn.lines;
  if (opened && via === 'dialog') return formReply(via, opened, unfilled);
  return lineReply(via, via === 'dialog' ? lines['see-chat'] : lines.done);
};
