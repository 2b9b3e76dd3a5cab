import { DeliveryError } from '../../chat/port.ts';
import { isBeingPassedOn } from '../../conversation/escalation/pass-on.ts';
import type { Relayed } from '../../conversation/escalation/relay.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import { findEscalation } from '../../conversation/state/selectors.ts';
import type { JobOf, Store } from '../../store/ports.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import type { Threads } from '../turn/threads.ts';

type Parts = { store: Store; dispatch: Dispatch; threads: Threads; stamp(): Stamp; log: Log };

/** Tells another conversation, under the id that it was sent with: it can arrive twice and is taken once. */
export const createRelay = ({ store, dispatch, threads, stamp, log }: Parts) => {
  /** A thread may have been passed on since something was sent to it. @throws DeliveryError while that is under way */
  const follow = async (to: string, relayed: Relayed): Promise<{ to: string; relayed: Relayed }> => {
    if (relayed.type !== 'member-did') return { to, relayed };
    const now = await threads.whereNow({ conversationId: to, about: relayed.escalationId });
    const stored = await store.load(now.conversationId);
    const escalation = stored && findEscalation(stored.conversation, now.about);
    if (escalation && isBeingPassedOn(escalation))
      throw new DeliveryError('temporary', 'the thread is being passed on');
    return { to: now.conversationId, relayed: { ...relayed, escalationId: now.about } };
  };

  return {
    run: async ({ id: job, payload }: JobOf<'relay'>): Promise<void> => {
      const { to, relayed } = await follow(payload.to, payload.event);
      const done = await dispatch(byId(store, to), { ...relayed, at: stamp().at, id: payload.id });
      if (!done) log.warn({ conversation: to, job }, 'nobody is there to be told');
    },
    giveUp: async ({ id: job, payload }: JobOf<'relay'>): Promise<void> => {
      log.error({ conversation: payload.to, job }, 'a conversation was not told');
    },
  };
};
