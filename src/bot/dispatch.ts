import type { Conversation } from '../conversation/conversation.ts';
import type { Effect } from '../conversation/effect.ts';
import type { Event } from '../conversation/event.ts';
import { step } from '../conversation/step.ts';
import type { Rules } from '../conversation/turn.ts';
import { RevisionConflict, type Store } from '../store/ports.ts';
import { jobsOf } from './jobs.ts';

/** A conversation to take a step in; `stored` is null for one that is not saved yet. */
export type Place = {
  conversation: Conversation;
  stored: { conversation: Conversation; revision: number } | null;
};
export type Done = { conversation: Conversation; effects: Effect[] };

/** More rivals for one conversation than this are no accident. */
const mostConflicts = 50;

/**
 * One step, committed together with the jobs it causes. Where somebody else was faster, the step is taken again on what
 * they left. `find` loads afresh each time; null: there is nobody to tell. @throws RevisionConflict
 */
export const createDispatch =
  (parts: { store: Store; rules: Rules; random(): number }) =>
  async (find: () => Promise<Place | null>, event: Event): Promise<Done | null> => {
    for (let conflicts = 0; ; conflicts += 1) {
      const place = await find();
      if (!place) return null;
      const [conversation, effects] = step(place.conversation, event, parts.rules);
      const jobs = jobsOf(conversation, effects, { now: event.at, id: event.id, random: parts.random });
      const nothingNew = conversation === place.stored?.conversation && jobs.length === 0;
      if (nothingNew) return { conversation, effects };
      try {
        await parts.store.save(conversation, place.stored?.revision ?? null, jobs);
        return { conversation, effects };
      } catch (error) {
        if (!(error instanceof RevisionConflict) || conflicts >= mostConflicts) throw error;
      }
    }
  };
export type Dispatch = ReturnType<typeof createDispatch>;

/** Finds a conversation that is known by its id. */
export const byId = (store: Store, id: string) => async (): Promise<Place | null> => {
  const stored = await store.load(id);
  return stored && { conversation: stored.conversation, stored };
};
