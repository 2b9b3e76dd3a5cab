import type { Stamp } from '../../conversation/events/event.ts';
import type { JobOf, Store } from '../../store/ports.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';

type Parts = { store: Store; dispatch: Dispatch; stamp(): Stamp; log: Log };

/** Tries to hand a case over again, when its time has come. */
export const createHandOverAgain = ({ store, dispatch, stamp, log }: Parts) => ({
  run: async ({ conversationId, payload }: JobOf<'hand-over-again'>): Promise<void> => {
    await dispatch(byId(store, conversationId), { ...stamp(), type: 'hand-over-due', ...payload });
  },
  giveUp: async ({ conversationId, id: job }: JobOf<'hand-over-again'>): Promise<void> => {
    log.error({ conversation: conversationId, job }, 'a hand-over was not tried again');
  },
});
