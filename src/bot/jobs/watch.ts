import { questionToWatch } from '../../conversation/check/watch.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Job, Store } from '../../store/ports.ts';
import type { Diagnose, Log } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';

type Parts = { store: Store; dispatch: Dispatch; diagnose: Diagnose; stamp(): Stamp; log: Log };

const dueOf = ({ payload }: Job) => ({
  escalationId: payload.escalationId ?? '',
  look: Number(payload.look ?? ''),
});

/** One look at what an open case is about, without a login. A case that has ended is left alone. */
export const createWatch = ({ store, dispatch, diagnose, stamp, log }: Parts) => {
  const giveUp = async (job: Job): Promise<void> => {
    await dispatch(byId(store, job.conversationId), { ...stamp(), type: 'watch-failed', ...dueOf(job) });
  };

  return {
    giveUp,
    run: async (job: Job, signal: AbortSignal): Promise<void> => {
      try {
        const stored = await store.load(job.conversationId);
        const due = stored && questionToWatch(stored.conversation, dueOf(job));
        if (!due) return;
        const { assessment } = await diagnose(due.account, {
          question: due.question,
          signal,
          secret: null,
          provider: null,
          onProgress: () => undefined,
        });
        signal.throwIfAborted();
        const event = { ...stamp(), type: 'watched' as const, ...dueOf(job), assessment };
        await dispatch(byId(store, job.conversationId), event);
      } catch (error) {
        if (signal.aborted) throw error;
        log.error({ conversation: job.conversationId, job: job.id, code: codeOf(error) }, 'watch failed');
        await giveUp(job);
      }
    },
  };
};
