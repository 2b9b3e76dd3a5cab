import type { X509Certificate } from 'node:crypto';
import type { Endpoint } from '../diagnosis/account/endpoint.ts';
import type { Extent } from '../diagnosis/observed/extent.ts';
import { type BoundedSocket, createBoundedSocket } from '../net/bounded-socket.ts';
import type { ConnectResult } from '../net/connect.ts';
import { limits } from '../net/limits.ts';
import type { Network } from '../net/network.ts';
import { sentChain, shakeHands } from '../net/tls.ts';
import type { LoginPlan } from './context.ts';
import { openWire, type ProbeContext, type Sighting } from './context.ts';
import type { Talk } from './session/dialogue.ts';
import { implicitTlsSession, silenceBeforeAskingMs, starttlsSession } from './session/session.ts';
import { answersHello } from './tls/version-offer.ts';

export type ServiceProbe = {
  endpoint: Endpoint;
  network: Network;
  authorities: readonly X509Certificate[];
  signal: AbortSignal;
  login: LoginPlan | null;
  extent: Extent;
  emit(seen: Sighting): void;
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

/** Tries every address side by side and keeps the connection that was ready first. */
const connectToAny = async (
  addresses: readonly string[],
  probe: ServiceProbe,
): Promise<{ first: Promise<{ address: string; wire: BoundedSocket } | null>; all: Promise<void> }> => {
  const { endpoint, network, signal } = probe;
  const { promise: first, resolve: take } = Promise.withResolvers<{
    address: string;
    wire: BoundedSocket;
  } | null>();
  let taken = false;
  const attempts = addresses.map(async (address) => {
    const { port } = endpoint;
    const result = await network.connect({ address, port, signal });
    report(probe, { address, port }, result);
    if (result.outcome !== 'connected') return;
    if (taken) result.socket.destroy();
    else {
      taken = true;
      take({ address, wire: createBoundedSocket(result.socket, signal) });
    }
  });
  const all = Promise.all(attempts).then(() => take(null));
  return { first, all };
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

/** How long TLS may take to answer where nobody has said that it is there, in milliseconds. */
const modePatienceMs = 4_000;

type Way = 'tls' | 'starttls';
/** `turnedAway`: the trial of TLS was not even let in. */
type Trial = { way: Way | null; turnedAway: boolean };

const tryTls = async (trial: BoundedSocket | null, context: ProbeContext): Promise<Trial> => {
  if (!trial) return { way: null, turnedAway: true };
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(modePatienceMs)]);
  const { asciiHost: serverName } = context.endpoint;
  const handshake = await shakeHands(trial.release(), { serverName, signal });
  const { outcome } = handshake;
  if (outcome === 'completed') {
    const found = sentChain(handshake.socket).length > 0;
    handshake.socket.destroy();
    return { way: found ? 'tls' : null, turnedAway: false };
  }
  const ended = outcome === 'closed' || outcome === 'reset';
  const found = outcome === 'alert' || (ended && (await answersHello(context)));
  return { way: found ? 'tls' : null, turnedAway: ended || outcome === 'not-tls' };
};

/**
 * Nobody said how the port is secured: one connection waits for a plain greeting, another offers TLS. A mail server
 * answers exactly one of them; where neither is answered, the plain session reports what it sees.
 */
const findMode = async (wire: BoundedSocket, context: ProbeContext): Promise<Trial> => {
  const trial = await openWire(context);
  const secured = tryTls(trial, context);
  const greeted = wire
    .arrived(silenceBeforeAskingMs)
    .then((spoke): Trial => ({ way: spoke ? 'starttls' : null, turnedAway: false }));
  const { promise, resolve: decide, reject } = Promise.withResolvers<Trial>();
  for (const attempt of [secured, greeted]) {
    void attempt.then((found) => {
      if (found.way) decide(found);
    }, reject);
  }
  void Promise.all([secured, greeted]).then(([found]) => decide(found), reject);
  const found = await promise;
  trial?.close();
  return found;
};

/**
 * For a server that lets nobody else in while a connection waits, as Exim with smtp_accept_max_per_host: TLS on that very
 * connection, which counts only if it succeeds. Says whether it did.
 */
const tlsOnTheWaiting = async (wire: BoundedSocket, talk: Talk, context: ProbeContext): Promise<boolean> => {
  const failed = new AbortController();
  let succeeded = false;
  const emit = (seen: Sighting): void => {
    if (!succeeded && seen.type === 'handshake' && seen.outcome === 'completed') {
      succeeded = true;
      context.emit({ type: 'mode', encryption: 'tls' });
    }
    if (succeeded) context.emit(seen);
    else failed.abort();
  };
  const signal = AbortSignal.any([context.signal, failed.signal]);
  await implicitTlsSession(wire, talk, { ...context, signal, emit });
  return succeeded;
};

const runSession = async (waiting: BoundedSocket, talk: Talk, context: ProbeContext): Promise<void> => {
  const { encryption } = context.endpoint;
  if (encryption === 'tls') return implicitTlsSession(waiting, talk, context);
  if (encryption === 'starttls') return starttlsSession(waiting, talk, context);
  const { way, turnedAway } = await findMode(waiting, context);
  let wire = waiting;
  // A server that serves one at a time has ended the connection that waited when the trial came.
  if (way === 'tls' && waiting.ended()) wire = (await openWire(context)) ?? waiting;
  if (way === null && turnedAway && waiting.unread() === 0 && !waiting.ended()) {
    if (await tlsOnTheWaiting(waiting, talk, context)) return;
    wire = (await openWire(context)) ?? waiting;
  }
  if (way === 'tls') {
    context.emit({ type: 'mode', encryption: way });
    return implicitTlsSession(wire, talk, context);
  }
  // A greeting that comes late settles the way just as well.
  const emit = (seen: Sighting): void => {
    const greeted = seen.type === 'greeting' && seen.outcome === 'spoken';
    if (greeted) context.emit({ type: 'mode', encryption: 'starttls' });
    context.emit(seen);
  };
  return starttlsSession(wire, talk, { ...context, emit });
};

/** Everything that can be seen of one service; with a login where one is planned. Emits as it sees; throws only for faults of ours. */
export const probeService = async (probe: ServiceProbe): Promise<void> => {
  const addresses = await resolve(probe);
  const { first, all } = await connectToAny(addresses, probe);
  const connected = await first;
  if (connected) {
    const { address, wire } = connected;
    const talk: Talk = { wire, service: probe.endpoint.service, lines: [] };
    const session = runSession(wire, talk, { ...probe, address }).catch((fault: unknown) => {
      wire.close();
      throw fault;
    });
    await Promise.all([session, trySubmissionPorts(address, probe)]);
    if (talk.lines.length > 0) probe.emit({ type: 'transcript', lines: talk.lines });
  }
  await all;
  probe.emit({ type: 'finished' });
};
