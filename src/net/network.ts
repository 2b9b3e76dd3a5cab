import { untilAborted } from '../lib/until-aborted.ts';
import { type ConnectResult, connectTo } from './connect.ts';
import type { Guard } from './guard.ts';
import { limits } from './limits.ts';
import { createRecords, type Records } from './records.ts';
import { type Resolution, resolveHost } from './resolver.ts';

/** The only door to other machines. */
export type Network = {
  guard: Guard;
  resolve(host: string, signal: AbortSignal): Promise<Resolution>;
  /** @throws RangeError when the guard forbids the target: callers ask first, so this is a fault of ours */
  connect(target: { address: string; port: number; signal: AbortSignal }): Promise<ConnectResult>;
  /** To a web server; @throws RangeError as `connect` does */
  connectWeb(target: { address: string; port: number; signal: AbortSignal }): Promise<ConnectResult>;
  /** What the name server knows of a domain besides addresses. */
  records: Records;
};

/** Lets at most `limits.connectionsPerPort` connections be open to one port of one address; others wait their turn. */
const createTurnstile = () => {
  const open = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  return {
    /** False: `signal` came before the turn. */
    enter: async (key: string, signal: AbortSignal): Promise<boolean> => {
      if (signal.aborted) return false;
      const inside = open.get(key) ?? 0;
      if (inside < limits.connectionsPerPort) {
        open.set(key, inside + 1);
        return true;
      }
      const { promise, resolve } = Promise.withResolvers<boolean>();
      let isInside = false;
      const take = (): void => {
        isInside = true;
        resolve(true);
      };
      waiting.set(key, [...(waiting.get(key) ?? []), take]);
      return untilAborted(signal, promise, () => {
        waiting.set(
          key,
          (waiting.get(key) ?? []).filter((other) => other !== take),
        );
        // Whose turn came at the same moment is inside, and has to leave.
        return isInside;
      });
    },
    leave: (key: string): void => {
      const [next, ...rest] = waiting.get(key) ?? [];
      waiting.set(key, rest);
      if (next) next();
      else open.set(key, (open.get(key) ?? 1) - 1);
    },
  };
};

export const createNetwork = (options: { guard: Guard; nameServers: readonly string[] }): Network => ({
  guard: options.guard,
  resolve: (host, signal) => resolveHost(host, { nameServers: options.nameServers, signal }),
  connect: async (target) => {
    if (!options.guard.mayConnect(target.address, target.port))
      throw new RangeError(`the guard forbids ${target.address} port ${target.port}`);
    return connectTo(target);
  },
  connectWeb: async (target) => {
    if (!options.guard.mayFetch(target.address, target.port))
      throw new RangeError(`the guard forbids fetching from ${target.address} port ${target.port}`);
    return connectTo(target);
  },
  records: createRecords(options.nameServers),
});

/**
 * The same network with few connections per port at once. One for each check: a session holds a connection while it
 * asks for another, so checks that shared their turns could wait for one another for ever.
 */
export const withFewConnections = (network: Network): Network => {
  const turnstile = createTurnstile();
  return {
    ...network,
    connect: async (target) => {
      const key = `${target.address} ${target.port}`;
      // A turn that never came is our own doing and says nothing about the server.
      if (!(await turnstile.enter(key, target.signal))) return { outcome: 'not-permitted-here', ms: 0 };
      const result = await network.connect(target);
      if (result.outcome === 'connected' && !result.socket.closed)
        result.socket.once('close', () => turnstile.leave(key));
      else turnstile.leave(key);
      return result;
    },
  };
};
