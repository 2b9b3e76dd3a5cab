import type { Form } from '../../../chat/view.ts';
import { cardType } from '../render/elements.ts';
import { dialog, type Filled, renderForm, renderUsedForm } from '../render/form.ts';
import type { Via } from './parse.ts';

/** What the request of Teams is answered with. */
export type Reply = { status: number; body?: unknown };

export const accepted: Reply = { status: 200 };
/** For invokes that are none of ours. */
export const notImplemented: Reply = { status: 501 };

const task = (value: unknown, type: 'continue' | 'message'): Reply => ({
  status: 200,
  body: { task: { type, value } },
});
const refresh = (content: unknown): Reply => ({
  status: 200,
  body: { statusCode: 200, type: cardType, value: content },
});

/** One line, in the place where the person has clicked. Messages of a chat are answered there, not here. */
export const lineReply = (via: Via, line: string): Reply => {
  if (via === 'dialog') return task(line, 'message');
  if (via === 'chat') return accepted;
  return {
    status: 200,
    body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: line },
  };
};

export const formReply = (via: Via, form: Form, filled: Filled): Reply =>
  via === 'dialog' ? task(dialog(form, filled), 'continue') : refresh(renderForm(form, filled, true));

/** A dialog closes on an empty answer; a card of the chat can be read but not sent again. */
export const closedReply = (via: Via, form: Form | null, filled: Filled): Reply => {
  if (via !== 'card' || !form) return accepted;
  return refresh(renderUsedForm(form, filled));
};
