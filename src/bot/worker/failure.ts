import { DeliveryError } from '../../chat/port.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { codeOf } from '../../lib/error-code.ts';
import { type Job, type Store, UnreadableConversation, type UnreadableJob } from '../../store/ports.ts';
import type { Clock, Log, WorkerLimits } from '../ports.ts';
import type { Runner } from './runner.ts';

/** Trying again cannot help. `code` says why, without anybody's words. */
export class PermanentFailure extends Error {
  readonly code: string;
  constructor(code: string, options?: { cause: unknown }) {
    super(`given up: ${code}`, options);
    this.name = 'PermanentFailure';
    this.code = code;
  }
}

export type FailureParts = {
  store: Store;
  clock: Clock;
  log: Log;
  limits: WorkerLimits;
  /** Between 0 and 1. */
  random(): number;
};

export const fieldsOf = ({ id, kind, attempts }: { id: number; kind: string; attempts: number }) => ({
  job: id,
  kind,
  attempts,
});

/** What becomes of a job that was not done. */
export const createFailure = ({ store, clock, log, limits, random }: FailureParts) => {
  /** Kept for the version of this program that can read it, however long that takes. */
  const keep = async (job: UnreadableJob['leased'], code: string): Promise<void> => {
    log.error({ ...fieldsOf(job), code }, 'job waits for a version that can read it');
    await store.keep(job, clock.now() + limits.longestRetryMs);
  };

  /** It was no try: its turn has not come. Those who wait for the same come back one after the other. */
  const letWait = async (job: Job, runner: Runner, { retryAfterMs }: DeliveryError): Promise<void> => {
    log.debug(fieldsOf(job), 'job waits for its turn');
    const queue = (await runner.aside?.(job)) ?? job.queue;
    const delay = (retryAfterMs ?? limits.firstRetryMs) * (1 + random());
    await store.keep(job, clock.now() + delay, queue);
  };

  return {
    unreadable: ({ leased, code }: UnreadableJob): Promise<void> => keep(leased, code),

    afterTry: async (job: Job, runner: Runner, error: unknown): Promise<void> => {
      if (error instanceof UnreadableConversation) return await keep(job, error.code);
      if (error instanceof DeliveryError && error.code === 'throttled')
        return await letWait(job, runner, error);
      const isLast = error instanceof PermanentFailure || job.attempts >= runner.tries;
      log.warn({ ...fieldsOf(job), code: codeOf(error), isLast }, 'job failed');
      if (isLast) {
        await runner.giveUp(job);
        await store.giveUp(job, clock.now(), codeOf(error));
      } else {
        const asked = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0;
        const { firstRetryMs: firstMs, longestRetryMs: longestMs } = limits;
        const delay = Math.max(asked, backoffMs(job.attempts, { firstMs, longestMs, random: random() }));
        await store.putBack(job, clock.now() + delay);
      }
    },
  };
};
export type Failure = ReturnType<typeof createFailure>;
