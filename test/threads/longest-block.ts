import { performance } from 'node:perf_hooks';

/**
 * Begins to watch this thread; the result gives the longest time in milliseconds for which it worked without coming back to
 * its event loop. Counted is what it really worked: a machine that has no time for us holds up every process.
 */
export const longestBlock = (): (() => number) => {
  const worked = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let longest = 0;
  let before = { at: performance.now(), worked: worked() };
  const timer = setInterval(() => {
    const now = { at: performance.now(), worked: worked() };
    longest = Math.max(longest, Math.min(now.at - before.at, now.worked - before.worked));
    before = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
};
