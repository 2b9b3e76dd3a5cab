import type { Connected, ConnectResult } from './connect.ts';

/** RFC 8305 §8, Connection Attempt Delay, in milliseconds. */
const attemptDelayMs = 250;

/**
 * Connects to one of several addresses (RFC 8305 §5): the next is tried a quarter of a second after the one before, or
 * as soon as that has failed. The first that is there counts; the other attempts are called off. Null: none is there.
 */
export const connectToFirst = async (
  addresses: readonly string[],
  connect: (address: string, signal: AbortSignal) => Promise<ConnectResult>,
  signal: AbortSignal,
): Promise<Connected | null> => {
  const found = new AbortController();
  let first: Connected | null = null;
  const attempt = async (address: string): Promise<void> => {
    const result = await connect(address, AbortSignal.any([signal, found.signal]));
    if (result.outcome !== 'connected') return;
    if (first) return void result.socket.destroy();
    first = result;
    found.abort();
  };
  const { promise: isThere, resolve: end } = Promise.withResolvers<void>();
  found.signal.addEventListener('abort', () => end(), { once: true });
  const running: Promise<void>[] = [];
  for (const address of addresses) {
    if (signal.aborted || found.signal.aborted) break;
    const attempted = attempt(address);
    running.push(attempted);
    const { promise: delay, resolve: goOn } = Promise.withResolvers<void>();
    const timer = setTimeout(goOn, attemptDelayMs);
    await Promise.race([attempted, delay, isThere]);
    clearTimeout(timer);
  }
  await Promise.race([Promise.all(running), isThere]);
  return first;
};
