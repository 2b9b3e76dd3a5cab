import { questionToWatch } from '../../conversation/check/watch.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { JobOf, Store } from '../../store/ports.ts';
import type { Diagnose, Log } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';

export type WatchParts = { store: Store; dispatch: Dispatch; diagnose: Diagnose; stamp(): Stamp; log: Log };

/** One look at what an open case is about, without a login. A case that has ended is left alone. */
export const createWatch = ({ store, dispatch, diagnose, stamp, log }: WatchParts) => {
  const giveUp = async ({ conversationId, payload }: JobOf<'watch'>): Promise<void> => {
    await dispatch(byId(store, conversationId), { ...stamp(), type: 'watch-failed', ...payload });
  };

  return {
    giveUp,
    run: async (job: JobOf<'watch'>, signal: AbortSignal): Promise<void> => {
      const { conversationId, payload } = job;
      try {
        const stored = await store.load(conversationId);
        const due = stored && questionToWatch(stored.conversation, payload);
        if (!due) return;
        const { assessment } = await diagnose(due.account, {
          question: due.question,
          signal,
          secret: null,
          provider: null,
          onProgress: () => undefined,
        });
        signal.throwIfAborted();
        const event = { ...stamp(), type: 'watched' as const, ...payload, assessment };
        await dispatch(byId(store, conversationId), event);
      } catch (error) {
        if (signal.aborted) throw error;
        log.error({ conversation: conversationId, job: job.id, code: codeOf(error) }, 'watch failed');
        await giveUp(job);
      }
    },
  };
};
