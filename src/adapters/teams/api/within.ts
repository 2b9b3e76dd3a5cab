import { within as either } from '../../../lib/timeout.ts';

/** Rejects with `late` when the task takes longer than `ms` milliseconds; the task itself goes on. */
export const within = <T>(ms: number, task: Promise<T>, late: () => Error): Promise<T> =>
  either(ms, task, () => {
    throw late();
  });
