import { DeliveryError } from '../../chat/port.ts';
import { isBeingPassedOn } from '../../conversation/escalation/pass-on.ts';
import { type Relayed, relayedSchema } from '../../conversation/escalation/relay.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import { findEscalation } from '../../conversation/state/selectors.ts';
import type { Job, Store } from '../../store/ports.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import type { Threads } from '../turn/threads.ts';

type Parts = { store: Store; dispatch: Dispatch; stamp(): Stamp; log: Log };

/** Tells another conversation, under the id that it was sent with: it can arrive twice and is taken once. */
export const createRelay = (parts: Parts & { threads: Threads }) => {
  const { store, dispatch, threads, stamp, log } = parts;

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
    run: async (job: Job): Promise<void> => {
      const { id = '', event = '' } = job.payload;
      const { to, relayed } = await follow(job.payload.to ?? '', relayedSchema.parse(JSON.parse(event)));
      const done = await dispatch(byId(store, to), { ...relayed, at: stamp().at, id });
      if (!done) log.warn({ conversation: to, job: job.id }, 'nobody is there to be told');
    },
    giveUp: async (job: Job): Promise<void> => {
      log.error({ conversation: job.payload.to ?? '', job: job.id }, 'a conversation was not told');
    },
  };
};

/** Tries to hand a case over again, when its time has come. */
export const createHandOver = ({ store, dispatch, stamp, log }: Parts) => ({
  run: async (job: Job): Promise<void> => {
    const { escalationId = '', count = '' } = job.payload;
    const event = { ...stamp(), type: 'hand-over-due' as const, escalationId, count: Number(count) };
    await dispatch(byId(store, job.conversationId), event);
  },
  giveUp: async (job: Job): Promise<void> => {
    log.error({ conversation: job.conversationId, job: job.id }, 'a hand-over was not tried again');
  },
});
