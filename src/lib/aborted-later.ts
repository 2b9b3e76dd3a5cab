/** Comes so many milliseconds after the other one; keeps no process alive. */
export const abortedLater = (signal: AbortSignal, afterMs: number): AbortSignal => {
  const later = new AbortController();
  const wait = (): void => void setTimeout(() => later.abort(), afterMs).unref();
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return later.signal;
};
