import type { Person } from '../../chat/port.ts';
import type { Effect } from '../../conversation/events/effect.ts';
import type { Act, Event, EventOf } from '../../conversation/events/event.ts';
import { type Cost, costsOf } from '../../conversation/limits.ts';
import type { Conversation } from '../../conversation/state/conversation.ts';
import { step } from '../../conversation/step.ts';
import type { Rules } from '../../conversation/turn.ts';
import { RevisionConflict, type Store } from '../../store/ports.ts';
import { jobsOf } from '../jobs/plan.ts';
import type { Log } from '../ports.ts';
import { keepJournal } from './journal.ts';

/** A conversation to take a step in; `stored` is null for one that is not saved yet. */
export type Loaded = {
  conversation: Conversation;
  stored: { conversation: Conversation; revision: number } | null;
};
/** `refused`: it was too much, and was not done. */
export type Done = {
  conversation: Conversation;
  effects: Effect[];
  refused: { what: Cost['what']; until: number } | null;
};

/** The first effect of a kind that a step has; null: it has none. */
export const effectOf = <T extends Effect['type']>(
  done: Done,
  type: T,
): Extract<Effect, { type: T }> | null =>
  done.effects.find((effect): effect is Extract<Effect, { type: T }> => effect.type === type) ?? null;

/** More rivals for one conversation than this are no accident. */
const mostConflicts = 50;

const isAct = (event: Event): event is Extract<Event, { type: Act['type'] }> =>
  ['said', 'replied-in-thread', 'pressed', 'submitted', 'login-submitted'].includes(event.type);

const instead = (
  event: Extract<Event, { type: Act['type'] }>,
  refused: { what: Cost['what']; until: number },
): EventOf<'refused'> => {
  const { at, id, eventKey } = event;
  return { at, id, eventKey, type: 'refused', ...refused, instead: event };
};

export type DispatchParts = {
  store: Store;
  /** What holds for the rep of a conversation. */
  rulesFor(person: Person): Promise<Rules>;
  log: Log;
  /** Between 0 and 1. */
  random(): number;
  /** Null: what a step costs may be spent, and is spent. */
  take(costs: readonly Cost[]): Promise<Done['refused']>;
};

type StepTaken = { event: Event; conversation: Conversation; effects: Effect[] };

/**
 * One step, committed together with the jobs it causes. Where somebody else was faster, the step is taken again on what
 * they left. What a step costs is told by its own effects; one that would cost too much is put aside, and the one that
 * says so is taken instead. `find` loads afresh each time; null: there is nobody to tell. @throws RevisionConflict
 */
export const createDispatch = ({ store, rulesFor, log, random, take }: DispatchParts) => {
  const commit = async ({ stored }: Loaded, { event, conversation, effects }: StepTaken): Promise<void> => {
    const jobs = jobsOf(conversation, effects, { now: event.at, id: event.id, random });
    if (conversation === stored?.conversation && jobs.length === 0) return;
    await store.save(conversation, stored?.revision ?? null, jobs);
    keepJournal(log, { before: stored?.conversation ?? null, now: conversation, event, effects });
  };

  return async (find: () => Promise<Loaded | null>, event: Event): Promise<Done | null> => {
    const act = isAct(event) ? event : null;
    let refused: Done['refused'] = null;
    let isPaid = false;
    for (let conflicts = 0; ; conflicts += 1) {
      const place = await find();
      if (!place) return null;
      const before = place.conversation;
      const rules = await rulesFor(before.person);
      const steppedBy = (taken: Event): StepTaken => {
        const [conversation, effects] = step(before, taken, rules);
        return { event: taken, conversation, effects };
      };
      let stepped = steppedBy(act && refused ? instead(act, refused) : event);
      const costs = act && !isPaid ? costsOf(act, before, stepped) : [];
      if (act && costs.length > 0) {
        refused = await take(costs);
        isPaid = true;
        if (refused) stepped = steppedBy(instead(act, refused));
      }
      try {
        await commit(place, stepped);
        const { conversation, effects } = stepped;
        return { conversation, effects, refused };
      } catch (error) {
        if (!(error instanceof RevisionConflict) || conflicts >= mostConflicts) throw error;
      }
    }
  };
};
export type Dispatch = ReturnType<typeof createDispatch>;

/** Finds a conversation that is known by its id. */
export const byId = (store: Store, id: string) => async (): Promise<Loaded | null> => {
  const stored = await store.load(id);
  return stored && { conversation: stored.conversation, stored };
};
