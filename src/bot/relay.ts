import type { Stamp } from '../conversation/event.ts';
import { relayedSchema } from '../conversation/relay.ts';
import type { Job, Store } from '../store/ports.ts';
import { byId, type Dispatch } from './dispatch.ts';
import type { Log } from './ports.ts';

type Parts = { store: Store; dispatch: Dispatch; stamp(): Stamp; log: Log };

/** Tells another conversation, under the id that it was sent with: it can arrive twice and is taken once. */
export const createRelay = ({ store, dispatch, stamp, log }: Parts) => ({
  run: async (job: Job): Promise<void> => {
    const { to = '', id = '', event = '' } = job.payload;
    const relayed = relayedSchema.parse(JSON.parse(event));
    const done = await dispatch(byId(store, to), { ...relayed, at: stamp().at, id });
    if (!done) log.warn({ conversation: to, job: job.id }, 'nobody is there to be told');
  },
  giveUp: async (job: Job): Promise<void> => {
    log.error({ conversation: job.payload.to ?? '', job: job.id }, 'a conversation was not told');
  },
});

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
