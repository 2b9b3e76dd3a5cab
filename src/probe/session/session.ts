import { performance } from 'node:perf_hooks';
import { type BoundedSocket, createBoundedSocket } from '../../net/bounded-socket.ts';
import { offeredSuites, sentChain, shakeHands } from '../../net/tls.ts';
import { entranceOf, helloSizeFor, type ProbeContext } from '../context.ts';
import type { Offered } from '../login/method.ts';
import { describeCertificates } from '../tls/certificates.ts';
import { answersSmallHello, offerVersions, offerVersionsEarly } from '../tls/version-offer.ts';
import { awaitGreeting, note, type Talk, takeLeave } from './dialogue.ts';
import type { GreetingFacts } from './facts.ts';
import { askCapabilities, askStarttls } from './questions.ts';
import { recogniseBehindTls, recognisePlainPort, recogniseSilentPort } from './recognise.ts';

/** Silence after which another way of asking starts beside the wait, in milliseconds. */
export const silenceBeforeAskingMs = 1_500;
/** Postscreen, found on port 25, delays its greeting and resents clients that talk first. */
const silenceOnRelayPortMs = 8_000;
type Layer = 'plain' | 'tls';

/**
 * Behind a handshake. `verified`: the certificate was found in order; false where nobody needed to know. `fingerprint`:
 * of the certificate; null where there was none.
 */
type Secured = ProbeContext & { verified: boolean; version: string; fingerprint: string | null };

type Greeted<T> = { greeting: GreetingFacts; found: T | null };

/** Waits for the greeting; after some silence `ask` looks what else is there, and what it finds ends the wait. */
const greetOr = async <T extends object>(
  talk: Talk,
  afterMs: number,
  ask: () => Promise<T | null>,
): Promise<Greeted<T>> => {
  const started = performance.now();
  const greeting = awaitGreeting(talk).then((facts): Greeted<T> => ({ greeting: facts, found: null }));
  const { promise: waited, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), afterMs);
  const early = await Promise.race([greeting, waited]);
  clearTimeout(timer);
  if (early) return early;
  const asked = ask().then((found): Greeted<T> | Promise<Greeted<T>> => {
    const ms = Math.round(performance.now() - started);
    return found === null ? greeting : { greeting: { outcome: 'silent', ms }, found };
  });
  const result = await Promise.race([asked, greeting]);
  // A greeting that ended in silence may come a moment before the answer to the other question.
  return result.greeting.outcome === 'spoken' ? result : asked;
};

const emitCapabilities = async (
  talk: Talk,
  layer: Layer,
  context: ProbeContext & { greeting: GreetingFacts | null },
): Promise<Offered | null> => {
  // After STARTTLS what was said before counts no more (RFC 9051 §6.2.1).
  const facts = await askCapabilities(talk, context.greeting ? (talk.greeted ?? null) : null);
  if (context.manners.learnt !== null) return null;
  context.emit({ type: 'capabilities', layer, ...facts });
  // A server that refuses the question, as SMTP without ESMTP does, offers nothing.
  return facts.outcome === 'listed' || facts.outcome === 'refused' ? facts : null;
};

/** What lies behind TLS: what is offered there, and the login where one was asked for. */
const lookInside = async (
  talk: Talk,
  context: Secured & { greeting: GreetingFacts | null },
): Promise<void> => {
  const offered = await emitCapabilities(talk, 'tls', context);
  const { login: plan, verified, fingerprint, signal, emit } = context;
  if (!offered || !plan) return;
  // Most checks log in nowhere, and a process starts the sooner for what it does not load.
  const { logIn } = await import('../login/login.ts');
  const mechanism = await logIn(talk, { plan, offered, verified, fingerprint, signal, emit });
  if (mechanism) context.onEntered?.(entranceOf(context, { mechanism, login: plan, wire: talk.wire }));
};

