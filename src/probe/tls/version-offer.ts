import { isIP } from 'node:net';
import { type ProtocolVersion, protocolVersions } from '../../diagnosis/observed/observation.ts';
import type { BoundedSocket } from '../../net/bounded-socket.ts';
import { limits } from '../../net/limits.ts';
import { openWire, type ProbeContext, type Sighting } from '../context.ts';
import { awaitGreeting, type Talk } from '../session/dialogue.ts';
import { askCapabilities, askStarttls } from '../session/questions.ts';
import { clientHello, closeNotify, wireVersions } from './client-hello.ts';
import { readServerHello } from './server-hello.ts';

type Offer = Extract<Sighting, { type: 'version-offer' }>;

/** The session beside this has had its greeting; one that keeps further connections waiting must not hold up the whole. */
const greetingMs = 12_000;

const toStarttls = async (wire: BoundedSocket, context: ProbeContext): Promise<boolean> => {
  const talk: Talk = { wire, service: context.endpoint.service, lines: [], manners: context.manners };
  const greeting = await awaitGreeting(talk, greetingMs);
  if (greeting.outcome !== 'spoken' || greeting.spoken.protocol !== talk.service) return false;
  // ESMTP wants EHLO before STARTTLS (RFC 3207 §4); IMAP takes it at once.
  if (talk.service === 'smtp' && (await askCapabilities(talk, null)).outcome !== 'listed') return false;
  return (await askStarttls(talk)).outcome === 'accepted';
};

type Circumstances = { context: ProbeContext; withinMs?: number };

const offer = async (
  version: ProtocolVersion,
  wire: BoundedSocket,
  { context, withinMs = limits.handshakeMs }: Circumstances,
): Promise<Offer> => {
  const { asciiHost } = context.endpoint;
  wire.send(clientHello(version, isIP(asciiHost) ? null : asciiHost));
  const answer = await readServerHello(wire, withinMs);
  const seen = (outcome: Offer['outcome'], alert: number | null = null): Offer => ({
    type: 'version-offer',
    version,
    outcome,
    alert,
    suite: answer.outcome === 'hello' ? answer.suite : null,
    asksForCertificate: answer.outcome === 'hello' && answer.asksForCertificate,
  });
  switch (answer.outcome) {
    case 'hello':
      wire.send(closeNotify(version));
      if (answer.version === wireVersions[version]) return seen('selected');
      return seen(answer.version < wireVersions[version] ? 'selected-lower' : 'not-tls');
    case 'alert':
      return seen('alert', answer.alert);
    case 'not-tls':
    case 'closed':
    case 'reset':
    case 'silent':
      return seen(answer.outcome);
  }
};

const notTried = (version: ProtocolVersion): Offer => ({
  type: 'version-offer',
  version,
  outcome: 'not-tried',
  alert: null,
  suite: null,
  asksForCertificate: false,
});

const attempt = async (
  version: ProtocolVersion,
  encryption: 'tls' | 'starttls',
  circumstances: Circumstances,
): Promise<Offer> => {
  const { context } = circumstances;
  const wire = await openWire(context);
  const ready = wire !== null && (encryption === 'tls' || (await toStarttls(wire, context)));
  const seen: Offer = ready ? await offer(version, wire, circumstances) : notTried(version);
  wire?.socket.end();
  setTimeout(() => wire?.close(), 100).unref();
  return seen;
};

/** Whether TLS is spoken where a real handshake was closed without an alert, as Dovecot does for want of a common cipher. */
export const answersHello = async (context: ProbeContext): Promise<boolean> => {
  const { outcome } = await attempt('TLSv1.2', 'tls', { context });
  return outcome === 'selected' || outcome === 'selected-lower' || outcome === 'alert';
};

/** How long a small hello may take where a large one was not answered at all, in milliseconds. */
const smallHelloMs = 3_000;

/**
 * Whether a handshake that led nowhere failed for the size of its ClientHello: some filters drop what does not fit into
 * one small packet, as every hello with a post-quantum share. Ours has a third of that size.
 */
export const answersSmallHello = async (
  context: ProbeContext,
  encryption: 'tls' | 'starttls',
): Promise<boolean> => {
  const { outcome } = await attempt('TLSv1.2', encryption, { context, withinMs: smallHelloMs });
  return outcome === 'selected' || outcome === 'selected-lower';
};

/**
 * A close, or a way there that broke, may come from a limit on connections instead of a dislike of the version, and a
 * wrong answer about a version newer than TLS 1.0 would be a wrong diagnosis: those are asked again, when the others are
 * done. Not TLS 1.1 where TLS 1.2 is spoken: nothing rests on it then, and Dovecot refuses it by a close every time.
 */
const doubtful = ({ version, outcome }: Offer): boolean =>
  (outcome === 'closed' || outcome === 'reset' || outcome === 'not-tried') &&
  (version === 'TLSv1.1' || version === 'TLSv1.2' || version === 'TLSv1.3');

/** Offers every protocol version on a connection of its own, side by side, and reports each as it is answered. */
export const offerVersions = async (context: ProbeContext, encryption: 'tls' | 'starttls'): Promise<void> => {
  const first = await Promise.all(
    protocolVersions.map(async (version) => {
      const seen = await attempt(version, encryption, { context });
      if (!doubtful(seen)) context.emit(seen);
      return seen;
    }),
  );
  const speaks12 = first.some(({ version, outcome }) => version === 'TLSv1.2' && outcome === 'selected');
  for (const seen of first.filter(doubtful)) {
    const settled = seen.version === 'TLSv1.1' && seen.outcome === 'closed' && speaks12;
    context.emit(settled ? seen : await attempt(seen.version, encryption, { context }));
  }
};

/**
 * The same through STARTTLS, begun as soon as the server lists it, which saves a round trip. `granted`: whether the session
 * beside this was let through; where it was not, that is the cause, and whatever came of the offers is dropped.
 */
export const offerVersionsEarly = async (context: ProbeContext, granted: Promise<boolean>): Promise<void> => {
  const dropped = new AbortController();
  const signal = AbortSignal.any([context.signal, dropped.signal]);
  const kept: Sighting[] = [];
  let emit = (seen: Sighting): void => {
    kept.push(seen);
  };
  const offers = offerVersions({ ...context, signal, emit: (seen) => emit(seen) }, 'starttls');
  offers.catch(() => {});
  if (await granted) {
    emit = context.emit;
    kept.forEach(emit);
    await offers;
    return;
  }
  emit = () => {};
  dropped.abort();
};
