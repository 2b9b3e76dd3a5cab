import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../lib/error-code.ts';
import { type Job, type JobKind, jobKinds, UnreadableJob } from '../../store/ports.ts';
import { createExecution } from './execution.ts';
import { createFailure, type Failure, type FailureParts } from './failure.ts';
import { createLeases, type Leases } from './leases.ts';
import type { Runners } from './runner.ts';

export type WorkerParts = FailureParts & {
  runners: Runners;
  /** Names this worker among those who share the store; never used twice. */
  holder: string;
};

type Shared = { leases: Leases; failure: Failure };

/** Claims what may run here now. Null: nothing is due. */
const createClaim = (parts: WorkerParts, { leases, failure }: Shared) => {
  const { store, runners, clock, limits, holder } = parts;
  /** The kinds of which one more may run here. */
  const free = (): JobKind[] => jobKinds.filter((kind) => leases.count(kind) < runners[kind].atOnce);
  const claim = async (): Promise<Job | null> => {
    await leases.catchUp();
    try {
      return await store.claim(clock.now(), limits.leaseMs, { kinds: free(), holder });
    } catch (error) {
      if (!(error instanceof UnreadableJob)) throw error;
      await failure.unreadable(error);
      return claim();
    }
  };
  return { claim, free };
};

/** Wakes up when something becomes due here, or sooner, since other processes leave work too. */
const createLoop = (parts: WorkerParts, shared: Shared, begin: (job: Job) => void) => {
  const { store, clock, log, limits } = parts;
  const { claim, free } = createClaim(parts, shared);
  let started = false;
  let claiming = false;
  let askedAgain = false;
  let timer: NodeJS.Timeout | null = null;

  const claimAll = async (): Promise<void> => {
    do {
      askedAgain = false;
      while (started) {
        const job = await claim();
        if (!job) break;
        begin(job);
      }
    } while (askedAgain);
  };

  const wakeIn = (ms: number): void => {
    if (!started) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(nudge, Math.max(1, ms));
  };

  const sleepUntilDue = async (): Promise<void> => {
    const now = clock.now();
    const due = await store.nextDue(now, free());
    wakeIn(due === null ? limits.pollMs : Math.min(limits.pollMs, due - now));
  };

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
      .catch((error: unknown) => {
        log.error({ code: codeOf(error) }, 'no job could be claimed');
        wakeIn(limits.pollMs);
      });
  };

  return {
    nudge,
    /** False: it runs already. */
    start: (): boolean => {
      if (started) return false;
      started = true;
      nudge();
      return true;
    },
    stop: (): void => {
      started = false;
      if (timer) clearTimeout(timer);
    },
  };
};

/** Runs jobs from the store, several at once, each under a lease that is extended while it runs. */
export const createWorker = (parts: WorkerParts) => {
  const { store, clock, log, limits, holder } = parts;
  const stopping = new AbortController();
  const leases = createLeases(parts);
  const shared = { leases, failure: createFailure(parts) };
  const execution = createExecution({ ...parts, ...shared, stopping: stopping.signal });
  const loop = createLoop(parts, shared, (job) => execution.begin(job, loop.nudge));

  return {
    /** There may be something to do. */
    nudge: loop.nudge,
    start: (): void => {
      if (loop.start()) leases.keep();
    },
    /** Lets what is under way end, for a while; then gives the rest back, to be run at once by others or after the next start. */
    stop: async (): Promise<void> => {
      loop.stop();
      const grace = () =>
        Promise.race([execution.allSettled(), sleep(limits.stopMs, undefined, { ref: false })]);
      await grace();
      stopping.abort();
      leases.stop();
      await grace();
      await store
        .releaseAll(holder, clock.now())
        .catch((error: unknown) => log.warn({ code: codeOf(error) }, 'jobs left to their leases'));
    },
  };
};
