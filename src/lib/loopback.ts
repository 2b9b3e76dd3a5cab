import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** A name or address of this machine alone, as it stands in a setting, a URL, a Host header or a socket. */
export const isLoopback = (host: string): boolean => {
  const address = host.replace(/^\[(.*)\]$/u, '$1');
  const family = isIP(address);
  // A link-local address carries its zone, which a BlockList does not take.
  if (family === 0 || address.includes('%')) return host === 'localhost';
  return loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
};
