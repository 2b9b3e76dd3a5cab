import type { X509Certificate } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createSecureContext, rootCertificates, type SecureContext, connect as tlsConnect } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { untilAborted } from '../lib/until-aborted.ts';
import { connectToFirst } from './happy-eyeballs.ts';
import { limits } from './limits.ts';
import type { Network } from './network.ts';

export type FetchFailure =
  | 'forbidden-url'
  | 'forbidden-address'
  | 'name-unknown'
  | 'unreachable'
  | 'untrusted'
  | 'status'
  | 'encoded'
  | 'too-large'
  | 'too-many-redirects'
  | 'broken'
  | 'timed-out';

/** `secure`: every step was https with a verified certificate. */
export type Fetched = { outcome: 'fetched'; text: string; secure: boolean } | { outcome: FetchFailure };

export type FetchOptions = {
  network: Network;
  /** Trusted besides Mozilla's roots. */
  authorities: readonly X509Certificate[];
  /** Ends the whole as `timed-out`, redirects included. */
  signal: AbortSignal;
  /** What only hosts of this domain may be told; a redirect that leads elsewhere with it is followed without it. */
  confidential?: { text: string; domain: string };
};

/** How long TLS may take at one address while there are others, in milliseconds. */
const patienceWithTlsMs = 750;

/** Who asks, for the logs of those who are asked; nothing of the person for whom. */
const userAgent = 'connect-email (looks for published mail settings)';

/** Parsing the roots costs more than a request, so once for each set of further authorities. */
const contexts = new WeakMap<readonly X509Certificate[], SecureContext>();
const contextOf = (authorities: readonly X509Certificate[]): SecureContext => {
  const known = contexts.get(authorities);
  if (known) return known;
  const made = createSecureContext({
    minVersion: 'TLSv1.2',
    ca: [...rootCertificates, ...authorities.map(String)],
  });
  contexts.set(authorities, made);
  return made;
};

type Step =
  | { outcome: FetchFailure }
  | { outcome: 'body'; text: string }
  | { outcome: 'redirect'; to: string };
type Target = { url: URL; host: string; port: number };

/** Only the two default ports, and no login inside the address. */
const targetOf = (address: string, base: Target | null): Target | null => {
  const url = URL.parse(address, base?.url.href);
  if (!url) return null;
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') return null;
  if (url.port !== '' || url.username !== '' || url.password !== '') return null;
  // What came over TLS must not be continued where anyone can change it.
  if (base?.url.protocol === 'https:' && !secure) return null;
  return { url, host: url.hostname.replace(/^\[|\]$/gu, ''), port: secure ? 443 : 80 };
};

const tells = ({ url }: Target, text: string): boolean => {
  const plain = text.toLowerCase();
  const said = [...url.searchParams.values(), url.searchParams.toString(), url.href];
  return said.some((one) => one.toLowerCase().includes(plain) || one.includes(encodeURIComponent(text)));
};

/** The same target without what is none of its business; null where that stands in the path itself. */
const discreet = (target: Target | null, { confidential }: FetchOptions): Target | null => {
  if (!target || !confidential) return target;
  const { text, domain } = confidential;
  if (target.host === domain || target.host.endsWith(`.${domain}`) || !tells(target, text)) return target;
  target.url.search = '';
  return tells(target, text) ? null : target;
};

const secured = async (
  socket: Socket,
  host: string,
  options: FetchOptions,
): Promise<Socket | FetchFailure> => {
  const { promise, resolve } = Promise.withResolvers<Socket | FetchFailure>();
  const tls = tlsConnect({
    socket,
    host,
    secureContext: contextOf(options.authorities),
    // RFC 6066 §3: address literals are not sent as server name.
    ...(isIP(host) ? {} : { servername: host }),
    ALPNProtocols: ['http/1.1'],
  });
  tls.once('secureConnect', () => resolve(tls));
  tls.on('error', () => resolve('untrusted'));
  tls.once('close', () => resolve('untrusted'));
  return untilAborted(options.signal, promise, () => {
    tls.destroy();
    return 'timed-out';
  });
};

