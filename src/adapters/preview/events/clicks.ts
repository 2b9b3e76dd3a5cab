import { cleanedForm } from '../../../chat/cleaned.ts';
import type { Incoming, OpenForm } from '../../../chat/port.ts';
import type { Form } from '../../../chat/view.ts';
import { PreviewError } from '../errors.ts';
import { type Body, type Context, from } from './context.ts';
import { exchange } from './exchange.ts';

/** What a click or a command comes back with. */
export type ClickAnswer = { type: 'done' } | { type: 'form'; form: Form };

export const done: ClickAnswer = { type: 'done' };

/** Hands an event to the bot and waits for what comes of it: the form that it opened, or nothing. */
export const click = (
  { receive, onError }: Context,
  event: (openForm: (form: Form) => Promise<OpenForm | null>) => Incoming,
): Promise<ClickAnswer> =>
  exchange<ClickAnswer>({
    work: (give) =>
      receive(
        event(async (form) => {
          if (!give({ type: 'form', form: cleanedForm(form) }))
            throw new PreviewError('too-slow', 'this click has already been answered');
          return null;
        }),
      ),
    otherwise: done,
    onError,
  });

/** A button under one of our messages. */
export const takeClick = async (
  context: Context,
  { message, action, value }: Body<'button'>,
  language: string | null,
): Promise<ClickAnswer> => {
  const pressed = await context.board.get(message);
  if (!pressed) throw new PreviewError('gone', 'the button belongs to a message that is not kept');
  const { pane } = pressed;
  return click(context, (openForm) => ({
    ...from(pane, language),
    type: 'button',
    action,
    value,
    inItChannel: pane === 'it',
    openForm,
  }));
};
