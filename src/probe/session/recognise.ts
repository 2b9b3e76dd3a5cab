import { performance } from 'node:perf_hooks';
import type { Spoken } from '../../diagnosis/observed/observation.ts';
import { type BoundedSocket, createBoundedSocket } from '../../net/bounded-socket.ts';
import { sentChain, shakeHands } from '../../net/tls.ts';
import { helloSizeFor, openWire, type ProbeContext, type Sighting } from '../context.ts';
import { clean } from './clean.ts';
import { recogniseGreeting } from './greeting.ts';

type Recognition = Extract<Sighting, { type: 'recognition' }>;

/** How long something unexpected gets to show what it is, in milliseconds. */
const patienceMs = 3_000;

/** More lines than any greeting has. */
const mostLines = 20;

const firstWords = async (wire: BoundedSocket): Promise<Spoken | null> => {
  const started = performance.now();
  const lines: string[] = [];
  const spokenOf = (last: string): Spoken => {
    const [first = last, ...more] = [...lines, last];
    return recogniseGreeting(first, { more });
  };
  for (;;) {
    const read = await wire.line(patienceMs - (performance.now() - started));
    // One line without end is no TLS and no mail.
    if (read.outcome === 'too-long')
      return { protocol: 'other', state: 'ready', about: null, text: clean(read.partial.toString('latin1')) };
    const text = read.outcome === 'line' ? read.text : read.partial.toString('latin1');
    if (read.outcome === 'line' && /^\d{3}-/u.test(text) && lines.length < mostLines) lines.push(text);
    else {
      const last = text.length > 3 ? text : lines.pop();
      const spoken = last === undefined ? null : spokenOf(last);
      return spoken?.protocol === 'other' && read.outcome !== 'line' ? null : spoken;
    }
  }
};

/** A web server waits to be asked. `onRefused`: a mail server sends us away for it, which may be all that it ever says. */
const askForPage = async (
  wire: BoundedSocket,
  context: ProbeContext,
  onRefused?: (spoken: Spoken) => void,
): Promise<Spoken | null> => {
  wire.send(`GET / HTTP/1.0\r\nHost: ${context.endpoint.asciiHost}\r\n\r\n`);
  const spoken = await firstWords(wire);
  if (spoken?.state === 'busy' || spoken?.state === 'refusing') onRefused?.(spoken);
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
  onEnded?(ms: number): void;
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
    if (handshake.outcome === 'closed' || handshake.outcome === 'reset') onEnded?.(handshake.ms);
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
  onEnded: (ms: number) => void,
): Promise<Recognition | null> =>
  firstFound([
    secured(context, { use: firstWords, onEnded }).then(
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
    const spoken = await firstWords(wire);
    quietMs = Math.round(performance.now() - started);
    return spoken;
  });
  let refusal: Spoken | null = null;
  const recognition = await firstFound([
    plain(listening),
    plain(
      withWire(context, (wire) =>
        askForPage(wire, context, (spoken) => {
          refusal = spoken;
        }),
      ),
    ),
  ]);
  // Behind a server that is to be told by a proxy who comes, Postfix for one says no more than this.
  if (recognition === null && refusal !== null)
    return { recognition: { type: 'recognition', found: 'plain', spoken: refusal }, quietMs };
  return { recognition, quietMs };
};

/** What sits behind TLS that gives no greeting: a web server, or nothing that shows itself. */
export const recogniseBehindTls = async (context: ProbeContext): Promise<Spoken | null> => {
  const found = await secured(context, { use: (wire) => askForPage(wire, context) });
  return found?.spoken ?? null;
};
