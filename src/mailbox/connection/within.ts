import { untilAborted } from '../../lib/until-aborted.ts';

/** `failed`: the library gave up; what the server said is known to the tap. */
export type Settled<T> = { outcome: 'done'; value: T } | { outcome: 'failed' | 'silent' | 'cut-short' };

/**
 * What a library makes of a task, for so many milliseconds. Its error goes no further: it may hold whatever a server
 * echoes, the password too.
 */
export const within = async <T>(ms: number, signal: AbortSignal, task: Promise<T>): Promise<Settled<T>> => {
  const settled = task.then(
    (value): Settled<T> => ({ outcome: 'done', value }),
    (): Settled<T> => ({ outcome: 'failed' }),
  );
  const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  return untilAborted(over, settled, () => ({ outcome: signal.aborted ? 'cut-short' : 'silent' }));
};
