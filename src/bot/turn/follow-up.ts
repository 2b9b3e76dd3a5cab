import type { Incoming, OpenForm, Profile } from '../../chat/port.ts';
import type { Field, Form } from '../../chat/view.ts';
import { samePerson } from '../../conversation/escalation/it-actions.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import type { LookupOutcome } from '../../conversation/state/lookup.ts';
import { localeOf } from '../../language.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch, type Done, effectOf } from './dispatch.ts';
import type { Lookups } from './lookups.ts';

export type FollowUpParts = {
  store: Store;
  wording: Wording;
  dispatch: Dispatch;
  lookups: Lookups;
  stamp(): Stamp;
  log: Log;
};

/** The form as it was shown, and the handle with which it can be replaced. */
export type FormStanding = { form: Form; about: string; open: OpenForm };

/** What came of a look for settings. `answers`: what the form is about that waits for it; null: none does. */
type News = { outcome: LookupOutcome; answers: string | null };

/** Fields whose offer has changed get a new version; all others keep what may have been typed into them. */
const raised = (before: Form, after: Form): Form => ({
  ...after,
  fields: after.fields.map((field): Field => {
    const old = before.fields.find(({ name }) => name === field.name);
    if (!old) return field;
    return { ...field, version: old.initial === field.initial ? old.version : old.version + 1 };
  }),
});

/** Tells the conversation what came of a look for settings. */
export const createDiscovered =
  ({ store, dispatch, stamp }: Pick<FollowUpParts, 'store' | 'dispatch' | 'stamp'>) =>
  (id: string, address: string, news: News): Promise<Done | null> =>
    dispatch(byId(store, id), { ...stamp(), type: 'discovered', address, ...news });

/** Tells the conversation who the person is. Null: it is somebody else's. */
const createIntroduce =
  ({ store, dispatch, stamp }: FollowUpParts) =>
  async ({ conversation }: Done, incoming: Incoming, profile: Profile): Promise<Done | null> => {
    if (!samePerson(conversation.person, incoming.person)) return null;
    const { name, address, timeZone = null } = profile;
    const locale = localeOf(profile.locale);
    const event = { type: 'introduced', name, locale, address, timeZone } as const;
    return dispatch(byId(store, conversation.id), { ...stamp(), ...event });
  };

/** Shows the conversation's present state in the form that stands open. It may have been closed; then nothing is lost. */
const refresh = async (standing: FormStanding, done: Done, wording: Wording): Promise<FormStanding> => {
  const form = raised(standing.form, wording.form(done.conversation, standing.form.name, standing.about));
  if (JSON.stringify(form) === JSON.stringify(standing.form)) return standing;
  await standing.open.update(form);
  return { ...standing, form };
};

/** Settings and profile, in whatever order they come, go into the conversation and into the form that stands open. */
export const createFollowUp = (parts: FollowUpParts) => {
  const { wording, lookups, log } = parts;
  const discovered = createDiscovered(parts);
  const introduce = createIntroduce(parts);

  /** What comes later is no part of the request: it is logged when it fails, and the conversation goes on without it. */
  const inBackground = (task: Promise<unknown>): void => {
    task.catch((error: unknown) => log.warn({ code: codeOf(error) }, 'what came later could not be shown'));
  };

  return (done: Done, incoming: Incoming, standing: FormStanding | null): void => {
    let now = standing;
    let line: Promise<unknown> = Promise.resolve();
    const shown = (next: Done | null) => {
      if (!next) return;
      line = line.then(async () => {
        if (now) now = await refresh(now, next, wording);
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
};
