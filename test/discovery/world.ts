/** An invented world for a search: real name, web and mail servers, and what was found in it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readAuthorities } from '../../src/check.ts';
import type { Endpoint } from '../../src/diagnosis/account/endpoint.ts';
import { discover } from '../../src/discovery/discover.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { lookOnce } from '../../src/probe/look-once.ts';
import { type DnsRecord, type scope, startNameServer } from '../mail-servers/index.ts';

/** As text, the way people write it. */
const at = (endpoint: Endpoint | null): string | null =>
  endpoint && `${endpoint.asciiHost}:${endpoint.port}/${endpoint.encryption}`;

export const a = (name: string, ...addresses: readonly string[]): DnsRecord[] =>
  addresses.map((address) => ({ type: 'A', name, address }));

type Server = { host: string; port?: number; socket?: string; user?: string; auth?: string };

/** A configuration file with these servers in this order. */
export const configFile = ({
  imap = [],
  smtp = [],
}: {
  imap?: readonly Server[];
  smtp?: readonly Server[];
}) => {
  const written = (tag: string, type: string, { host, port, socket, user, auth }: Server) =>
    `<${tag} type="${type}"><hostname>${host}</hostname><port>${port ?? (type === 'imap' ? 993 : 465)}</port>
    <socketType>${socket ?? 'SSL'}</socketType><username>${user ?? '%EMAILADDRESS%'}</username>
    <authentication>${auth ?? 'password-cleartext'}</authentication></${tag}>`;
  return `<clientConfig><emailProvider id="x">${[
    ...imap.map((one) => written('incomingServer', 'imap', one)),
    ...smtp.map((one) => written('outgoingServer', 'smtp', one)),
  ].join('')}</emailProvider></clientConfig>`;
};

export const createWorld = (servers: ReturnType<typeof scope>) => {
  let made: ReturnType<typeof servers.authority> | null = null;
  /** One that signs everything. */
  const authority = () => (made ??= servers.authority());
  const networkOf = async (records: readonly DnsRecord[]) => {
    const dns = await servers.start(startNameServer(records));
    const network = createNetwork({
      guard: createGuard({ restricted: false, allowNetworks: ['127.0.0.0/8'], allowPorts: [] }),
      nameServers: [`${dns.address}:${dns.port}`],
    });
    return { dns, network };
  };
  return {
    authority,
    networkOf,
    /** `srvAfterMs`: answers of this kind come so late, as from a name server far away. */
    find: async (records: readonly DnsRecord[], address: string, { srvAfterMs = 0 } = {}) => {
      const authorities = await readAuthorities((await authority()).caFile);
      const { dns, network } = await networkOf(records);
      const connections: string[] = [];
      const counted = {
        ...network,
        records: {
          ...network.records,
          srv: async (...asked: Parameters<typeof network.records.srv>) => {
            await sleep(srvAfterMs);
            return network.records.srv(...asked);
          },
        },
        connect: (target: Parameters<typeof network.connect>[0]) => {
          connections.push(`${target.address}:${target.port}`);
          return network.connect(target);
        },
      };
      const started = performance.now();
      const proposal = await discover(address, {
        network: counted,
        authorities,
        look: lookOnce,
        allowedPorts: null,
      });
      return {
        proposal,
        imap: at(proposal.imap),
        smtp: at(proposal.smtp),
        ms: performance.now() - started,
        ...{ network, authorities, connections, dns },
      };
    },
  };
};
