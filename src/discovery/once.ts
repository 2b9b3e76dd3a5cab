import type { Network } from '../net/network.ts';

const remembering = <T>(
  ask: (name: string, signal: AbortSignal) => Promise<T>,
): ((name: string, signal: AbortSignal) => Promise<T>) => {
  const known = new Map<string, Promise<T>>();
  return (name, signal) => {
    const answer = known.get(name) ?? ask(name, signal);
    known.set(name, answer);
    return answer;
  };
};

/**
 * The same network, which asks a name server each question once, for one search with one end: several sources lead to
 * the same names. Whoever connects still passes the guard with the very address that it connects to.
 */
export const askingOnce = (network: Network): Network => ({
  ...network,
  resolve: remembering(network.resolve),
  records: {
    mx: remembering(network.records.mx),
    srv: remembering(network.records.srv),
    alias: remembering(network.records.alias),
  },
});
