import { connect as openSocket, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { untilAborted } from '../lib/until-aborted.ts';
import { limits } from './limits.ts';

export type ConnectFailure = 'refused' | 'timed-out' | 'unreachable' | 'no-route-here' | 'not-permitted-here';
export type Connected = { outcome: 'connected'; socket: Socket; fromItself: boolean; ms: number };
export type ConnectResult = Connected | { outcome: ConnectFailure; ms: number };

/** Error codes of connect(2). Whatever is not listed is our machine's trouble and says nothing about the server. */
const failures: Readonly<Record<string, ConnectFailure>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'no-route-here',
  EADDRNOTAVAIL: 'no-route-here',
  EAFNOSUPPORT: 'no-route-here',
};

/**
 * Opens a TCP connection to one address literal. Never throws; the time limit and `signal` end it as `timed-out`.
 * A connection that was reset as soon as it was accepted counts as connected, with a socket that has ended: a port that
 * nobody listens on answers ECONNREFUSED instead (RFC 9293 §3.10.7.3).
 */
export const connectTo = async (target: {
  address: string;
  port: number;
  signal: AbortSignal;
}): Promise<ConnectResult> => {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<ConnectResult>();
  const ms = () => Math.round(performance.now() - started);
  const socket = openSocket({ host: target.address, port: target.port, noDelay: true });
  const onError = (error: NodeJS.ErrnoException): void =>
    resolve(
      error.code === 'ECONNRESET'
        ? { outcome: 'connected', socket, fromItself: false, ms: ms() }
        : { outcome: failures[error.code ?? ''] ?? 'not-permitted-here', ms: ms() },
    );
  socket.once('error', onError);
  socket.once('connect', () => {
    socket.off('error', onError);
    // Nobody listens between here and the wire: an early reset must not become an uncaught error.
    socket.on('error', () => {});
    socket.pause();
    const fromItself = socket.localAddress === socket.remoteAddress;
    resolve({ outcome: 'connected', socket, fromItself, ms: ms() });
  });
  const tooLong = AbortSignal.any([target.signal, AbortSignal.timeout(limits.connectMs)]);
  return untilAborted(tooLong, promise, () => {
    socket.destroy();
    return { outcome: 'timed-out', ms: ms() };
  });
};
