import { setTimeout as sleep } from 'node:timers/promises';
import type { Incoming, OpenForm, Profile } from '../../chat/port.ts';
import type { Field, Form, FormAnswer } from '../../chat/view.ts';
import { samePerson } from '../../conversation/escalation/it-actions.ts';
import type { Effect } from '../../conversation/events/effect.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import type { LookupOutcome } from '../../conversation/state/lookup.ts';
import { localeOf } from '../../language.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch, type Done } from './dispatch.ts';
import type { Lookups } from './lookups.ts';

export type AnswerParts = {
  store: Store;
  wording: Wording;
  dispatch: Dispatch;
  lookups: Lookups;
  stamp(): Stamp;
  log: Log;
  itLocale: Locale;
  /** Whether the platform can change a form that stands open. */
  formUpdates(platform: string): boolean;
  /** How long a form waits for settings. */
  waitMs: number;
};

/** The form as it was shown, and the handle with which it can be replaced. */
type Standing = { form: Form; about: string; open: OpenForm };

const effectOf = <T extends Effect['type']>(done: Done, type: T): Extract<Effect, { type: T }> | null =>
  done.effects.find((effect): effect is Extract<Effect, { type: T }> => effect.type === type) ?? null;

/** Fields whose offer has changed get a new version; all others keep what may have been typed into them. */
const raised = (before: Form, after: Form): Form => ({
  ...after,
  fields: after.fields.map((field): Field => {
    const old = before.fields.find(({ name }) => name === field.name);
    if (!old) return field;
    return { ...field, version: old.initial === field.initial ? old.version : old.version + 1 };
  }),
});

/** A look that ends with what is known needs a moment to say it, in milliseconds. */
const graceMs = 100;

/** Answers forms and clicks within their request, and brings what comes later into the form that stands open. */
export const createRespond = (parts: AnswerParts) => {
  const { store, wording, dispatch, lookups, stamp, log } = parts;

  const formAnswer = (done: Done, incoming: Incoming): { answer: FormAnswer; about: string } => {
    const effect = done.effects.findLast(({ type }) => type === 'answer');
    if (effect?.type !== 'answer' || effect.answer.type === 'close')
      return { answer: { type: 'close' }, about: '' };
    const { answer } = effect;
    if (answer.type === 'form') {
      const form = wording.form(done.conversation, answer.form, answer.about);
      return { answer: { type: 'form', form }, about: answer.about };
    }
    const isIt = incoming.type === 'form' && incoming.inItChannel;
    const locale = isIt ? parts.itLocale : done.conversation.locale;
    return { answer: { type: 'errors', errors: wording.errors(answer.errors, locale) }, about: '' };
  };

  const discovered = (
    id: string,
    address: string,
    news: { outcome: LookupOutcome; answers: string | null },
  ) => dispatch(byId(store, id), { ...stamp(), type: 'discovered', address, ...news });

  /** Shows the conversation's present state in the form that stands open. It may have been closed; then nothing is lost. */
  const refresh = async (standing: Standing, done: Done): Promise<Standing> => {
    const form = raised(standing.form, wording.form(done.conversation, standing.form.name, standing.about));
    if (JSON.stringify(form) === JSON.stringify(standing.form)) return standing;
    await standing.open.update(form);
    return { ...standing, form };
  };

  /** What comes later is no part of the request: it is logged when it fails, and the conversation goes on without it. */
  const inBackground = (task: Promise<unknown>): void => {
    task.catch((error: unknown) => log.warn({ code: codeOf(error) }, 'what came later could not be shown'));
  };

  const introduce = async (done: Done, incoming: Incoming, profile: Profile): Promise<Done | null> => {
    const { conversation } = done;
    if (!samePerson(conversation.person, incoming.person)) return null;
    const { name, address } = profile;
    const event = {
      ...stamp(),
      type: 'introduced',
      name,
      locale: localeOf(profile.locale),
      address,
    } as const;
    return dispatch(byId(store, conversation.id), event);
  };

  /** Settings and profile, in whatever order they come, go into the conversation and into the form that stands open. */
  const followUp = (done: Done, incoming: Incoming, standing: Standing | null): void => {
    let now = standing;
    let line: Promise<unknown> = Promise.resolve();
    const shown = (next: Done | null) => {
      if (!next) return;
      line = line.then(async () => {
        if (now) now = await refresh(now, next);
      });
      inBackground(line);
    };
    const look = async (after: Done): Promise<void> => {
      const effect = effectOf(after, 'discover');
      if (!effect) return;
      const { id, person } = after.conversation;
      const outcome = await lookups.find(effect.address, person);
      shown(await discovered(id, effect.address, { outcome, answers: null }));
    };
    const hear = async (): Promise<void> => {
      const profile = await incoming.later;
      const next = profile && (await introduce(done, incoming, profile));
      if (!next) return;
      shown(next);
      await look(next);
    };
    inBackground(look(done));
    inBackground(hear());
  };

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
      const { answer, about } = formAnswer(ready, incoming);
      const open = incoming.respond(answer);
      const standing = open && answer.type === 'form' ? { form: answer.form, about, open } : null;
      followUp(ready, incoming, standing);
    },

    /** A form that does not open can be opened from its button again; everything else has been done. */
    click: async (done: Done, incoming: Exclude<Incoming, { type: 'form' }>): Promise<void> => {
      const effect = effectOf(done, 'open-form');
      let standing: Standing | null = null;
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
