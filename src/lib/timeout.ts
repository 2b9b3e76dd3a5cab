/** What `task` gives, or what `late` says once it has taken `ms` milliseconds; `late` may throw. The task itself goes on. */
export const withTimeout = async <T>(ms: number, task: Promise<T>, late: () => T): Promise<T> => {
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    const first = await Promise.race([task.then((value) => ({ value })), over]);
    return first ? first.value : late();
  } finally {
    clearTimeout(timer);
  }
};

/** Rejects with `late` when the task takes longer than `ms` milliseconds; the task itself goes on. */
export const rejectAfter = <T>(ms: number, task: Promise<T>, late: () => Error): Promise<T> =>
  withTimeout(ms, task, () => {
    throw late();
  });
