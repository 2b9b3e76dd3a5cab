import type { X509Certificate } from 'node:crypto';
import type { Endpoint, Service } from '../diagnosis/account/endpoint.ts';
import type { Extent } from '../diagnosis/observed/extent.ts';
import { type BoundedSocket, createBoundedSocket } from '../net/bounded-socket.ts';
import type { ConnectResult } from '../net/connect.ts';
import { limits } from '../net/limits.ts';
import type { Network } from '../net/network.ts';
import type { Entrance, LoginPlan } from './context.ts';
import { newManners, type ProbeContext, type Sighting } from './context.ts';
import { runSession } from './mode.ts';
import type { Talk } from './session/dialogue.ts';

type OfAddress = Exclude<Sighting, { type: 'address' }>;

export type ServiceProbe = {
  endpoint: Endpoint;
  network: Network;
  authorities: readonly X509Certificate[];
  signal: AbortSignal;
  login: LoginPlan | null;
  extent: Extent;
  emit(seen: Sighting): void;
  onEntered?(entrance: Entrance): void;
};

/**
 * The addresses to look at; empty where the name or the guard gives none. Of a name that leads inside as well only the
 * public ones: what sits inside is nothing that HubSpot meets, and that the name leads there is said once.
 */
const resolve = async ({ endpoint, network, signal, emit }: ServiceProbe): Promise<string[]> => {
  const { via, outcome, addresses } = await network.resolve(endpoint.asciiHost, signal);
  const found = addresses.map((address) => ({
    address,
    public: network.guard.countsAsPublic(address),
    allowed: network.guard.mayConnect(address, endpoint.port),
  }));
  emit({ type: 'resolution', via, outcome, addresses: found });
  // One forbidden address among good ones is how DNS rebinding looks: none of them is touched.
  if (!found.every(({ allowed }) => allowed)) return [];
  const outside = found.filter((one) => one.public);
  const chosen = (outside.length > 0 ? outside : found).map(({ address }) => address);
  return [...new Set(chosen)].slice(0, limits.addresses);
};

const report = (
  probe: ServiceProbe,
  target: { address: string; port: number },
  result: ConnectResult,
): void => {
  const fromItself = result.outcome === 'connected' && result.fromItself;
  probe.emit({ type: 'connection', ...target, outcome: result.outcome, fromItself, ms: result.ms });
};

type Reached = { address: string; wire: BoundedSocket };

/** Tries every address side by side; `first` is the connection that was ready first, `others` get what was ready later. */
const connectToAny = (
  addresses: readonly string[],
  probe: ServiceProbe,
  others: (reached: Reached) => Promise<void>,
): { first: Promise<Reached | null>; all: Promise<void> } => {
  const { endpoint, network, signal } = probe;
  const { promise: first, resolve: take } = Promise.withResolvers<Reached | null>();
  let taken = false;
  const attempts = addresses.map(async (address) => {
    const { port } = endpoint;
    const result = await network.connect({ address, port, signal });
    report(probe, { address, port }, result);
    if (result.outcome !== 'connected') return;
    const reached = { address, wire: createBoundedSocket(result.socket, signal) };
    if (taken) return others(reached);
    taken = true;
    take(reached);
  });
  const all = Promise.all(attempts).then(() => take(null));
  return { first, all };
};

/**
 * A session of its own on a further address of the name, as far as it leads without a login: which of them HubSpot takes
 * is not known. What our own deadline cut short says nothing of an address.
 */
const lookAtAddress = async (
  { address, wire }: Reached,
  probe: ServiceProbe,
  way: Promise<ProbeContext['way'] | null>,
): Promise<void> => {
  const { endpoint, signal, emit, extent } = probe;
  const settled = endpoint.encryption === 'tls' || endpoint.encryption === 'starttls' ? undefined : await way;
  // Nothing was found on the first, so there is nothing to compare.
  if (settled === null) return wire.close();
  const seen: OfAddress[] = [];
  const manners = newManners();
  const talk: Talk = { wire, service: endpoint.service, lines: [], manners };
  await runSession(wire, talk, {
    ...probe,
    address,
    manners,
    login: null,
    extent: extent === 'session' ? extent : 'versions',
    ...(settled ? { way: settled } : {}),
    emit: (one) => {
      if (one.type !== 'address') seen.push(one);
    },
  });
  if (!signal.aborted) emit({ type: 'address', address, seen });
};

/** What logs in takes a moment to load: the first round trips leave time for it. A fault shows where it is used. */
const loadLogin = (service: Service): void => {
  const loaded = [
    import('./login/login.ts'),
    service === 'imap' ? import('../mailbox/login/imapflow.ts') : import('../mailbox/login/nodemailer.ts'),
  ];
  void Promise.allSettled(loaded);
};

/** Where only port 25 is named: whether the ports for submission would answer. */
const trySubmissionPorts = async (address: string, probe: ServiceProbe): Promise<void> => {
  const { endpoint, network, signal, extent } = probe;
  if (endpoint.service !== 'smtp' || endpoint.port !== 25 || extent === 'session') return;
  await Promise.all(
    [465, 587].map(async (port) => {
      if (!network.guard.mayConnect(address, port)) return;
      const result = await network.connect({ address, port, signal });
      report(probe, { address, port }, result);
      if (result.outcome === 'connected') result.socket.destroy();
    }),
  );
};

/** Everything that can be seen of one service; with a login where one is planned. Emits as it sees; throws only for faults of ours. */
export const probeService = async (probe: ServiceProbe): Promise<void> => {
  if (probe.login) loadLogin(probe.endpoint.service);
  const addresses = await resolve(probe);
  const way = Promise.withResolvers<ProbeContext['way'] | null>();
  const { first, all } = connectToAny(addresses, probe, (reached) =>
    lookAtAddress(reached, probe, way.promise),
  );
  all.catch(() => {});
  const connected = await first;
  if (connected) {
    const { address, wire } = connected;
    const manners = newManners();
    const talk: Talk = { wire, service: probe.endpoint.service, lines: [], manners };
    const emit = (seen: Sighting): void => {
      if (seen.type === 'mode') way.resolve(seen.encryption);
      probe.emit(seen);
    };
    const session = runSession(wire, talk, { ...probe, emit, address, manners }).catch((fault: unknown) => {
      wire.close();
      throw fault;
    });
    await Promise.all([session, trySubmissionPorts(address, probe)]);
    if (talk.lines.length > 0) probe.emit({ type: 'transcript', lines: talk.lines });
  }
  way.resolve(null);
  await all;
  probe.emit({ type: 'finished' });
};
