import { setTimeout as sleep } from 'node:timers/promises';
import type { Incoming } from '../../chat/port.ts';
import type { FormAnswer } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { ForConversation } from '../ports.ts';
import { type Done, effectOf } from './dispatch.ts';
import { createDiscovered, createFollowUp, type FollowUpParts, type FormStanding } from './follow-up.ts';

export type RespondParts = FollowUpParts & {
  itLocale: Locale;
  /** Whether the platform can change a form that stands open. */
  formUpdates(platform: string): boolean;
  /** How long a form waits for settings. */
  waitMs: number;
};

/** A look that ends with what is known needs a moment to say it, in milliseconds. */
const graceMs = 100;

/** What a form is answered with, and what that is about. */
const formAnswer = (
  done: Done,
  incoming: Incoming,
  { wording, itLocale }: RespondParts,
): { answer: FormAnswer; about: string } => {
  const effect = done.effects.findLast(({ type }) => type === 'answer');
  if (effect?.type !== 'answer' || effect.answer.type === 'close')
    return { answer: { type: 'close' }, about: '' };
  const { answer } = effect;
  if (answer.type === 'form') {
    const form = wording.form(done.conversation, answer.form, answer.about);
    return { answer: { type: 'form', form }, about: answer.about };
  }
  const isIt = incoming.type === 'form' && incoming.inItChannel;
  const locale = isIt ? itLocale : done.conversation.locale;
  return { answer: { type: 'errors', errors: wording.errors(answer.errors, locale) }, about: '' };
};

/** Answers forms and clicks within their request, and brings what comes later into the form that stands open. */
export const createRespond = (parts: RespondParts) => {
  const { wording, lookups, log } = parts;
  const discovered = createDiscovered(parts);
  const followUp = createFollowUp(parts);

  /** A form for the servers is worth a short wait: most settings are known at once. */
  const settled = async (done: Done, incoming: Incoming, waiting: string | null): Promise<Done> => {
    const effect = effectOf(done, 'discover');
    if (!effect) return done;
    const { id, person } = done.conversation;
    const isUpdatable = parts.formUpdates(incoming.person.platform);
    const late = sleep(parts.waitMs + graceMs, null, { ref: false });
    const looking = lookups.find(effect.address, person, isUpdatable ? undefined : parts.waitMs);
    const outcome = await Promise.race([looking, late]);
    if (outcome === null && isUpdatable) return done;
    const known = await discovered(id, effect.address, {
      outcome: outcome ?? { type: 'failed' },
      answers: waiting,
    });
    return known ?? done;
  };

  return {
    form: async (done: Done, incoming: Extract<Incoming, { type: 'form' }>): Promise<void> => {
      const asked = effectOf(done, 'answer')?.answer;
      const ready = asked?.type === 'form' ? await settled(done, incoming, asked.about) : done;
      const { answer, about } = formAnswer(ready, incoming, parts);
      const open = incoming.respond(answer);
      const standing = open && answer.type === 'form' ? { form: answer.form, about, open } : null;
      followUp(ready, incoming, standing);
    },

    /** A form that does not open can be opened from its button again; everything else has been done. */
    click: async (done: Done, incoming: Exclude<ForConversation, { type: 'form' }>): Promise<void> => {
      const effect = effectOf(done, 'open-form');
      let standing: FormStanding | null = null;
      if (effect && incoming.type !== 'message') {
        const ready = effect.form === 'servers' ? await settled(done, incoming, null) : done;
        const form = wording.form(ready.conversation, effect.form, effect.about);
        try {
          const open = await incoming.openForm(form);
          standing = open && { form, about: effect.about, open };
        } catch (error) {
          log.warn({ conversation: done.conversation.id, code: codeOf(error) }, 'form did not open');
        }
      }
      followUp(done, incoming, standing);
    },
  };
};
export type Respond = ReturnType<typeof createRespond>;
