import type { Form } from '../../../chat/view.ts';
import { TeamsError } from '../errors.ts';
import { unfilled } from '../render/form.ts';
import { type Context, from } from './context.ts';
import type { ArrivedOf } from './parse.ts';
import { formReply, lineReply, type Reply } from './reply.ts';
import type { ActivityTurn } from './turn.ts';

/** The same as the command to check an account, from wherever she is in Teams; its answers come into her own chat. */
export const takeExtension = async (
  context: Context,
  turn: ActivityTurn,
  { text }: ArrivedOf<'extended'>,
): Promise<Reply> => {
  let opened: Form | null = null;
  const openForm = async (form: Form): Promise<null> => {
    if (opened) throw new TeamsError('invalid', 'a call opens one form only');
    opened = form;
    return null;
  };
  const lines =
    (await context.receive(turn, { ...from(turn), type: 'command', text, openForm })) ?? turn.lines;
  return opened ? formReply('dialog', opened, unfilled) : lineReply('dialog', lines['see-chat']);
};
