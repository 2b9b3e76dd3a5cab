import { codeOf } from '../../lib/error-code.ts';
import type { Store } from '../../store/ports.ts';
import type { Clock, Log, WorkerLimits } from '../ports.ts';

export type LoginLeaseParts = {
  store: Store;
  clock: Clock;
  log: Log;
  limits: Pick<WorkerLimits, 'loginLeaseMs' | 'heartbeatMs'>;
};

/**
 * Puts off the job that calls a check with a login off, again and again; after the death of this process nobody does, and
 * whoever runs jobs tells the rep. `lost`: it was called off all the same. Gives the end of it, after which the job has
 * nothing left to call off and may run at once.
 */
export const holdLogin = (
  { store, clock, log, limits }: LoginLeaseParts,
  queue: string,
  lost: () => void,
): (() => Promise<void>) => {
  const putOff = (ms: number): Promise<boolean> =>
    store.putOff(queue, clock.now(), ms).catch((error: unknown) => {
      log.warn({ code: codeOf(error) }, 'login test not held');
      return true;
    });
  const beat = setInterval(async () => {
    if (!(await putOff(limits.loginLeaseMs))) lost();
  }, limits.heartbeatMs);
  return async () => {
    clearInterval(beat);
    await putOff(0);
  };
};
