import { BlockList, isIP, isIPv4 } from 'node:net';
import { z } from 'zod';

/** The widest that somebody has to herself: 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193). Wider is the internet, or all of it. */
const widest = { ipv4: 8, ipv6: 7 };
/** All of IPv4 lies in its last 32 bits (RFC 6052). */
const translated = { base: '64:ff9b::', bits: 96 };

const familyOf = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6');

const has = (network: string, address: string): boolean => {
  const [base = '', bits = ''] = network.split('/');
  if (isIP(base) === 0 || familyOf(base) !== familyOf(address)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(bits), familyOf(base));
  return list.check(address, familyOf(address));
};

const isNarrow = (network: string): boolean => {
  const [base = '', bits = ''] = network.split('/');
  if (Number(bits) < widest[familyOf(base)]) return false;
  return !has(network, translated.base) || Number(bits) >= translated.bits + widest.ipv4;
};

/** A network that reps may test although it is not public. */
export const allowedNetwork = z
  .union([z.cidrv4(), z.cidrv6()], { error: 'expected networks such as 10.0.0.0/8' })
  .refine(isNarrow, {
    error: `expected networks of your own such as 10.0.0.0/8; wider than /${widest.ipv4} (IPv6: /${widest.ipv6}) lets users reach everything`,
    params: { expected: 'network-too-wide' },
  });

/** This machine, and where clouds keep the credentials of their machines. */
const delicate = ['127.0.0.1', '::1', '169.254.169.254', 'fd00:ec2::254', '168.63.129.16'];

/** Those of `networks` that lead to this machine itself or to a cloud's own services. */
export const delicateNetworks = (networks: readonly string[]): string[] =>
  networks.filter((network) => delicate.some((address) => has(network, address)));
