import { erasedThings } from '../conversation/effect.ts';
import type { Stamp } from '../conversation/event.ts';
import type { Job, Store } from '../store/ports.ts';
import type { Wording } from '../wording/wording.ts';
import { byId, type Dispatch } from './dispatch.ts';
import type { Adapters } from './show.ts';

export type EraseParts = {
  store: Store;
  adapters: Adapters;
  wording: Wording;
  dispatch: Dispatch;
  stamp(): Stamp;
};

/**
 * Empties the conversation, says what is gone, then deletes the rest. Runs again from the beginning wherever it was cut
 * off: what is said comes from the job, since by then there is nothing left to count.
 */
export const createErase = ({ store, adapters, wording, dispatch, stamp }: EraseParts) => {
  const run = async (job: Job): Promise<void> => {
    const done = await dispatch(byId(store, job.conversationId), { ...stamp(), type: 'erasing' });
    if (!done) return;
    const { person, locale } = done.conversation;
    const counts = Object.fromEntries(erasedThings.map((thing) => [thing, Number(job.payload[thing] ?? 0)]));
    const message = wording.erased(counts as Record<(typeof erasedThings)[number], number>, locale);
    await adapters.byPlatform(person.platform)?.post({ type: 'person', person }, message);
    await rest(job);
  };

  /** Whoever has begun anew in the meantime keeps what is new, to the last moment. */
  const rest = async (job: Job): Promise<void> => {
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
    giveUp: async (job: Job): Promise<void> => {
      await dispatch(byId(store, job.conversationId), { ...stamp(), type: 'erasing' });
      await rest(job);
    },
  };
};
