import { codeOf } from '../../lib/error-code.ts';
import type { Job, JobKind, Store } from '../../store/ports.ts';
import type { Clock, Log, WorkerLimits } from '../ports.ts';

export type LeasesParts = { store: Store; clock: Clock; log: Log; limits: WorkerLimits };

/** The leases of what runs in this process. */
export const createLeases = ({ store, clock, log, limits }: LeasesParts) => {
  /** What runs here; aborted as soon as somebody else may hold the job. */
  const held = new Map<Job, AbortController>();
  /** By the clock by which leases run out. */
  let extendedAt = clock.now();
  let beat: NodeJS.Timeout | null = null;
  let isOver = false;

  /** All leases in one statement: as many jobs as run, so many commits a second would it be else. */
  const extendAll = async (): Promise<void> => {
    const jobs = [...held.keys()];
    const at = clock.now();
    for (const job of await store.extend(jobs, at, limits.leaseMs)) held.get(job)?.abort();
    extendedAt = at;
  };

  const keep = (): void => {
    beat = setTimeout(async () => {
      await extendAll().catch((error: unknown) => log.warn({ code: codeOf(error) }, 'leases not extended'));
      if (!isOver) keep();
    }, limits.heartbeatMs);
  };

  return {
    keep,
    /** Whatever does not heed the end of this process must not keep its job from the next one. */
    stop: (): void => {
      isOver = true;
      if (beat) clearTimeout(beat);
    },
    /** This process was held up, or its clock was set on: its own jobs must not look to it like those of a dead one. */
    catchUp: async (): Promise<void> => {
      if (held.size > 0 && clock.now() - extendedAt > 2 * limits.heartbeatMs) await extendAll();
    },
    hold: (job: Job): AbortSignal => {
      const lost = new AbortController();
      held.set(job, lost);
      return lost.signal;
    },
    release: (job: Job): void => void held.delete(job),
    /** A job that runs here was claimed again. */
    lose: (id: number): void => {
      for (const [known, lost] of held) if (known.id === id) lost.abort();
    },
    count: (kind: JobKind): number => [...held.keys()].filter((job) => job.kind === kind).length,
  };
};
export type Leases = ReturnType<typeof createLeases>;
