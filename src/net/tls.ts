import { constants, type X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { duplexPair } from 'node:stream';
import {
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
  connect as tlsConnect,
} from 'node:tls';
import { untilAborted } from '../lib/until-aborted.ts';
import { alertOf } from './bounded-socket.ts';
import { limits } from './limits.ts';

export type HandshakeFailure = 'alert' | 'not-tls' | 'failed' | 'closed' | 'reset' | 'silent';
export type Handshake =
  | {
      outcome: 'completed';
      socket: TLSSocket;
      version: string;
      cipher: string;
      /** Of a Diffie-Hellman exchange over a group of its own, its size; null: another exchange. */
      groupBits: number | null;
      /** Chain, dates, purpose and name were found in order by OpenSSL; false where no roots were given to check by. */
      verified: boolean;
      ms: number;
    }
  | { outcome: HandshakeFailure; alert: number | null; sawCertificate: boolean; ms: number };

/**
 * As lenient as OpenSSL 3 can be, since this only looks: old versions, small keys and SHA-1 must get far enough to be
 * named. Whoever sends a secret asks for `verified` first.
 */
const options = {
  minVersion: 'TLSv1',
  ciphers: 'DEFAULT@SECLEVEL=0',
  // Servers without secure renegotiation (RFC 5746) are old, but can be talked to.
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
} as const;

/** Without the post-quantum shares, which make a ClientHello five times as large: some filters drop those. */
const smallHello = { ...options, ecdhCurve: 'X25519:P-256:P-384:P-521' } as const;
const optionsBySize = { usual: options, small: smallHello };
export type HelloSize = keyof typeof optionsBySize;

/** Built once: parsing ciphers and roots costs more than a handshake on loopback. */
const lenient = createSecureContext({ ...options, ca: [] });
let lenientAndSmall: SecureContext | null = null;
const lenientBySize = {
  usual: () => lenient,
  small: () => (lenientAndSmall ??= createSecureContext({ ...smallHello, ca: [] })),
};

/** One for each list of further authorities; a process has one such list, so this stays small. */
const verifyingBySize = {
  usual: new WeakMap<readonly X509Certificate[], SecureContext>(),
  small: new WeakMap<readonly X509Certificate[], SecureContext>(),
};

/** Node's bundled roots, named one by one: a company's CA in this machine's store would hide what HubSpot sees. */
const contextFor = (authorities: readonly X509Certificate[] | null, size: HelloSize): SecureContext => {
  if (authorities === null) return lenientBySize[size]();
  const verifying = verifyingBySize[size];
  const known = verifying.get(authorities);
  if (known) return known;
  const ca = [...rootCertificates, ...authorities.map((certificate) => certificate.toString())];
  // An intermediate may be named as an authority, too.
  const context = createSecureContext({ ...optionsBySize[size], ca, allowPartialTrustChain: true });
  verifying.set(authorities, context);
  return context;
};

/** OpenSSL's words for bytes that are no TLS record. */
const notTls = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|HTTPS_PROXY_REQUEST|NOT_SSL/u;

const failureOf = (error: NodeJS.ErrnoException): HandshakeFailure => {
  if (alertOf(error) !== null) return 'alert';
  const code = error.code ?? '';
  if (notTls.test(code)) return 'not-tls';
  if (code === 'ECONNRESET') return /before secure TLS/u.test(error.message) ? 'closed' : 'reset';
  return code === 'EPIPE' ? 'reset' : 'failed';
};

/** Null where the exchange was none of plain Diffie-Hellman: Node then names a curve, or nothing. */
const groupBitsOf = (secured: TLSSocket): number | null => {
  const exchange = secured.getEphemeralKeyInfo();
  return exchange !== null && 'type' in exchange && exchange.type === 'DH' ? (exchange.size ?? null) : null;
};

/**
 * Lays TLS over a connected socket. Nothing that is wrong with the certificate ends the handshake: judging it is for
 * others. `verifyBy` (CAs besides the bundled ones, perhaps none) has `verified` worked out. Never throws.
 */
export const shakeHands = async (
  socket: Socket,
  target: {
    serverName: string;
    signal: AbortSignal;
    verifyBy?: readonly X509Certificate[] | null;
    helloSize?: HelloSize;
  },
): Promise<Handshake> => {
  const { serverName, signal, verifyBy = null, helloSize = 'usual' } = target;
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  if (socket.destroyed) return { outcome: 'reset', alert: null, sawCertificate: false, ms: 0 };
  const { promise, resolve } = Promise.withResolvers<Handshake>();
  const secured = tlsConnect({
    socket,
    secureContext: contextFor(verifyBy, helloSize),

    rejectUnauthorized: false,
    // The name that the certificate is compared with; RFC 6066 §3: address literals are not sent as server name.
    host: serverName,
    ...(isIP(serverName) ? {} : { servername: serverName }),
  });
  const failed = (outcome: HandshakeFailure, alert: number | null = null): Handshake => {
    const sawCertificate = secured.getPeerX509Certificate?.() !== undefined;
    secured.destroy();
    return { outcome, alert, sawCertificate, ms: ms() };
  };
  secured.on('error', (error: NodeJS.ErrnoException) => resolve(failed(failureOf(error), alertOf(error))));
  secured.once('close', () => resolve(failed('closed')));
  secured.once('secureConnect', () =>
    resolve({
      outcome: 'completed',
      socket: secured,
      version: secured.getProtocol() ?? '',
      cipher: secured.getCipher().name,
      groupBits: groupBitsOf(secured),
      verified: verifyBy !== null && secured.authorized,
      ms: ms(),
    }),
  );
  const tooLong = AbortSignal.any([signal, AbortSignal.timeout(limits.handshakeMs)]);
  return untilAborted(tooLong, promise, () => failed('silent'));
};

/** RFC 8446 §4.1.2, in a record: header(5) message(4) version(2) random(32), then session id(1+n) and the suites(2+n). */
const sessionIdAt = 43;

const readOwnSuites = async (): Promise<readonly number[]> => {
  const [ours, theirs] = duplexPair();
  const secured = tlsConnect({ socket: ours, secureContext: lenient }).on('error', () => {});
  const [hello]: unknown[] = await once(theirs, 'data');
  secured.destroy();
  if (!Buffer.isBuffer(hello)) throw new TypeError('expected a ClientHello in bytes');
  const at = sessionIdAt + 1 + hello.readUInt8(sessionIdAt);
  const suites = hello.subarray(at + 2, at + 2 + hello.readUInt16BE(at));
  return Array.from({ length: suites.length / 2 }, (_, index) => suites.readUInt16BE(index * 2));
};

let ownSuites: Promise<readonly number[]> | null = null;

/** IANA numbers of the cipher suites that `shakeHands` offers, read from a ClientHello: Node knows them by name only. */
export const offeredSuites = (): Promise<readonly number[]> => (ownSuites ??= readOwnSuites());

/** Honest servers send a handful. */
export const mostCertificates = 32;

/** The certificates as the server sent them, leaf first; each once, since many files hold the leaf twice. */
export const sentChain = (socket: TLSSocket): X509Certificate[] => {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  for (let count = 0; next && count < mostCertificates; count += 1) {
    const { fingerprint256 } = next;
    if (chain.every((known) => known.fingerprint256 !== fingerprint256)) chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
};
