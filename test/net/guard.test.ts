/** The bot's guard, end to end: real listeners that nobody may reach, and name servers that try to lead us there. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCheck } from '../../src/check.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { type DnsRecord, scope, startListener, startNameServer } from '../mail-servers/index.ts';
import { accountOf } from '../matrix/look.ts';

/** Nobody else listens on these addresses of loopback. The first counts as public by the operator's setting. */
const outside = '127.0.0.5';
const inside = '127.0.0.6';
const servers = scope();
const touched = new Map<string, number>();

beforeAll(async () => {
  const counted = (address: string, port: number) =>
    servers.start(
      startListener(
        (socket) => {
          touched.set(address, (touched.get(address) ?? 0) + 1);
          socket.end('* OK ready\r\n');
        },
        { address, port },
      ),
    );
  const ports = [143, 993, 587, 465];
  await Promise.all([outside, inside].flatMap((address) => ports.map((port) => counted(address, port))));
});
afterAll(servers.stop);
beforeEach(() => touched.clear());

const check = async (host: string, nameServers: readonly string[] = [], port = 993) => {
  const guard = createGuard({ restricted: true, allowNetworks: [`${outside}/32`], allowPorts: [] });
  const account = accountOf({
    imap: { host, port, encryption: 'tls' },
    smtp: { host, port: port === 993 ? 587 : port, encryption: 'starttls' },
  });
  const { assessment, observations } = await runCheck(
    account,
    {
      network: createNetwork({ guard, nameServers }),
      authorities: [],
      policy: 'hubspot-2017',
      now: Date.now,
      timeoutMs: 4_000,
    },
    {},
  );
  return {
    connections: observations.filter(({ type }) => type === 'connection').length,
    unmet: assessment.findings
      .filter(
        ({ verdict, severity }) => (verdict === 'fail' || verdict === 'unknown') && severity === 'blocker',
      )
      .map(({ endpoint, requirement, reason }) => `${endpoint?.service} ${requirement} ${reason}`),
  };
};

const blocked = ['imap public-address private-address', 'smtp public-address private-address'];
const untouched = { connections: 0, unmet: blocked };

describe('Given the guard of the bot', () => {
  it.each([
    inside,
    '2130706438',
    '0x7f000006',
    '0x7f.6',
    '0177.0.0.6',
    '017700000006',
    '127.6',
    '１２７.0.0.6',
    '::1',
    `::ffff:${inside}`,
    '::ffff:7f00:6',
    `::${inside}`,
    `64:ff9b::${inside}`,
    '64:ff9b:1::7f00:6',
    '2002:7f00:6::1',
    '2001:0:7f00:6::1',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    '100.100.100.200',
    '10.0.0.1',
    '0.0.0.0',
    '::',
    'fe80::1',
  ])('%s is told to be inside a network, and nobody is contacted', async (host) => {
    expect(await check(host)).toEqual(untouched);
    expect([...touched]).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    ['an address inside a network', [inside]],
    ['an address of ours and one inside a network', [outside, inside]],
    ['an address inside a network written as IPv6', [`::ffff:${inside}`]],
    ['the address of the cloud’s own data', ['169.254.169.254']],
    ['a translated address (NAT64)', [`64:ff9b::${inside}`]],
  ])('a name with %s is not contacted', async (_, addresses) => {
    const name = 'mail.example.test';
    const records = addresses.map(
      (address): DnsRecord => ({ type: address.includes(':') ? 'AAAA' : 'A', name, address }),
    );
    const { address, port } = await servers.start(startNameServer(records));
    expect(await check(name, [`${address}:${port}`])).toEqual(untouched);
    expect([...touched]).toEqual([]);
  });

  it('ports that are none of mail are not contacted', async () => {
    const found = await check(outside, [], 22);
    expect(found.connections).toBe(0);
    expect([...touched]).toEqual([]);
  });

  it('a name server that answers differently the second time leads nowhere else', async () => {
    const dns = await startRebinding();
    try {
      const { connections } = await check('mail.example.test', [`127.0.0.1:${dns.port}`]);
      expect(connections).toBeGreaterThan(0);
      expect([...touched.keys()]).toEqual([outside]);
    } finally {
      dns.close();
    }
  });
});

/** Leads each of the first two questions for an IPv4 address (one per service) outside, and every later one inside. */
const startRebinding = async () => {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (question, from) => {
    const end = question.indexOf(0, 12) + 5;
    const isIPv4 = question.readUInt16BE(end - 4) === 1;
    asked += isIPv4 ? 1 : 0;
    const address = (asked <= 2 ? outside : inside).split('.').map(Number);
    // RFC 1035 §4.1: header, the question as it came, and for type A one answer with a lifetime of zero.
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(isIPv4 ? 1 : 0, 6);
    header.writeUInt32BE(0, 8);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address]);
    const parts = [header, question.subarray(12, end), ...(isIPv4 ? [answer] : [])];
    socket.send(Buffer.concat(parts), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, close: () => socket.close() };
};

describe('Given a bot in a cloud, on a machine with a public address of its own', () => {
  const own = ['9.9.9.77', '2620:fe::77', '10.1.2.3'];
  const guardWith = (...allowNetworks: string[]) =>
    createGuard({ restricted: true, allowNetworks, allowPorts: [], ownAddresses: () => own });

  it.each([
    '168.63.129.16',
    '::ffff:168.63.129.16',
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd20:ce::254',
  ])('then %s, where the cloud gives out secrets, is neither public nor reached', (address) => {
    const guard = guardWith();
    expect(guard.countsAsPublic(address)).toBe(false);
    expect(guard.mayConnect(address, 993)).toBe(false);
    expect(guard.mayFetch(address, 80)).toBe(false);
  });

  it.each(['9.9.9.77', '::ffff:9.9.9.77', '2620:fe::77', '2620:fe:0::0:77'])(
    'then %s is public, but the bot does not look into its own machine',
    (address) => {
      expect(guardWith().countsAsPublic(address)).toBe(true);
      expect(guardWith().mayConnect(address, 993)).toBe(false);
      expect(guardWith().mayFetch(address, 443)).toBe(false);
      expect(guardWith().mayConnect('9.9.9.78', 993)).toBe(true);
    },
  );

  it('unless the operator names it, as where the mail server stands on the same machine', () => {
    expect(guardWith('9.9.9.77/32').mayConnect('9.9.9.77', 993)).toBe(true);
    expect(guardWith('10.0.0.0/8').mayConnect('10.1.2.3', 993)).toBe(true);
    expect(guardWith('9.9.9.77/32').mayConnect('2620:fe::77', 993)).toBe(false);
  });

  it('and a terminal may look wherever its user may', () => {
    const free = createGuard({
      restricted: false,
      allowNetworks: [],
      allowPorts: [],
      ownAddresses: () => own,
    });
    expect(free.mayConnect('9.9.9.77', 993)).toBe(true);
  });
});
