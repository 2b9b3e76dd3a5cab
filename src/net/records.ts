import type { Resolver } from 'node:dns/promises';
import { codeOf } from '../lib/error-code.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import { newResolver } from './resolver.ts';

export type MailExchanger = { host: string; priority: number };
export type ServiceRecord = { host: string; port: number; priority: number; weight: number };

/** `declined`: the only record has the target ".", which says that there is no such service. */
export type OfferedRecords<T> = { records: T[]; declined: boolean };

/** Names are A-labels without a closing dot. Null: we could not find out; no records: there are none. Never throws. */
export type Records = {
  /** Best first. A domain that takes no mail declines (RFC 7505). */
  mx(domain: string, signal: AbortSignal): Promise<OfferedRecords<MailExchanger> | null>;
  /** RFC 2782. */
  srv(name: string, signal: AbortSignal): Promise<OfferedRecords<ServiceRecord> | null>;
  alias(name: string, signal: AbortSignal): Promise<string[] | null>;
};

/** The name is not there, or has no record of this kind. */
const absent: readonly string[] = ['ENOTFOUND', 'ENODATA'];

const isAbsent = (error: unknown): boolean => absent.includes(codeOf(error));

const plain = (name: string): string => name.toLowerCase().replace(/\.$/u, '');

const offered = <T extends { host: string }>(all: readonly T[] | null): OfferedRecords<T> | null => {
  if (!all) return null;
  const records = all.filter(({ host }) => host !== '');
  return { records, declined: all.length > 0 && records.length === 0 };
};

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
    mx: async (domain, signal) =>
      offered(
        await ask(signal, async (resolver) =>
          (await resolver.resolveMx(domain))
            .map(({ exchange, priority }) => ({ host: plain(exchange), priority }))
            .sort((one, other) => one.priority - other.priority),
        ),
      ),
    srv: async (service, signal) =>
      offered(
        await ask(signal, async (resolver) =>
          (await resolver.resolveSrv(service)).map(({ name, port, priority, weight }) => ({
            host: plain(name),
            ...{ port, priority, weight },
          })),
        ),
      ),
    alias: (name, signal) => ask(signal, async (resolver) => (await resolver.resolveCname(name)).map(plain)),
  };
};
