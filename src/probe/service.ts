import type { X509Certificate } from 'node:crypto';
import type { Endpoint } from '../diagnosis/endpoint.ts';
import type { ConnectResult } from '../net/connect.ts';
import { limits } from '../net/limits.ts';
import type { Network } from '../net/network.ts';
import { sentChain, shakeHands } from '../net/tls.ts';
import { createWire, type Wire } from '../net/wire.ts';
import { openWire, type ProbeContext, type Seen } from './context.ts';
import type { LoginPlan } from './login.ts';
import { implicitTlsSession, silenceBeforeAskingMs, starttlsSession } from './session.ts';
import type { Talk } from './talk.ts';
import { answersHello } from './version-offer.ts';

export type ServiceProbe = {
  endpoint: Endpoint;
  network: Network;
  authorities: readonly X509Certificate[];
  signal: AbortSignal;
  login: LoginPlan | null;
  emit(seen: Seen): void;
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
): Promise<{ first: Promise<{ address: string; wire: Wire } | null>; all: Promise<void> }> => {
  const { endpoint, network, signal } = probe;
  const { promise: first, resolve: take } = Promise.withResolvers<{ address: string; wire: Wire } | null>();
  let taken = false;
  const attempts = addresses.map(async (address) => {
    const { port } = endpoint;
    const result = await network.connect({ address, port, signal });
    report(probe, { address, port }, result);
    if (result.outcome !== 'connected') return;
    if (taken) result.socket.destroy();
    else {
      taken = true;
      take({ address, wire: createWire(result.socket, signal) });
    }
  });
  const all = Promise.all(attempts).then(() => take(null));
  return { first, all };
};

/** Where only port 25 is named: whether the ports for submission would answer. */
const trySubmissionPorts = async (address: string, probe: ServiceProbe): Promise<void> => {
  const { endpoint, network, signal } = probe;
  if (endpoint.service !== 'smtp' || endpoint.port !== 25) return;
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

/**
 * Nobody said how the port is secured: one connection waits for a plain greeting, another offers TLS. A mail server
 * answers exactly one of them; where neither is answered, the plain session reports what it sees.
 */
const findMode = async (wire: Wire, context: ProbeContext): Promise<'tls' | 'starttls' | null> => {
  const trial = await openWire(context);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(modePatienceMs)]);
  const secured = trial
    ? shakeHands(trial.release(), { serverName: context.endpoint.asciiHost, signal }).then(
        async (handshake) => {
          const { outcome } = handshake;
          const found = outcome === 'completed' && sentChain(handshake.socket).length > 0;
          if (outcome === 'completed') handshake.socket.destroy();
          const ended = outcome === 'closed' || outcome === 'reset';
          return found || outcome === 'alert' || (ended && (await answersHello(context)))
            ? ('tls' as const)
            : null;
        },
      )
    : Promise.resolve(null);
  const greeted = wire.arrived(silenceBeforeAskingMs).then((spoke) => (spoke ? ('starttls' as const) : null));
  const { promise, resolve: decide, reject } = Promise.withResolvers<'tls' | 'starttls' | null>();
  for (const attempt of [secured, greeted]) {
    void attempt.then((mode) => {
      if (mode) decide(mode);
    }, reject);
  }
  void Promise.all([secured, greeted]).then(() => decide(null), reject);
  const mode = await promise;
  trial?.close();
  return mode;
};

const runSession = async (wire: Wire, talk: Talk, context: ProbeContext): Promise<void> => {
  const { encryption } = context.endpoint;
  if (encryption === 'tls') return implicitTlsSession(wire, talk, context);
  if (encryption === 'starttls') return starttlsSession(wire, talk, context);
  const mode = await findMode(wire, context);
  if (mode === 'tls') {
    context.emit({ type: 'mode', encryption: mode });
    return implicitTlsSession(wire, talk, context);
  }
  // A greeting that comes late settles the way just as well.
  const emit = (seen: Seen): void => {
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
