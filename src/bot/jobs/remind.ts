import type { Stamp } from '../../conversation/events/event.ts';
import type { JobOf, Store } from '../../store/ports.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';

type Parts = { store: Store; dispatch: Dispatch; stamp(): Stamp; log: Log };

/** Tells a conversation that the time for a reminder has come; whether there is still something to remind of, it knows itself. */
export const createRemind = ({ store, dispatch, stamp, log }: Parts) => ({
  run: async ({ conversationId, payload }: JobOf<'remind'>): Promise<void> => {
    await dispatch(byId(store, conversationId), { ...stamp(), type: 'reminder-due', ...payload });
  },
  giveUp: async ({ conversationId, id: job }: JobOf<'remind'>): Promise<void> => {
    log.error({ conversation: conversationId, job }, 'nobody was reminded');
  },
});
