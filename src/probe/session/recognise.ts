import { performance } from 'node:perf_hooks';
import type { Spoken } from '../../diagnosis/observed/observation.ts';
import { type BoundedSocket, createBoundedSocket } from '../../net/bounded-socket.ts';
import { sentChain, shakeHands } from '../../net/tls.ts';
import { helloSizeFor, openWire, type ProbeContext, type Seen } from '../context.ts';
import { clean } from './clean.ts';
import { recogniseGreeting } from './greeting.ts';

type Recognition = Extract<Seen, { type: 'recognition' }>;

/** How long something unexpected gets to show what it is, in milliseconds. */
const patienceMs = 3_000;

const firstLine = async (wire: BoundedSocket): Promise<Spoken | null> => {
  const read = await wire.line(patienceMs);
  // One line without end is no TLS and no mail.
  if (read.outcome === 'too-long')
    return { protocol: 'other', state: 'ready', about: null, text: clean(read.partial.toString('latin1')) };
  const text = read.outcome === 'line' ? read.text : read.partial.toString('latin1');
  const spoken = text.length > 3 ? recogniseGreeting(text) : null;
  return spoken?.protocol === 'other' && read.outcome !== 'line' ? null : spoken;
};

/** A web server waits to be asked. */
const askForPage = async (wire: BoundedSocket, context: ProbeContext): Promise<Spoken | null> => {
  wire.send(`GET / HTTP/1.0\r\nHost: ${context.endpoint.asciiHost}\r\n\r\n`);
  const spoken = await firstLine(wire);
  return spoken?.protocol === 'http' ? spoken : null;
};

const withWire = async <T>(
  context: ProbeContext,
  use: (wire: BoundedSocket) => Promise<T | null>,
): Promise<T | null> => {
  const wire = await openWire(context);
  if (!wire) return null;
  try {
    return await use(wire);
  } finally {
    wire.close();
  }
};

type Secured = {
  use(wire: BoundedSocket): Promise<Spoken | null>;
  /** The server ended the connection in answer to our hello. */
  onEnded?(): void;
};

const secured = (context: ProbeContext, { use, onEnded }: Secured) =>
  withWire(context, async (wire): Promise<{ spoken: Spoken | null } | null> => {
    const { asciiHost: serverName } = context.endpoint;
    const handshake = await shakeHands(wire.release(), {
      serverName,
      signal: context.signal,
      helloSize: helloSizeFor(context),
    });
    if (handshake.outcome === 'alert') return { spoken: null };
    if (handshake.outcome === 'closed' || handshake.outcome === 'reset') onEnded?.();
    if (handshake.outcome !== 'completed' || sentChain(handshake.socket).length === 0) return null;
    const inner = createBoundedSocket(handshake.socket, context.signal);
    const spoken = await use(inner);
    inner.close();
    return { spoken };
  });

/** The first that finds anything decides; null when none does. */
const firstFound = async <T>(attempts: readonly Promise<T | null>[]): Promise<T | null> => {
  const { promise, resolve, reject } = Promise.withResolvers<T | null>();
  for (const attempt of attempts) {
    void attempt.then((found) => {
      if (found !== null) resolve(found);
    }, reject);
  }
  void Promise.all(attempts).then(() => resolve(null), reject);
  return promise;
};

const plain = async (attempt: Promise<Spoken | null>): Promise<Recognition | null> => {
  const spoken = await attempt;
  return spoken && { type: 'recognition', found: 'plain', spoken };
};

/**
 * What sits behind a port that keeps silent where a greeting should come: TLS, or a web server. `onEnded`: the server
 * ended a connection for our having spoken.
 */
export const recogniseSilentPort = (
  context: ProbeContext,
  onEnded: () => void,
): Promise<Recognition | null> =>
  firstFound([
    secured(context, { use: firstLine, onEnded }).then(
      (found): Recognition | null => found && { type: 'recognition', found: 'tls', spoken: found.spoken },
    ),
    plain(withWire(context, (wire) => askForPage(wire, context))),
  ]);

/** `quietMs`: how long a connection stayed open on which nobody said a word; 0: somebody did, or none could be had. */
type BehindPlainPort = { recognition: Recognition | null; quietMs: number };

/** What sits behind a port that does not answer a ClientHello as TLS does: plain mail, or a web server. */
export const recognisePlainPort = async (context: ProbeContext): Promise<BehindPlainPort> => {
  const started = performance.now();
  let quietMs = 0;
  const listening = withWire(context, async (wire) => {
    const spoken = await firstLine(wire);
    quietMs = Math.round(performance.now() - started);
    return spoken;
  });
  const recognition = await firstFound([
    plain(listening),
    plain(withWire(context, (wire) => askForPage(wire, context))),
  ]);
  return { recognition, quietMs };
};

/** What sits behind TLS that gives no greeting: a web server, or nothing that shows itself. */
export const recogniseBehindTls = async (context: ProbeContext): Promise<Spoken | null> => {
  const found = await secured(context, { use: (wire) => askForPage(wire, context) });
  return found?.spoken ?? null;
};
