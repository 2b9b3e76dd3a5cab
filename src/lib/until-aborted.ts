/**
 * What `task` gives, or what `aborted` says once `signal` has been aborted: at once where it is already, else a round of
 * the event loop later, since a thread that was held up runs its timers before it reads what has arrived meanwhile. The
 * task itself goes on, unless `aborted` ends it. No listener is left behind.
 */
export const untilAborted = async <T>(
  signal: AbortSignal,
  task: Promise<T>,
  aborted: () => T,
): Promise<T> => {
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const whenRead = (): void => void setImmediate(() => resolve(null));
  if (signal.aborted) resolve(null);
  else signal.addEventListener('abort', whenRead, { once: true });
  try {
    const first = await Promise.race([task.then((value) => ({ value })), over]);
    return first ? first.value : aborted();
  } finally {
    signal.removeEventListener('abort', whenRead);
  }
};

/** Comes so many milliseconds after the other one; keeps no process alive. */
export const abortedLater = (signal: AbortSignal, afterMs: number): AbortSignal => {
  const later = new AbortController();
  const wait = (): void => void setTimeout(() => later.abort(), afterMs).unref();
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return later.signal;
};
