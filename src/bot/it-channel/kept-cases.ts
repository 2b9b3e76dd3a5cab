import type { Stamp } from '../../conversation/events/event.ts';
import { type Store, UnreadableConversation } from '../../store/ports.ts';
import type { Adapters } from '../adapters.ts';
import type { Clock } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';

export type KeptCasesParts = {
  store: Store;
  adapters: Adapters;
  dispatch: Dispatch;
  clock: Clock;
  stamp(): Stamp;
};

/**
 * Hands every case over at once that waits for its next try there. The try that was planned finds afterwards that another
 * was made before it. Gives how many there were.
 */
export const createHandOverKept = ({ store, adapters, dispatch, clock, stamp }: KeptCasesParts) => {
  const load = (id: string) =>
    store.load(id).catch((error: unknown) => {
      if (error instanceof UnreadableConversation) return null;
      throw error;
    });

  return async (platform: string): Promise<number> => {
    const { waiting } = await store.jobsAt(clock.now());
    const planned = waiting.filter(({ kind }) => kind === 'hand-over-again');
    let count = 0;
    for (const id of new Set(planned.map(({ conversationId }) => conversationId))) {
      const { conversation } = (await load(id)) ?? {};
      if (!conversation || (await adapters.itOf(conversation.person))?.platform !== platform) continue;
      for (const { id: escalationId, delivery, retry } of conversation.escalations) {
        if (delivery !== 'failed' || !retry) continue;
        const due = { ...stamp(), type: 'hand-over-due', escalationId, count: retry.count } as const;
        await dispatch(byId(store, id), due);
        count += 1;
      }
    }
    return count;
  };
};