const greetBehindTls = async (talk: Talk, context: Secured): Promise<void> => {
  const { greeting, found } = await greetOr(talk, silenceBeforeAskingMs, () => recogniseBehindTls(context));
  context.emit(
    found
      ? { type: 'greeting', layer: 'tls', outcome: 'spoken', spoken: found, ms: greeting.ms }
      : { type: 'greeting', layer: 'tls', ...greeting },
  );
  const spoken = greeting.outcome === 'spoken' ? greeting.spoken : null;
  if (spoken?.protocol === talk.service && spoken.state === 'ready')
    await lookInside(talk, { ...context, greeting });
};

/** The alert with which TLS 1.3 servers ask for a certificate of ours comes after the handshake (RFC 8446 §6.2). */
const certificateRequired = 116;

type HandshakeFacts = Parameters<ProbeContext['emit']>[0] & { type: 'handshake' };

/** How a handshake ended, and in which version. */
type Shaken = Pick<HandshakeFacts, 'outcome' | 'version' | 'ms'>;

/** Says so of a handshake that was lost for it alone: the session is then held again, with a smaller one. */
const isHelloTooLarge = async (outcome: Shaken['outcome'], context: ProbeContext): Promise<boolean> => {
  const { manners, endpoint } = context;
  const isLost = outcome === 'closed' || outcome === 'reset' || outcome === 'silent';
  if (!isLost || manners.wantsSmallHello) return false;
  const encryption = context.way ?? (endpoint.encryption === 'starttls' ? 'starttls' : 'tls');
  if (!(await answersSmallHello(context, encryption))) return false;
  manners.wantsSmallHello = true;
  manners.learnt = 'small-hello';
  return true;
};

/** TLS over the wire, then whatever `inside` has to ask. Says whether the handshake got as far as being judged. */
const secure = async (
  talk: Talk,
  context: ProbeContext,
  inside: (talk: Talk, context: Secured) => Promise<void>,
): Promise<Shaken> => {
  const { endpoint, signal, authorities, emit } = context;
  const handshake = await shakeHands(talk.wire.release(), {
    serverName: endpoint.asciiHost,
    signal,
    // Reading all roots takes time, and only a login needs the certificate verified as a whole.
    verifyBy: context.login ? authorities : null,
    helloSize: helloSizeFor(context),
  });
  const { wantsSmallHello: withSmallHello } = context.manners;
  if (handshake.outcome !== 'completed') {
    note(talk, 'note', `TLS handshake: ${handshake.outcome}, alert ${handshake.alert ?? 'none'}`);
    const { outcome, ms, sawCertificate } = handshake;
    if (await isHelloTooLarge(outcome, context)) return { outcome, version: null, ms };
    // A refusal after the server's own certificate was taken is about ours, in TLS 1.2 as a plain handshake_failure.
    const alert = sawCertificate && handshake.alert === 40 ? certificateRequired : handshake.alert;
    const offered = await offeredSuites();
    const nothing = { version: null, cipher: null, groupBits: null };
    emit({ type: 'handshake', outcome, alert, ...nothing, offered, withSmallHello, ms });
    return { outcome, version: null, ms };
  }
  const { version, cipher, groupBits, ms, socket, verified } = handshake;
  note(talk, 'note', `TLS handshake complete: ${version}, ${cipher}`);
  const agreed = { version, cipher, groupBits, offered: null, withSmallHello, ms };
  emit({ type: 'handshake', outcome: 'completed', alert: null, ...agreed });
  const chain = sentChain(socket);
  const fingerprint = chain[0]?.fingerprint256 ?? null;
  const certificates = describeCertificates(chain, { host: endpoint.asciiHost, authorities });
  if (certificates) emit(certificates);
  const wire = createBoundedSocket(socket, signal);
  const secured: Talk = { ...talk, wire };
  try {
    await inside(secured, { ...context, verified, version, fingerprint });
  } catch (fault) {
    wire.close();
    throw fault;
  }
  const alert = wire.alert();
  if (alert !== null) emit({ type: 'handshake', outcome: 'alert', alert, ...agreed });
  takeLeave(secured);
  return { outcome: 'completed', version, ms };
};

const inUse: ReadonlySet<string> = new Set(['TLSv1.2', 'TLSv1.3']);

