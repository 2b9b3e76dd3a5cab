import type { ConnectResult } from '../net/connect.ts';
import type { Network } from '../net/network.ts';
import { type Found, found } from './examination.ts';

/** A large provider with every port of mail open to everybody, over IPv4 and IPv6. */
const neighbour = { imap: 'imap.gmail.com', smtp: 'smtp.gmail.com' };
type Door = { host: string; port: number };
const doorsOfNeighbour: readonly Door[] = [
  { host: neighbour.imap, port: 993 },
  { host: neighbour.smtp, port: 465 },
  { host: neighbour.smtp, port: 587 },
];
/** In milliseconds. */
const patience = 4_000;

type Address = Door & { addresses: readonly string[] };

const isIpv6 = (address: string): boolean => address.includes(':');

const tryOne = async (network: Network, address: string, port: number): Promise<ConnectResult['outcome']> => {
  const result = await network.connect({ address, port, signal: AbortSignal.timeout(patience) });
  if (result.outcome === 'connected') result.socket.destroy();
  return result.outcome;
};

const portsFound = async (network: Network, known: readonly Address[]): Promise<Found> => {
  const tried = await Promise.all(
    known.map(async ({ port, addresses }) => {
      const [ipv4] = addresses.filter((address) => !isIpv6(address));
      const outcome = ipv4 === undefined ? 'unreachable' : await tryOne(network, ipv4, port);
      return { port, isOpen: outcome === 'connected' };
    }),
  );
  const closed = tried.filter(({ isOpen }) => !isOpen).map(({ port }) => String(port));
  if (closed.length === 0)
    return found('outgoing-ports', 'open', { ports: tried.map(({ port }) => String(port)) });
  return found('outgoing-ports', closed.length === tried.length ? 'closed' : 'partly-closed', {
    ports: closed,
  });
};

const ipv6Found = async (network: Network, [first]: readonly Address[]): Promise<Found> => {
  const [address] = first?.addresses.filter(isIpv6) ?? [];
  const works =
    address !== undefined && first && (await tryOne(network, address, first.port)) === 'connected';
  return found('ipv6', works ? 'works' : 'missing');
};

/** Name server, outgoing ports of mail, IPv6: what a check needs from this machine's network. */
export const examineNetwork = async (
  network: Network,
  doors: readonly Door[] = doorsOfNeighbour,
): Promise<Found[]> => {
  const known = await Promise.all(
    doors.map(async ({ host, port }): Promise<Address> => {
      const { addresses } = await network.resolve(host, AbortSignal.timeout(patience));
      return {
        host,
        port,
        addresses: addresses.filter((address) => network.guard.mayConnect(address, port)),
      };
    }),
  );
  const answered = known.some(({ addresses }) => addresses.length > 0);
  if (!answered)
    return [
      found('name-server', 'silent', { host: doors[0]?.host ?? '' }),
      found('outgoing-ports', 'not-tried'),
      found('ipv6', 'not-tried'),
    ];
  return [
    found('name-server', 'answers'),
    ...(await Promise.all([portsFound(network, known), ipv6Found(network, known)])),
  ];
};
