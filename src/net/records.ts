import type { Resolver } from 'node:dns/promises';
import { codeOf } from '../lib/error-code.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import { newResolver } from './resolver.ts';

export type MailExchanger = { host: string; priority: number };
export type ServiceRecord = { host: string; port: number; priority: number; weight: number };

/** Names are A-labels without a closing dot. Null: we could not find out; an empty list: there is none. Never throws. */
export type Records = {
  /** Best first. A null MX (RFC 7505) is left out. */
  mx(domain: string, signal: AbortSignal): Promise<MailExchanger[] | null>;
  /** RFC 2782. A target of "." says that the service is not offered; such records are left out. */
  srv(name: string, signal: AbortSignal): Promise<ServiceRecord[] | null>;
  alias(name: string, signal: AbortSignal): Promise<string[] | null>;
};

/** The name is not there, or has no record of this kind. */
const absent: readonly string[] = ['ENOTFOUND', 'ENODATA'];

const isAbsent = (error: unknown): boolean => absent.includes(codeOf(error));

const plain = (name: string): string => name.toLowerCase().replace(/\.$/u, '');

export const createRecords = (nameServers: readonly string[]): Records => {
  const ask = async <T>(
    signal: AbortSignal,
    query: (resolver: Resolver) => Promise<T[]>,
  ): Promise<T[] | null> => {
    if (signal.aborted) return null;
    const resolver = newResolver(nameServers);
    try {
      return await untilAborted<T[] | null>(signal, query(resolver), () => {
        // Ends the query itself, not only our waiting: a query under way would keep the process alive.
        resolver.cancel();
        return null;
      });
    } catch (error) {
      return isAbsent(error) ? [] : null;
    }
  };
  return {
    mx: (domain, signal) =>
      ask(signal, async (resolver) =>
        (await resolver.resolveMx(domain))
          .map(({ exchange, priority }) => ({ host: plain(exchange), priority }))
          .filter(({ host }) => host !== '')
          .sort((one, other) => one.priority - other.priority),
      ),
    srv: (service, signal) =>
      ask(signal, async (resolver) =>
        (await resolver.resolveSrv(service))
          .map(({ name, port, priority, weight }) => ({ host: plain(name), port, priority, weight }))
          .filter(({ host }) => host !== ''),
      ),
    alias: (name, signal) => ask(signal, async (resolver) => (await resolver.resolveCname(name)).map(plain)),
  };
};
