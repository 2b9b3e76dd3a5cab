import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { codeOf } from '../lib/error-code.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import { limits } from './limits.ts';

export type Resolution = {
  via: 'literal' | 'system' | 'name-server';
  outcome: 'resolved' | 'unknown-name' | 'no-address' | 'server-failed' | 'timed-out';
  addresses: string[];
};

type Outcome = Resolution['outcome'];

/** What a failed query says. Anything not listed is the name server's trouble or ours, never the mail server's. */
const outcomes: Readonly<Record<string, Outcome>> = {
  ENOTFOUND: 'unknown-name',
  ENODATA: 'no-address',
  ETIMEOUT: 'timed-out',
};

/**
 * How long the other kind of address may still take once one kind is known, in milliseconds. Some name servers never answer
 * a question for AAAA; what is known must not be thrown away for that.
 */
const otherKindMs = 1_500;

const ask = async (
  resolver: Resolver,
  host: string,
): Promise<{ addresses: string[]; failures: Outcome[] }> => {
  const addresses: string[][] = [];
  const failures: Outcome[] = [];
  const { promise: longEnough, resolve: end } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | null = null;
  const questions = [resolver.resolve4(host), resolver.resolve6(host)].map(async (question, kind) => {
    try {
      addresses[kind] = await question;
      timer ??= setTimeout(end, otherKindMs);
    } catch (error) {
      failures.push(outcomes[codeOf(error)] ?? 'server-failed');
    }
  });
  await Promise.race([Promise.all(questions), longEnough]);
  if (timer) clearTimeout(timer);
  return { addresses: addresses.flat(), failures };
};

/** Asks the named servers (`address[:port]`), or those of the system. */
export const newResolver = (servers: readonly string[]): Resolver => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
};

const combine = ({ addresses, failures }: { addresses: string[]; failures: Outcome[] }): Outcome => {
  if (addresses.length > 0) return 'resolved';
  // Where one question failed, that the name is unknown to the other is no answer: the server contradicts itself.
  const order: Outcome[] = ['server-failed', 'unknown-name', 'timed-out'];
  return order.find((outcome) => failures.includes(outcome)) ?? 'no-address';
};

/**
 * getaddrinfo works in the few threads that all of this process shares, and cannot be called off: as many questions to a
 * silent name server as there are threads, and nobody's connection is made any more. So few run at once, none is asked
 * twice at the same time, and one that nobody waits for any more is not begun.
 */
const mostAtOnce = 8;
const underWay = new Map<string, Promise<Resolution>>();
const inLine: (() => void)[] = [];
let running = 0;

const takeTurn = async (): Promise<void> => {
  if (running >= mostAtOnce) await new Promise<void>((resolve) => inLine.push(resolve));
  running += 1;
};
const endTurn = (): void => {
  running -= 1;
  inLine.shift()?.();
};

const lookUp = async (host: string): Promise<Resolution> => {
  try {
    const found = await lookup(host, { all: true, order: 'verbatim' });
    return { via: 'system', outcome: 'resolved', addresses: found.map(({ address }) => address) };
  } catch (error) {
    if (codeOf(error) !== 'ENOTFOUND') return { via: 'system', outcome: 'server-failed', addresses: [] };
    // getaddrinfo does not tell "no such name" from "a name without an address"; the name server does.
    const { failures } = await ask(newResolver([]), host);
    const bare = failures.length > 0 && failures.every((failure) => failure === 'no-address');
    return { via: 'system', outcome: bare ? 'no-address' : 'unknown-name', addresses: [] };
  }
};

const inTurn = async (host: string, signal: AbortSignal): Promise<Resolution> => {
  await takeTurn();
  try {
    return signal.aborted ? { via: 'system', outcome: 'timed-out', addresses: [] } : await lookUp(host);
  } finally {
    endTurn();
  }
};

/** Whoever asks while the same name is being looked up gets that answer; it ends with the patience of who asked first. */
const bySystem = (host: string, signal: AbortSignal): Promise<Resolution> => {
  const known = underWay.get(host);
  if (known) return known;
  const asked = inTurn(host, signal).finally(() => underWay.delete(host));
  underWay.set(host, asked);
  return asked;
};

/** All addresses of a host, by the named servers (`address[:port]`) or the system. Never throws. */
export const resolveHost = async (
  host: string,
  options: { nameServers: readonly string[]; signal: AbortSignal },
): Promise<Resolution> => {
  if (isIP(host)) return { via: 'literal', outcome: 'resolved', addresses: [host] };
  const via = options.nameServers.length > 0 ? 'name-server' : 'system';
  const tooLong = AbortSignal.any([options.signal, AbortSignal.timeout(limits.resolveMs)]);
  const query = async (): Promise<Resolution> => {
    if (via === 'system') return bySystem(host, tooLong);
    const answer = await ask(newResolver(options.nameServers), host);
    return { via, outcome: combine(answer), addresses: answer.addresses };
  };
  return untilAborted(tooLong, query(), () => ({ via, outcome: 'timed-out', addresses: [] }));
};
