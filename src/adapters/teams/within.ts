/** Rejects with `late` when the task takes longer than `ms` milliseconds; the task itself goes on. */
export const within = async <T>(ms: number, task: Promise<T>, late: () => Error): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  try {
    return await Promise.race([task, promise]);
  } finally {
    clearTimeout(timer);
  }
};