/** Connects to an address that the guard has let through, and to no other: nobody resolves the name again. */
const open = async ({ host, port }: Target, options: FetchOptions): Promise<Socket | FetchFailure> => {
  const { network, signal } = options;
  const { outcome, addresses } = await network.resolve(host, signal);
  if (outcome !== 'resolved') return signal.aborted ? 'timed-out' : 'name-unknown';
  // One forbidden address among good ones is how DNS rebinding looks: none of them is touched.
  if (!addresses.every((address) => network.guard.mayFetch(address, port))) return 'forbidden-address';
  let failure: FetchFailure = 'unreachable';
  let left = [...new Set(addresses)].slice(0, limits.addresses);
  while (left.length > 0 && !signal.aborted) {
    const reached = new Map<Socket, string>();
    const connected = await connectToFirst(
      left,
      async (address, until) => {
        const result = await network.connectWeb({ address, port, signal: until });
        if (result.outcome === 'connected') reached.set(result.socket, address);
        return result;
      },
      signal,
    );
    if (!connected || port === 80) return connected?.socket ?? (signal.aborted ? 'timed-out' : failure);
    const { socket } = connected;
    left = left.filter((address) => address !== reached.get(socket));
    // Whoever accepts a connection and then is no web server must not keep us from the next address.
    const until =
      left.length > 0 ? AbortSignal.any([signal, AbortSignal.timeout(patienceWithTlsMs)]) : signal;
    const tls = await secured(socket, host, { ...options, signal: until });
    if (typeof tls !== 'string') return tls;
    socket.destroy();
    failure = tls;
  }
  return signal.aborted ? 'timed-out' : failure;
};

/** By its first bytes (XML 1.0 §4.3.3), else UTF-8. */
const textOf = (bytes: Buffer): string => {
  const mark = bytes.toString('hex', 0, 2);
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes);
  return mark === 'feff' ? new TextDecoder('utf-16be').decode(bytes) : bytes.toString('utf8');
};

/** Bytes up to the limit, also of what a server has compressed though nobody asked it to. */
const readBody = async (response: IncomingMessage): Promise<Step> => {
  const encoding = (response.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') return { outcome: 'encoded' };
  const chunks: Buffer[] = [];
  let size = 0;
  // A small body may become a large one; what comes out is counted, a piece at a time.
  const unpacked = encoding === 'gzip' ? pipeline(response, createGunzip(), () => {}) : response;
  for await (const chunk of unpacked) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limits.documentBytes) return { outcome: 'too-large' };
    chunks.push(bytes);
  }
  return { outcome: 'body', text: textOf(Buffer.concat(chunks)) };
};

const answerOf = async (response: IncomingMessage): Promise<Step> => {
  const { statusCode = 0, headers } = response;
  if ([301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined)
    return { outcome: 'redirect', to: headers.location };
  return statusCode === 200 ? readBody(response) : { outcome: 'status' };
};

const ask = async (target: Target, socket: Socket, signal: AbortSignal): Promise<Step> => {
  const { promise, resolve } = Promise.withResolvers<Step>();
  const asked = request({
    method: 'GET',
    host: target.url.hostname,
    path: `${target.url.pathname}${target.url.search}`,
    headers: {
      host: target.url.host,
      accept: 'application/xml, text/xml',
      'accept-encoding': 'identity',
      'user-agent': userAgent,
    },
    maxHeaderSize: limits.headerBytes,
    // Without an agent: one would resolve the name again and connect by itself.
    createConnection: () => socket,
  });
  asked.on('error', () => resolve({ outcome: 'broken' }));
  const onClose = (): void => resolve({ outcome: 'broken' });
  asked.once('close', onClose);
  // The socket came paused from the connection's side.
  asked.once('socket', (used) => used.resume());
  asked.once('response', (response) => {
    // The connection may end while what has arrived is still being read.
    asked.off('close', onClose);
    answerOf(response).then(resolve, () => resolve({ outcome: 'broken' }));
  });
  asked.end();
  try {
    return await untilAborted(signal, promise, () => ({ outcome: 'timed-out' }));
  } finally {
    asked.destroy();
    socket.destroy();
  }
};

const visit = async (target: Target, options: FetchOptions): Promise<Step> => {
  const socket = await open(target, options);
  return typeof socket === 'string' ? { outcome: socket } : ask(target, socket, options.signal);
};

/**
 * Fetches one small document through the guard: default ports only, every redirect checked anew, the connection made
 * to the very address that was checked, certificates verified, no more bytes kept than a file may have. Never throws.
 */
export const fetchDocument = async (address: string, options: FetchOptions): Promise<Fetched> => {
  let target = targetOf(address, null);
  let secure = true;
  for (let step = 0; step <= limits.redirects; step += 1) {
    if (!target) return { outcome: 'forbidden-url' };
    secure &&= target.port === 443;
    const answer = await visit(target, options);
    if (answer.outcome === 'body') return { outcome: 'fetched', text: answer.text, secure };
    if (answer.outcome !== 'redirect') return { outcome: answer.outcome };
    target = discreet(targetOf(answer.to, target), options);
  }
  return { outcome: 'too-many-redirects' };
};
