import { codeOf } from '../../lib/error-code.ts';
import type { Job, Store } from '../../store/ports.ts';
import type { Clock, Log } from '../ports.ts';
import { type Failure, fieldsOf } from './failure.ts';
import type { Leases } from './leases.ts';
import type { Runner, Runners } from './runner.ts';

export type ExecutionParts = {
  store: Store;
  runners: Runners;
  leases: Leases;
  failure: Failure;
  /** This process ends: what has not ended by then is put back. */
  stopping: AbortSignal;
  clock: Clock;
  log: Log;
};

/** Runs jobs that have been claimed, none of them twice at once. */
export const createExecution = (parts: ExecutionParts) => {
  const { store, runners, leases, failure, stopping, clock, log } = parts;
  const underWay = new Map<number, Promise<void>>();
  /** Each gets the kind that it is listed under. */
  const runnerOf = ({ kind }: Job): Runner => runners[kind];

  const run = async (job: Job): Promise<void> => {
    const lost = leases.hold(job);
    log.debug(fieldsOf(job), 'job begun');
    const runner = runnerOf(job);
    try {
      await runner.run(job, AbortSignal.any([lost, stopping]));
      await store.complete(job);
      log.debug(fieldsOf(job), 'job done');
    } catch (error) {
      if (lost.aborted) log.warn(fieldsOf(job), 'lease lost');
      else if (stopping.aborted) await store.putBack(job, clock.now());
      else await failure.afterTry(job, runner, error);
    } finally {
      leases.release(job);
    }
  };

  return {
    /** `ended`: called when there is room for another one. */
    begin: (job: Job, ended: () => void): void => {
      leases.lose(job.id);
      // Its lease had run out all the same: never twice at once.
      const before = underWay.get(job.id);
      const running = (before ? before.then(() => run(job)) : run(job))
        .catch((error: unknown) =>
          log.error({ ...fieldsOf(job), code: codeOf(error) }, 'job left to its lease'),
        )
        .finally(() => {
          if (underWay.get(job.id) === running) underWay.delete(job.id);
          ended();
        });
      underWay.set(job.id, running);
    },
    allSettled: (): Promise<unknown> => Promise.allSettled(underWay.values()),
  };
};
