import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { PortRange } from '../diagnosis/account/parse.ts';
import { mailPorts, webPorts } from './ports.ts';

/** Decides which machines we may talk to. The terminal runs with its user's own rights; the bot is restricted. */
export type Guard = {
  countsAsPublic(address: string): boolean;
  mayConnect(address: string, port: number): boolean;
  /** For configuration files on the web: the same addresses, ports 443 and 80 only, whoever asks. */
  mayFetch(address: string, port: number): boolean;
};

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** @throws RangeError when the text is no network in CIDR form */
export const parseNetwork = (cidr: string): Network => {
  if (!ipaddr.isValidCIDR(cidr)) throw new RangeError(`expected a network such as 10.0.0.0/8, got "${cidr}"`);
  return ipaddr.parseCIDR(cidr);
};

const within = (address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: Network): boolean =>
  address instanceof ipaddr.IPv4
    ? base instanceof ipaddr.IPv4 && address.match(base, bits)
    : base instanceof ipaddr.IPv6 && address.match(base, bits);

/**
 * The only IPv6 addresses that are handed out for the internet (RFC 4291 §2.4, IANA's registry). Anything else that a
 * library calls unicast, such as an IPv4 address behind ninety-six zeros (`::7f00:1`), leads elsewhere.
 */
const globalUnicast = parseNetwork('2000::/3');

/**
 * Looks public and is this machine's own provider: Azure's WireServer, which gives out what a machine is configured with
 * (learn.microsoft.com, "What is IP address 168.63.129.16?"). What other clouds use for this lies in ranges that are not
 * public anyway: 169.254.169.254 and 169.254.170.2 (link-local), 100.100.100.200 (Alibaba, shared address space),
 * 192.0.0.192 (Oracle, protocol assignments), fd00:ec2::254 and fd20:ce::254 (AWS and Google, unique local).
 */
const platformAddresses: readonly Network[] = [parseNetwork('168.63.129.16/32')];

const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  address.range() === 'unicast' &&
  !platformAddresses.some((network) => within(address, network)) &&
  (address instanceof ipaddr.IPv4 || within(address, globalUnicast));

/** `process` unwraps IPv4-mapped addresses; NAT64 and all other special ranges are not `unicast`. */
const readable = (address: string) => (ipaddr.isValid(address) ? ipaddr.process(address) : null);

/** They may change at any time. */
const addressesOfThisMachine = (): string[] =>
  Object.values(networkInterfaces()).flatMap((of) => of?.map(({ address }) => address) ?? []);

export const createGuard = (options: {
  restricted: boolean;
  allowNetworks: readonly string[];
  allowPorts: readonly PortRange[];
  /** This machine's own addresses, public ones too; asked before each connection. */
  ownAddresses?(): readonly string[];
}): Guard => {
  const { ownAddresses = addressesOfThisMachine } = options;
  const networks = options.allowNetworks.map(parseNetwork);
  const ports = [...mailPorts, ...options.allowPorts];
  const countsAsPublic = (address: string): boolean => {
    const read = readable(address);
    if (!read) return false;
    return isPublic(read) || networks.some((network) => within(read, network));
  };
  /** What listens here is meant for this machine's own firewall to keep from strangers, who must not send us instead. */
  const isOwn = (address: string): boolean => {
    const read = readable(address);
    if (!read || networks.some((network) => within(read, network))) return false;
    return ownAddresses().some((own) => readable(own)?.toString() === read.toString());
  };
  const mayReach = (address: string): boolean =>
    !options.restricted || (countsAsPublic(address) && !isOwn(address));
  return {
    countsAsPublic,
    mayConnect: (address, port) =>
      mayReach(address) && (!options.restricted || ports.some(({ from, to }) => port >= from && port <= to)),
    mayFetch: (address, port) => webPorts.includes(port) && mayReach(address),
  };
};
