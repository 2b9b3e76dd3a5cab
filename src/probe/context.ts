import type { X509Certificate } from 'node:crypto';
import type { Endpoint } from '../diagnosis/account/endpoint.ts';
import type { Extent } from '../diagnosis/observed/extent.ts';
import type { Observation } from '../diagnosis/observed/observation.ts';
import { type BoundedSocket, createBoundedSocket } from '../net/bounded-socket.ts';
import type { Network } from '../net/network.ts';
import type { HelloSize } from '../net/tls.ts';
import type { Secret } from '../secret.ts';

type WithoutOrigin<O> = O extends unknown ? Omit<O, 'service' | 'at'> : never;
/** An observation before it is known whose and when it is. */
export type Sighting = WithoutOrigin<Observation>;

/** One login on one service, to be made once. */
export type LoginPlan = {
  username: string;
  secret: Secret;
  /** As typed; the envelope of the test goes from it to itself. */
  address: string;
  /** Its owner has said that a certificate nobody vouches for is to be expected. */
  untrustedCertificateExpected: boolean;
  /** The certificate (SHA-256) that such a server showed when its owner was told of it; null: nobody has looked before. */
  pinned: string | null;
};

/** What was learnt of how this server wants to be talked to; true for every further connection to it. */
export type Manners = {
  /** It takes no address in place of a name in EHLO. */
  wantsName: boolean;
  /** A ClientHello of today's usual size leads nowhere with it. */
  wantsSmallHello: boolean;
  /** What was learnt by losing the present session, which is then held once more; null: it was not lost for that. */
  learnt: 'name' | 'small-hello' | null;
};

export const newManners = (): Manners => ({ wantsName: false, wantsSmallHello: false, learnt: null });

/** A server that has just taken a login, for whoever goes in again: the same address in the same manner, and no other. */
export type Entrance = {
  endpoint: Endpoint;
  address: string;
  network: Network;
  authorities: readonly X509Certificate[];
  manners: Manners;
  way: 'tls' | 'starttls';
  login: LoginPlan;
  /** By which the login was accepted. */
  mechanism: string;
  /** Of the certificate (SHA-256); null: there was none. */
  fingerprint: string | null;
  /** Settles when that first session has ended on the server's side too, or does not for a while. */
  left: Promise<void>;
};

/** What the probes of one endpoint share. */
export type ProbeContext = {
  manners: Manners;
  endpoint: Endpoint;
  /** The address that answered first; every further connection goes to this very one. */
  address: string;
  network: Network;
  authorities: readonly X509Certificate[];
  signal: AbortSignal;
  /** Null: nobody logs in. */
  login: LoginPlan | null;
  extent: Extent;
  /** How TLS begins, once that is settled. */
  way?: 'tls' | 'starttls';
  emit(seen: Sighting): void;
  /** Told of an accepted login. */
  onEntered?(entrance: Entrance): void;
};

export const entranceOf = (
  context: ProbeContext & Pick<Entrance, 'fingerprint'>,
  { wire, ...entered }: Pick<Entrance, 'mechanism' | 'login'> & { wire: BoundedSocket },
): Entrance => {
  const { endpoint, address, network, authorities, manners, fingerprint, way = 'tls' } = context;
  const left = new Promise<void>((resolve) => void wire.socket.once('close', () => resolve()));
  return { endpoint, address, network, authorities, manners, way, fingerprint, ...entered, left };
};

export const helloSizeFor = ({ manners }: ProbeContext): HelloSize =>
  manners.wantsSmallHello ? 'small' : 'usual';

/** Another connection to the same address and port; null when it cannot be had. */
export const openWire = async (context: ProbeContext): Promise<BoundedSocket | null> => {
  const { address, endpoint, signal, network } = context;
  const result = await network.connect({ address, port: endpoint.port, signal });
  return result.outcome === 'connected' ? createBoundedSocket(result.socket, signal) : null;
};
