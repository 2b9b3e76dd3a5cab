/** How a session is held where nobody said how the port is secured, and again where the manner of it lost the first. */
import type { BoundedSocket } from '../net/bounded-socket.ts';
import { sentChain, shakeHands } from '../net/tls.ts';
import { helloSizeFor, openWire, type ProbeContext, type Sighting } from './context.ts';
import type { Talk } from './session/dialogue.ts';
import { implicitTlsSession, silenceBeforeAskingMs, starttlsSession } from './session/session.ts';
import { answersHello } from './tls/version-offer.ts';

/** How long TLS may take to answer where nobody has said that it is there, in milliseconds. */
const modePatienceMs = 4_000;

type Way = 'tls' | 'starttls';
/** `turnedAway`: the trial of TLS was not even let in. */
type Trial = { way: Way | null; turnedAway: boolean };

const tryTls = async (trial: BoundedSocket | null, context: ProbeContext): Promise<Trial> => {
  if (!trial) return { way: null, turnedAway: true };
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(modePatienceMs)]);
  const { asciiHost: serverName } = context.endpoint;
  const handshake = await shakeHands(trial.release(), {
    serverName,
    signal,
    helloSize: helloSizeFor(context),
  });
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
  await implicitTlsSession(wire, talk, { ...context, way: 'tls', signal, emit });
  return succeeded;
};

/** A session in the way that is known or stated. */
const sessionIn = (
  way: Way,
  wire: BoundedSocket,
  { talk, context }: { talk: Talk; context: ProbeContext },
): Promise<void> =>
  way === 'tls' ? implicitTlsSession(wire, talk, context) : starttlsSession(wire, talk, context);

const runOnce = async (waiting: BoundedSocket, talk: Talk, context: ProbeContext): Promise<void> => {
  const { encryption } = context.endpoint;
  const stated = context.way ?? (encryption === 'tls' || encryption === 'starttls' ? encryption : null);
  if (stated) return sessionIn(stated, waiting, { talk, context });
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
    return implicitTlsSession(wire, talk, { ...context, way });
  }
  // A greeting that comes late settles the way just as well.
  const emit = (seen: Sighting): void => {
    const greeted = seen.type === 'greeting' && seen.outcome === 'spoken';
    if (greeted) context.emit({ type: 'mode', encryption: 'starttls' });
    context.emit(seen);
  };
  return starttlsSession(wire, talk, { ...context, emit });
};

/** What can be learnt by losing a session: our name, the size of our hello. */
const mostRepetitions = 2;

/**
 * One session, and again what was lost for the manner in which we spoke. What is offered beside a session is not offered
 * twice.
 */
export const runSession = async (
  waiting: BoundedSocket,
  talk: Talk,
  context: ProbeContext,
): Promise<void> => {
  const { manners, emit } = context;
  let wire: BoundedSocket | null = waiting;
  let current = context;
  const noting = (seen: Sighting): void => {
    if (seen.type === 'mode') current = { ...current, way: seen.encryption };
    if (seen.type === 'version-offer') current = { ...current, extent: 'session' };
    emit(seen);
  };
  for (let count = 0; wire && count <= mostRepetitions; count += 1) {
    manners.learnt = null;
    await runOnce(wire, talk, { ...current, emit: noting });
    if (manners.learnt === null) return;
    wire.close();
    wire = await openWire(context);
  }
};
