import type { Form, FormAnswer } from '../../../chat/view.ts';
import type { Posts } from '../api/posts.ts';
import { card, text } from '../render/elements.ts';
import { renderForm, renderUsedForm, unfilled } from '../render/form.ts';
import { type Activity, serviceOf, type TypedValues } from './parse.ts';

/** A form of the chat as it came back. `line`: what is said when the form itself is no longer known. */
export type Returned = { activity: Activity; form: Form | null; typed: TypedValues; line: string };

/**
 * Forms as cards of the chat, for clients that have no dialogs and for a command, which can open none. They are posted
 * and updated beside the request: it may not wait for another one of ours.
 */
export const createInlineForms = (parts: { posts: Posts; onError: (error: unknown) => void }) => {
  const { posts, onError } = parts;
  const post = (activity: Activity, shown: ReturnType<typeof card>): void => {
    posts.reply(serviceOf(activity), activity.conversation.id, shown).catch(onError);
  };
  /** In the place of the card that was used. */
  const replace = (activity: Activity, shown: ReturnType<typeof card>): void => {
    const { conversation, replyToId } = activity;
    if (replyToId) {
      const spot = { conversation: conversation.id, activity: replyToId };
      posts.replace(serviceOf(activity), spot, shown).catch(onError);
    } else post(activity, shown);
  };

  return {
    open: (activity: Activity, form: Form): void => {
      post(activity, renderForm(form, unfilled, true));
    },
    answer: ({ activity, form, typed, line }: Returned, answer: FormAnswer): void => {
      const errors = answer.type === 'errors' ? answer.errors : {};
      const filled = { values: typed, errors };
      if (answer.type === 'form') replace(activity, renderForm(answer.form, unfilled, true));
      else if (form && answer.type === 'close') replace(activity, renderUsedForm(form, filled));
      else if (form) replace(activity, renderForm(form, filled, true));
      else if (answer.type === 'errors') post(activity, card(line, text(line), []));
    },
  };
};
export type InlineForms = ReturnType<typeof createInlineForms>;