/** Whether the versions are to be offered one by one after a handshake that ended in this one; null: it failed. */
const needsOffers = ({ extent }: ProbeContext, version: string | null): boolean =>
  extent === 'whole' || (extent === 'versions' && !inUse.has(version ?? ''));

/** What a failed handshake leaves to be found out: which versions are answered, or what is there instead of TLS. */
const lookFurther = async (handshake: Shaken, context: ProbeContext): Promise<void> => {
  const { outcome, version, ms } = handshake;
  const offers = async (): Promise<void> => {
    if (needsOffers(context, version)) await offerVersions(context, 'tls');
  };
  if (outcome === 'completed' || outcome === 'alert' || outcome === 'failed') return offers();
  const isEnded = outcome === 'closed' || outcome === 'reset';
  if (isEnded) await offers();
  const { recognition, quietMs } = await recognisePlainPort(context);
  if (recognition) context.emit(recognition);
  else if (isEnded) context.emit({ type: 'cut-off', quietMs, spokenMs: ms });
};

/** TLS from the first byte (RFC 8314 §3). */
export const implicitTlsSession = async (
  wire: BoundedSocket,
  talk: Talk,
  context: ProbeContext,
): Promise<void> => {
  const further = Promise.withResolvers<void>();
  // Awaited below; until then a fault of ours must not end the process as unhandled.
  further.promise.catch(() => {});
  const follow = (handshake: Shaken): void => {
    void lookFurther(handshake, context).then(further.resolve, further.reject);
  };
  const shaken = await secure({ ...talk, wire }, context, (secured, inside) => {
    // The versions are offered while the session goes on: neither waits for the other.
    follow({ outcome: 'completed', version: inside.version, ms: 0 });
    return greetBehindTls(secured, inside);
  });
  if (context.manners.learnt === 'small-hello') return;
  if (shaken.outcome !== 'completed') follow(shaken);
  await further.promise;
};

/** A plain greeting, then STARTTLS. */
export const starttlsSession = async (
  wire: BoundedSocket,
  talk: Talk,
  context: ProbeContext,
): Promise<void> => {
  const { endpoint, emit } = context;
  const own: Talk = { ...talk, wire };
  const quiet = endpoint.port === 25 ? silenceOnRelayPortMs : silenceBeforeAskingMs;
  let spokenMs: number | null = null;
  const { greeting, found } = await greetOr(own, quiet, () =>
    recogniseSilentPort(context, (ms) => {
      spokenMs = ms;
    }),
  );
  emit({ type: 'greeting', layer: 'plain', ...greeting });
  if (found) emit(found);
  else if (spokenMs !== null && greeting.outcome !== 'spoken')
    emit({ type: 'cut-off', quietMs: greeting.ms, spokenMs });
  const spoken = greeting.outcome === 'spoken' ? greeting.spoken : null;
  if (spoken?.protocol !== endpoint.service || spoken.state !== 'ready') {
    wire.close();
    return;
  }
  const offered = await emitCapabilities(own, 'plain', { ...context, greeting });
  if (offered === null) {
    wire.close();
    return;
  }
  if (!offered.names.includes('STARTTLS')) {
    emit({ type: 'starttls', outcome: 'not-offered', reply: '' });
    takeLeave(own);
    return;
  }
  const asked = askStarttls(own);
  const granted = asked.then(({ outcome }) => outcome === 'accepted');
  const versions = context.extent === 'whole' ? offerVersionsEarly(context, granted) : Promise.resolve();
  versions.catch(() => {});
  const starttls = await asked;
  emit({ type: 'starttls', ...starttls });
  if (starttls.outcome !== 'accepted') {
    wire.close();
    await versions;
    return;
  }
  // What was listed before TLS counts no more (RFC 9051 §6.2.1, RFC 3207 §4.2).
  const { version } = await secure(own, { ...context, way: 'starttls' }, (secured, inside) =>
    lookInside(secured, { ...inside, greeting: null }),
  );
  if (context.manners.learnt !== null) return void (await versions);
  if (context.extent !== 'whole' && needsOffers(context, version)) await offerVersions(context, 'starttls');
  await versions;
};
