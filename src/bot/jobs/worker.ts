import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../../chat/port.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { codeOf } from '../../lib/error-code.ts';
import { type Job, type JobKind, jobKinds, type Store, UnreadableConversation } from '../../store/ports.ts';
import type { Clock, Log, WorkerLimits } from '../ports.ts';

/** What is done for one kind of job. */
export type Runner = {
  /** @throws Hopeless where another try cannot help */
  run(job: Job, signal: AbortSignal): Promise<void>;
  /** Called when the last try has failed. */
  giveUp(job: Job): Promise<void>;
  /** How many of this kind run at once; what is beyond is left to other processes. */
  atOnce: number;
  /** How often a job is started before it is given up. */
  tries: number;
};

export type WorkerParts = {
  store: Store;
  runners: Record<JobKind, Runner>;
  clock: Clock;
  log: Log;
  limits: WorkerLimits;
  /** Names this worker among those who share the store; never used twice. */
  holder: string;
  /** Between 0 and 1. */
  random(): number;
};

/** Trying again cannot help. `code` says why, without anybody's words. */
export class PermanentFailure extends Error {
  readonly code: string;
  constructor(code: string, options?: { cause: unknown }) {
    super(`given up: ${code}`, options);
    this.name = 'Hopeless';
    this.code = code;
  }
}

/** Runs jobs from the store, several at once, each under a lease that is extended while it runs. */
export const createWorker = ({ store, runners, clock, log, limits, holder, random }: WorkerParts) => {
  const stopping = new AbortController();
  /** What runs here; aborted as soon as somebody else may hold the job. */
  const held = new Map<Job, AbortController>();
  const underWay = new Map<number, Promise<void>>();
  /** By the clock by which leases run out. */
  let extendedAt = clock.now();
  let started = false;
  let claiming = false;
  let askedAgain = false;
  let timer: NodeJS.Timeout | null = null;
  let beat: NodeJS.Timeout | null = null;

  const fields = (job: Job) => ({ job: job.id, kind: job.kind, attempts: job.attempts });

  /** All leases in one statement: as many jobs as run, so many commits a second would it be else. */
  const extendAll = async (): Promise<void> => {
    const jobs = [...held.keys()];
    const at = clock.now();
    for (const job of await store.extend(jobs, at, limits.leaseMs)) held.get(job)?.abort();
    extendedAt = at;
  };

  /** This process was held up, or its clock was set on: its own jobs must not look to it like those of a dead one. */
  const isLate = (): boolean => held.size > 0 && clock.now() - extendedAt > 2 * limits.heartbeatMs;

  const keepLeases = (): void => {
    beat = setTimeout(async () => {
      await extendAll().catch((error: unknown) => log.warn({ code: codeOf(error) }, 'leases not extended'));
      // Whatever does not heed the end of this process must not keep its job from the next one.
      if (!stopping.signal.aborted) keepLeases();
    }, limits.heartbeatMs);
  };

  const afterFailure = async (job: Job, error: unknown): Promise<void> => {
    // Kept for the version of this program that can read it, however long that takes.
    if (error instanceof UnreadableConversation) {
      log.error({ ...fields(job), code: error.code }, 'job waits for a newer version');
      await store.putBack(job, clock.now() + limits.longestRetryMs);
      return;
    }
    const isLast = error instanceof PermanentFailure || job.attempts >= runners[job.kind].tries;
    log.warn({ ...fields(job), code: codeOf(error), isLast }, 'job failed');
    if (isLast) {
      await runners[job.kind].giveUp(job);
      await store.giveUp(job, clock.now(), codeOf(error));
    } else {
      const asked = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0;
      const { firstRetryMs: firstMs, longestRetryMs: longestMs } = limits;
      const delay = Math.max(asked, backoffMs(job.attempts, { firstMs, longestMs, random: random() }));
      await store.putBack(job, clock.now() + delay);
    }
  };

  const run = async (job: Job): Promise<void> => {
    const lost = new AbortController();
    held.set(job, lost);
    log.debug(fields(job), 'job begun');
    const signal = AbortSignal.any([lost.signal, stopping.signal]);
    try {
      await runners[job.kind].run(job, signal);
      await store.complete(job);
      log.debug(fields(job), 'job done');
    } catch (error) {
      if (lost.signal.aborted) log.warn(fields(job), 'lease lost');
      else if (stopping.signal.aborted) await store.putBack(job, clock.now());
      else await afterFailure(job, error);
    } finally {
      held.delete(job);
    }
  };

  const begin = (job: Job): void => {
    for (const [known, lost] of held) if (known.id === job.id) lost.abort();
    // Its lease had run out all the same: never twice at once.
    const before = underWay.get(job.id);
    const running = (before ? before.then(() => run(job)) : run(job))
      .catch((error: unknown) => log.error({ ...fields(job), code: codeOf(error) }, 'job left to its lease'))
      .finally(() => {
        if (underWay.get(job.id) === running) underWay.delete(job.id);
        nudge();
      });
    underWay.set(job.id, running);
  };

  /** The kinds of which one more may run here. */
  const free = (): JobKind[] => {
    const running = [...held.keys()];
    return jobKinds.filter(
      (kind) => running.filter((job) => job.kind === kind).length < runners[kind].atOnce,
    );
  };

  const claimAll = async (): Promise<void> => {
    do {
      askedAgain = false;
      while (started) {
        if (isLate()) await extendAll();
        const job = await store.claim(clock.now(), limits.leaseMs, { kinds: free(), holder });
        if (!job) break;
        begin(job);
      }
    } while (askedAgain);
  };

  /** The moment at which something here becomes due, or sooner, since other processes leave work too. */
  const sleepUntilDue = async (): Promise<void> => {
    const now = clock.now();
    const due = await store.nextDue(now, free());
    const wait = due === null ? limits.pollMs : Math.min(limits.pollMs, due - now);
    if (!started) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(nudge, Math.max(1, wait));
  };

  const failed = (error: unknown): void => {
    log.error({ code: codeOf(error) }, 'no job could be claimed');
    if (!started) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(nudge, limits.pollMs);
  };

  /** There may be something to do. */
  const nudge = (): void => {
    if (!started) return;
    if (claiming) {
      askedAgain = true;
      return;
    }
    claiming = true;
    claimAll()
      .finally(() => {
        claiming = false;
      })
      .then(sleepUntilDue)
      .catch(failed);
  };

  return {
    nudge,
    start: (): void => {
      if (started) return;
      started = true;
      keepLeases();
      nudge();
    },
    /** Lets what is under way end, for a while; then gives the rest back, to be run at once by others or after the next start. */
    stop: async (): Promise<void> => {
      started = false;
      if (timer) clearTimeout(timer);
      const all = () => Promise.allSettled(underWay.values());
      await Promise.race([all(), sleep(limits.stopMs, undefined, { ref: false })]);
      stopping.abort();
      if (beat) clearTimeout(beat);
      await Promise.race([all(), sleep(limits.stopMs, undefined, { ref: false })]);
      await store
        .releaseAll(holder, clock.now())
        .catch((error: unknown) => log.warn({ code: codeOf(error) }, 'jobs left to their leases'));
    },
  };
};
