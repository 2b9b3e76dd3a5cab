import type { FormAnswer } from '../../../chat/view.ts';
import { exactlyOnce } from '../../../lib/answered-once.ts';
import { TeamsError } from '../errors.ts';
import { unfilled } from '../render/form.ts';
import { type Context, from } from './context.ts';
import type { ArrivedOf } from './parse.ts';
import { accepted, closedReply, formReply, lineReply, type Reply } from './reply.ts';
import type { ActivityTurn } from './turn.ts';

/** A form that was sent: in a dialog, on a card, or in the chat. */
export const takeSubmission = async (
  context: Context,
  turn: ActivityTurn,
  { via, form: name, context: about, values, shape: form }: ArrivedOf<'submitted'>,
): Promise<Reply> => {
  const { activity, inItChannel } = turn;
  const untouched = Object.fromEntries((form?.fields ?? []).map((field) => [field.name, null]));
  const typed = { ...untouched, ...values };
  const { call: respond, given } = exactlyOnce(
    (_answer: FormAnswer): null => null,
    () => new TeamsError('invalid', 'a form is answered exactly once'),
  );
  const sent = { type: 'form', form: name, context: about, values: typed, inItChannel, respond } as const;
  const lines = (await context.receive(turn, { ...from(turn), ...sent })) ?? turn.lines;
  const answer = given();
  if (!answer) throw new TeamsError('too-slow', 'the form was left without an answer');
  if (via === 'chat') {
    context.inline.answer({ activity, form, typed, line: lines['form-gone'] }, answer);
    return accepted;
  }
  if (answer.type === 'form') return formReply(via, answer.form, unfilled);
  if (answer.type === 'close') return closedReply(via, form, { values: typed, errors: {} });
  return form
    ? formReply(via, form, { values: typed, errors: answer.errors })
    : lineReply(via, lines['form-gone']);
};
