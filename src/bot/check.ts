import type { Event, Stamp } from '../conversation/event.ts';
import { findCheck } from '../conversation/select.ts';
import type { StepProgress } from '../diagnosis/progress.ts';
import type { Job, Store } from '../store/ports.ts';
import type { Wording } from '../wording/wording.ts';
import { byId, type Dispatch } from './dispatch.ts';
import { type Clock, codeOf, type Diagnose, type Diagnosed, type Log } from './ports.ts';
import type { Adapters } from './show.ts';

export type CheckParts = {
  store: Store;
  adapters: Adapters;
  wording: Wording;
  dispatch: Dispatch;
  diagnose: Diagnose;
  clock: Clock;
  stamp(): Stamp;
  progressMs: number;
  log: Log;
};

/** The live checklist: never more often than allowed, never kept for later, never a reason to fail. */
const createLiveProgress = (parts: CheckParts, job: Job, checkId: string) => {
  let newest: readonly StepProgress[] | null = null;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> = Promise.resolve();
  let over = false;

  const send = async (): Promise<void> => {
    const stored = await parts.store.load(job.conversationId);
    const ref = stored?.conversation.messages[`progress:${checkId}`];
    if (!stored || !ref || !newest || over) return;
    const message = parts.wording.progress(stored.conversation, checkId, newest);
    await parts.adapters.byPlatform(ref.platform)?.update(ref, message);
  };

  const flush = (): void => {
    timer = null;
    sending = send().catch((error: unknown) =>
      parts.log.warn({ job: job.id, code: codeOf(error) }, 'progress was not shown'),
    );
  };

  return {
    show: (steps: readonly StepProgress[]): void => {
      newest = steps;
      if (!over) timer ??= setTimeout(flush, parts.progressMs);
    },
    /** After this nothing more is sent: what comes next would be overwritten by it. */
    end: async (): Promise<void> => {
      over = true;
      if (timer) clearTimeout(timer);
      await sending;
    },
  };
};

/** Runs a check and reports what came of it; a check whose result is known already is not run again. */
export const createCheck = (parts: CheckParts) => {
  const { store, dispatch, diagnose, stamp, log } = parts;
  const tell = (job: Job, event: Event) => dispatch(byId(store, job.conversationId), event);
  const checkIdOf = (job: Job): string => job.payload.checkId ?? '';

  const giveUp = async (job: Job): Promise<void> => {
    await tell(job, { ...stamp(), type: 'check-failed', checkId: checkIdOf(job) });
  };

  const look = async (job: Job, signal: AbortSignal): Promise<Diagnosed | null> => {
    const stored = await store.load(job.conversationId);
    const check = stored && findCheck(stored.conversation, checkIdOf(job));
    if (check?.state !== 'running') return null;
    const progress = createLiveProgress(parts, job, check.id);
    try {
      return await diagnose(check.account, { signal, onProgress: progress.show });
    } finally {
      await progress.end();
    }
  };

  return {
    giveUp,
    run: async (job: Job, signal: AbortSignal): Promise<void> => {
      try {
        const seen = await look(job, signal);
        signal.throwIfAborted();
        if (!seen) return;
        await tell(job, { ...stamp(), type: 'check-finished', checkId: checkIdOf(job), ...seen });
      } catch (error) {
        if (signal.aborted) throw error;
        log.error({ conversation: job.conversationId, job: job.id, code: codeOf(error) }, 'check failed');
        await giveUp(job);
      }
    },
  };
};
