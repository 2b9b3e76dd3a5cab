/**
 * A session opened by our own hand, up to TLS and its greeting, and then handed to a library with the greeting put back:
 * so a library meets only what has been checked, at an address that the guard has let through. Both libraries take such
 * a session (imapflow 2.10.2 by `transport`, nodemailer 10.6.0 by `connection`); the tests run it on all four ports.
 */
import type { TLSSocket } from 'node:tls';
import type { Spoken } from '../../diagnosis/observed/observation.ts';
import type { LoginRefusal } from '../../diagnosis/observed/refusal.ts';
import type { Unanswered } from '../../diagnosis/observed/rehearsal.ts';
import { type BoundedSocket, createBoundedSocket } from '../../net/bounded-socket.ts';
import { sentChain, shakeHands } from '../../net/tls.ts';
import type { Entrance } from '../../probe/context.ts';
import { attemptImap, imapMethods, imapRefusal, quotable } from '../../probe/login/imap.ts';
import { isAcceptable } from '../../probe/login/login.ts';
import { plainMessage } from '../../probe/login/method.ts';
import { meaningOfLogin } from '../../probe/refusals/login.ts';
import { createConcealment } from '../../probe/session/conceal.ts';
import { awaitGreeting, type Talk } from '../../probe/session/dialogue.ts';
import { askCapabilities, askStarttls } from '../../probe/session/questions.ts';
import { layTap, type Tap } from './tap.ts';

export type Adopted = {
  /** Paused, with a greeting to be read. */
  socket: TLSSocket;
  tap: Tap;
  /** For showing what the server says: it knows the password and hides it. */
  talk: Talk;
};

/** `refused`: in words, instead of a greeting. */
export type NotOpened = { outcome: 'refused' | Unanswered; reply: string; meaning: LoginRefusal | null };

const notOpened = (outcome: NotOpened['outcome'], spoken: Spoken | null = null): NotOpened => ({
  outcome,
  reply: spoken?.text ?? '',
  meaning: spoken?.state === 'busy' ? 'too-many-connections' : null,
});

/** In milliseconds: whoever greeted a moment ago greets again soon. */
const greetingMs = 8_000;

/** Null: the server greets, and wants to be spoken to. */
const hearGreeting = async (talk: Talk): Promise<NotOpened | null> => {
  const greeting = await awaitGreeting(talk, greetingMs);
  if (greeting.outcome !== 'spoken') return notOpened(greeting.outcome);
  const { spoken } = greeting;
  return spoken.protocol === talk.service && spoken.state === 'ready' ? null : notOpened('refused', spoken);
};

const startTls = async (talk: Talk): Promise<NotOpened | null> => {
  const refused = await hearGreeting(talk);
  if (refused) return refused;
  if (talk.service === 'smtp') await askCapabilities(talk, null);
  const { outcome } = await askStarttls(talk);
  if (outcome === 'accepted') return null;
  return notOpened(
    outcome === 'refused' || outcome === 'injected' || outcome === 'not-offered' ? 'closed' : outcome,
  );
};

/** After STARTTLS no greeting comes (RFC 9051 §6.2.1, RFC 3207 §4.2), and both libraries wait for one. */
const madeUp = { imap: '* OK ready', smtp: '220 ready' } as const;

/** imapflow sends such a password as eight bits in a quoted string, which a strict server refuses; ours goes as a literal. */
const goesAsLiteral = ({ mechanism, login: { username, secret } }: Entrance): boolean =>
  mechanism === 'LOGIN command' && !quotable.test(username + secret.reveal());

/** Null: logged in, and the library may take the session for one that needs no login (PREAUTH, RFC 9051 §7.1.4). */
const logInByHand = async (
  talk: Talk,
  { login: { username, secret } }: Entrance,
): Promise<NotOpened | null> => {
  const [method] = imapMethods({ names: [], mechanisms: [] }, { username, password: secret.reveal() });
  if (!method) return notOpened('closed');
  const { outcome, lines } = await attemptImap(talk, method);
  if (outcome === 'ok') return null;
  if (outcome !== 'refused') return notOpened(outcome === 'go-on' ? 'closed' : outcome);
  return { outcome, reply: imapRefusal(talk, lines).reply, meaning: meaningOfLogin('imap', lines) };
};

const putBack = async (wire: BoundedSocket, greeting: string): Promise<void> => {
  const count = wire.unread();
  const rest = count > 0 ? await wire.bytes(count, 1) : null;
  const socket = wire.release();
  const bytes = rest?.outcome === 'bytes' ? rest.bytes : Buffer.alloc(0);
  socket.unshift(Buffer.concat([Buffer.from(`${greeting}\r\n`, 'latin1'), bytes]));
};

const concealmentFor = ({ login: { username, address, secret } }: Entrance) => {
  const password = secret.reveal();
  return createConcealment(password, {
    carriers: [plainMessage({ username, password })],
    names: [username, address],
  });
};

const overTls = async (
  wire: BoundedSocket,
  entrance: Entrance,
  signal: AbortSignal,
): Promise<Adopted | NotOpened> => {
  const { endpoint, authorities, manners, login: plan } = entrance;
  const handshake = await shakeHands(wire.release(), {
    serverName: endpoint.asciiHost,
    signal,
    verifyBy: authorities,
    helloSize: manners.wantsSmallHello ? 'small' : 'usual',
  });
  if (handshake.outcome !== 'completed')
    return notOpened(
      handshake.outcome === 'silent' || handshake.outcome === 'reset' ? handshake.outcome : 'closed',
    );
  const { socket, verified } = handshake;
  const fingerprint = sentChain(socket)[0]?.fingerprint256 ?? null;
  const pinned = plan.pinned ?? entrance.fingerprint;
  if (!isAcceptable({ plan: { ...plan, pinned }, verified, fingerprint })) {
    socket.destroy();
    return notOpened('closed');
  }
  const secured = createBoundedSocket(socket, signal);
  const { service } = endpoint;
  const talk: Talk = { wire: secured, service, lines: [], manners, conceal: concealmentFor(entrance) };
  if (entrance.way === 'tls') {
    const refused = await hearGreeting(talk);
    if (refused) {
      secured.close();
      return refused;
    }
  }
  if (goesAsLiteral(entrance)) {
    const refused = await logInByHand(talk, entrance);
    if (refused) {
      secured.close();
      return refused;
    }
    talk.greeted = '* PREAUTH ready';
  }
  // A library takes its own listener away when it ends; what comes after that must not end the process.
  socket.on('error', () => {});
  await putBack(secured, talk.greeted && service === 'imap' ? talk.greeted : madeUp[service]);
  return { socket, tap: layTap(socket), talk };
};

/** Another session at the very address that has taken the login, as far as the moment before one. */
export const openSession = async (entrance: Entrance, signal: AbortSignal): Promise<Adopted | NotOpened> => {
  const { network, address, endpoint, manners } = entrance;
  const result = await network.connect({ address, port: endpoint.port, signal });
  if (result.outcome !== 'connected')
    return notOpened(signal.aborted ? 'cut-short' : result.outcome === 'refused' ? 'reset' : 'silent');
  const wire = createBoundedSocket(result.socket, signal);
  try {
    const talk: Talk = { wire, service: endpoint.service, lines: [], manners };
    const refused = entrance.way === 'starttls' ? await startTls(talk) : null;
    const opened = refused ?? (await overTls(wire, entrance, signal));
    if (!('outcome' in opened)) return opened;
    wire.close();
    return signal.aborted ? notOpened('cut-short') : opened;
  } catch (fault) {
    wire.close();
    throw fault;
  }
};
