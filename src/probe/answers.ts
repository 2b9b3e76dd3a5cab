import type { Endpoint } from '../diagnosis/account/endpoint.ts';
import { type BoundedSocket, createBoundedSocket } from '../net/bounded-socket.ts';
import type { Network } from '../net/network.ts';
import { shakeHands } from '../net/tls.ts';
import { recogniseGreeting } from './session/greeting.ts';

/** How long a greeting may take to count, in milliseconds. */
const patienceMs = 2_500;

const greets = async (wire: BoundedSocket, { service }: Endpoint): Promise<boolean> => {
  const read = await wire.line(patienceMs);
  wire.close();
  return read.outcome === 'line' && recogniseGreeting(read.text).protocol === service;
};

/**
 * Whether a server of the endpoint's kind greets there: one connection, nothing judged, nothing sent but the
 * handshake. Goes through the guard like any probe. Never throws for what a server does.
 */
export const answersAt = async (
  endpoint: Endpoint,
  { network, signal }: { network: Network; signal: AbortSignal },
): Promise<boolean> => {
  const { asciiHost, port, encryption } = endpoint;
  const { addresses } = await network.resolve(asciiHost, signal);
  const [address] = addresses;
  // One forbidden address among good ones is how DNS rebinding looks: none of them is touched.
  if (address === undefined || !addresses.every((one) => network.guard.mayConnect(one, port))) return false;
  const connected = await network.connect({ address, port, signal });
  if (connected.outcome !== 'connected') return false;
  if (encryption !== 'tls') return greets(createBoundedSocket(connected.socket, signal), endpoint);
  const handshake = await shakeHands(connected.socket, { serverName: asciiHost, signal });
  if (handshake.outcome === 'completed')
    return greets(createBoundedSocket(handshake.socket, signal), endpoint);
  connected.socket.destroy();
  return false;
};
