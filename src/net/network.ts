import { type ConnectResult, connectTo } from './connect.ts';
import type { Guard } from './guard.ts';
import { limits } from './limits.ts';
import { type Resolution, resolveHost } from './resolver.ts';

/** The only door to other machines. */
export type Network = {
  guard: Guard;
  resolve(host: string, signal: AbortSignal): Promise<Resolution>;
  /** @throws RangeError when the guard forbids the target: callers ask first, so this is a fault of ours */
  connect(target: { address: string; port: number; signal: AbortSignal }): Promise<ConnectResult>;
};

/** Lets at most `limits.connectionsPerPort` connections be open to one port of one address; others wait their turn. */
const createTurnstile = () => {
  const open = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  return {
    enter: async (key: string): Promise<void> => {
      const inside = open.get(key) ?? 0;
      if (inside < limits.connectionsPerPort) {
        open.set(key, inside + 1);
        return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(key, [...(waiting.get(key) ?? []), resolve]);
      await promise;
    },
    leave: (key: string): void => {
      const [next, ...rest] = waiting.get(key) ?? [];
      if (next) {
        waiting.set(key, rest);
        next();
        return;
      }
      const inside = (open.get(key) ?? 1) - 1;
      if (inside > 0) open.set(key, inside);
      else {
        open.delete(key);
        waiting.delete(key);
      }
    },
  };
};

export const createNetwork = (options: { guard: Guard; nameServers: readonly string[] }): Network => {
  const turnstile = createTurnstile();
  return {
    guard: options.guard,
    resolve: (host, signal) => resolveHost(host, { nameServers: options.nameServers, signal }),
    connect: async (target) => {
      if (!options.guard.mayConnect(target.address, target.port))
        throw new RangeError(`the guard forbids ${target.address} port ${target.port}`);
      const key = `${target.address} ${target.port}`;
      await turnstile.enter(key);
      const result = await connectTo(target);
      if (result.outcome === 'connected') result.socket.once('close', () => turnstile.leave(key));
      else turnstile.leave(key);
      return result;
    },
  };
};
