import type { Stamp } from '../../conversation/events/event.ts';
import { isForgetting } from '../../conversation/events/forget.ts';
import { type JobOf, type PersonId, type Store, UnreadableConversation } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Adapters } from '../adapters.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import type { Threads } from '../turn/threads.ts';
import { createPassOn } from './pass-on.ts';

type AnonymiseParts = { store: Store; dispatch: Dispatch; stamp(): Stamp };

/** Takes somebody out of the conversations of others. Gives how many of them named her. */
export const createAnonymise =
  ({ store, dispatch, stamp }: AnonymiseParts) =>
  async (person: PersonId, names: readonly string[]): Promise<number> => {
    const event = { type: 'person-forgotten' as const, person: { platform: person.platform, id: person.id } };
    let changed = 0;
    await store.discardFailed([person.id, ...names]);
    for (const id of await store.mentioning([person.id, ...names])) {
      const before = await store.load(id).catch((error: unknown) => {
        if (error instanceof UnreadableConversation) return null;
        throw error;
      });
      if (!before || isOf(before.conversation.person, person)) continue;
      const done = await dispatch(byId(store, id), { ...stamp(), ...event, names });
      if (done && done.conversation !== before.conversation) changed += 1;
    }
    return changed;
  };

const isOf = (one: PersonId, other: PersonId): boolean =>
  one.platform === other.platform && one.id === other.id;

export type EraseParts = AnonymiseParts & { adapters: Adapters; wording: Wording; threads: Threads };

/**
 * Gives away what others still need, takes her out of what is theirs, empties her conversation, says what is gone, then
 * deletes the rest. Runs again from the beginning wherever it was cut off: what is said comes from the job, since by then
 * there is nothing left to count.
 */
export const createErase = (parts: EraseParts) => {
  const { store, adapters, wording, dispatch, stamp } = parts;
  const passOn = createPassOn(parts);
  const anonymise = createAnonymise(parts);

  const empty = async ({ conversationId }: JobOf<'erase'>) => {
    const stored = await store.load(conversationId);
    if (!stored) return null;
    // Once it has been emptied, what stands there and elsewhere is of somebody who has begun anew.
    if (isForgetting(stored.conversation)) {
      await passOn(stored.conversation);
      const { person } = stored.conversation;
      await anonymise(person, person.name === '' ? [] : [person.name]);
    }
    return dispatch(byId(store, conversationId), { ...stamp(), type: 'erasing' });
  };

  const run = async (job: JobOf<'erase'>): Promise<void> => {
    const done = await empty(job);
    if (!done) return;
    const { person, locale } = done.conversation;
    const { quiet = false, ...counts } = job.payload;
    const message = wording.erased(counts, locale);
    if (!quiet) await adapters.byPlatform(person.platform)?.post({ type: 'person', person }, message);
    await rest(job);
  };

  /** Whoever has begun anew in the meantime keeps what is new, to the last moment. */
  const rest = async (job: JobOf<'erase'>): Promise<void> => {
    const { conversationId } = job;
    const stored = await store.load(conversationId);
    if (!stored) return;
    const { person, checks, notices, messages, draft } = stored.conversation;
    const isEmpty = [checks, notices, Object.keys(messages), Object.keys(draft)].every(
      ({ length }) => length === 0,
    );
    if (!isEmpty) return;
    const erased = await store.erase(person, { conversationId, revision: stored.revision });
    if (!erased) await rest(job);
  };

  return {
    run,
    /** The last words could not be said; what is to go goes all the same. */
    giveUp: async (job: JobOf<'erase'>): Promise<void> => {
      await empty(job);
      await rest(job);
    },
  };
};
