import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, NewJob, Store } from '../store/ports.ts';
import { type Clock, codeOf, type Log, type WorkerLimits } from './ports.ts';

/** What is done for one kind of job. `giveUp` is called when the last try has failed. */
type Runner = {
  run(job: Job, signal: AbortSignal): Promise<void>;
  giveUp(job: Job): Promise<void>;
};

export type WorkerParts = {
  store: Store;
  runners: Record<NewJob['kind'], Runner>;
  clock: Clock;
  log: Log;
  limits: WorkerLimits;
  /** Between 0 and 1. */
  random(): number;
};

/** Lets so many tasks run at once; the others wait in line. */
const createGate = (size: number) => {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (task: () => Promise<void>): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
};

/** Doubles with every try, and is spread so that many do not come back at the same moment. */
const retryDelay = (attempts: number, limits: WorkerLimits, random: number): number =>
  Math.min(limits.firstRetryMs * 2 ** (attempts - 1), limits.longestRetryMs) * (0.5 + random / 2);

/** Runs jobs from the store, several at once, each under a lease that is extended while it runs. */
export const createWorker = ({ store, runners, clock, log, limits, random }: WorkerParts) => {
  const deliveries = createGate(limits.deliveries);
  const gates = { show: deliveries, diagnose: createGate(limits.diagnoses), erase: deliveries };
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let started = false;
  let claiming = false;
  let askedAgain = false;
  let timer: NodeJS.Timeout | null = null;

  const fields = (job: Job) => ({ job: job.id, kind: job.kind, attempts: job.attempts });

  /** Aborts as soon as somebody else may hold the job. */
  const holdLease = (job: Job) => {
    const lost = new AbortController();
    const beat = setInterval(() => {
      store
        .extend(job, clock.now() + limits.leaseMs)
        .then((held) => held || lost.abort())
        .catch((error: unknown) => log.warn({ ...fields(job), code: codeOf(error) }, 'lease not extended'));
    }, limits.heartbeatMs);
    // Whatever does not heed the end of this process must not keep its job from the next one.
    stopping.signal.addEventListener('abort', () => clearInterval(beat), { once: true });
    return { lost: lost.signal, letGo: () => clearInterval(beat) };
  };

  const afterFailure = async (job: Job, error: unknown): Promise<void> => {
    const isLast = job.attempts >= limits.tries;
    log.warn({ ...fields(job), code: codeOf(error), isLast }, 'job failed');
    if (isLast) {
      await runners[job.kind].giveUp(job);
      await store.complete(job);
    } else await store.putBack(job, clock.now() + retryDelay(job.attempts, limits, random()));
  };

  const run = async (job: Job): Promise<void> => {
    const { lost, letGo } = holdLease(job);
    const signal = AbortSignal.any([lost, stopping.signal]);
    try {
      await gates[job.kind](async () => {
        signal.throwIfAborted();
        await runners[job.kind].run(job, signal);
      });
      await store.complete(job);
    } catch (error) {
      if (lost.aborted) log.warn(fields(job), 'lease lost');
      else if (stopping.signal.aborted) await store.putBack(job, clock.now());
      else await afterFailure(job, error);
    } finally {
      letGo();
    }
  };

  const begin = (job: Job): void => {
    const running = run(job)
      .catch((error: unknown) => log.error({ ...fields(job), code: codeOf(error) }, 'job left to its lease'))
      .finally(() => {
        underWay.delete(running);
        nudge();
      });
    underWay.add(running);
  };

  const claimAll = async (): Promise<void> => {
    try {
      do {
        askedAgain = false;
        while (started && underWay.size < limits.held) {
          const job = await store.claim(clock.now(), limits.leaseMs);
          if (!job) break;
          begin(job);
        }
      } while (askedAgain);
    } finally {
      claiming = false;
    }
  };

  /** There may be something to do. */
  const nudge = (): void => {
    if (!started) return;
    if (claiming) {
      askedAgain = true;
      return;
    }
    claiming = true;
    claimAll().catch((error: unknown) => log.error({ code: codeOf(error) }, 'no job could be claimed'));
  };

  const poll = (): void => {
    nudge();
    timer = setTimeout(poll, limits.pollMs);
  };

  return {
    nudge,
    start: (): void => {
      if (started) return;
      started = true;
      poll();
    },
    /** Lets what is under way end, for a while; then gives the rest back, to be run after the next start. */
    stop: async (): Promise<void> => {
      started = false;
      if (timer) clearTimeout(timer);
      const all = () => Promise.allSettled(underWay);
      await Promise.race([all(), sleep(limits.stopMs, undefined, { ref: false })]);
      stopping.abort();
      await Promise.race([all(), sleep(limits.stopMs, undefined, { ref: false })]);
    },
  };
};
