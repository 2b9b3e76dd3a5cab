/** Servers whose answer to a trial tells more than a session would, or that take no trial beside it. */
import { startMake, startTlsDialogue } from '../mail-servers/index.ts';
import type { Fault, World } from './faults.ts';
import { startLine, startUsual } from './ways-in.ts';

const oldDovecot =
  (options: { ciphers?: string; settings?: string }, port: 'tls' | 'starttls') =>
  async ({ ca, servers }: World) => {
    const certificate = await ca.issue();
    const ports = await startMake('dovecot', servers, { certificate, versions: ['TLSv1.2'], ...options });
    return { host: ports.host, port: ports[port] };
  };
/** Dovecot chooses a suite from a hello that lists it, and closes without an alert where none is listed. */
const oddCiphers: Fault[] = (['tls', 'starttls', 'auto'] as const).flatMap((encryption) => {
  const port = encryption === 'starttls' ? 'starttls' : 'tls';
  const fault = (given: string, reason: string, server: ReturnType<typeof oldDovecot>): Fault => ({
    given: `dovecot with ${given}, ${encryption}`,
    service: 'imap',
    finds: [`imap-encryption ${reason}`],
    server: async (world) => ({ ...(await server(world)), encryption }),
  });
  return [
    ...['CAMELLIA256-SHA', 'NULL-SHA256', 'AECDH-AES128-SHA', 'ARIA256-GCM-SHA384'].map((ciphers) =>
      fault(`${ciphers} only`, 'no-common-cipher', oldDovecot({ ciphers }, port)),
    ),
    fault(
      'an odd curve',
      encryption === 'starttls' ? 'starttls-broken' : 'handshake-failed',
      oldDovecot({ settings: 'ssl_curve_list = secp256k1' }, port),
    ),
  ];
});

/** Where nobody says how the port is secured, it takes two connections to find out. */
const oneAtATime: Fault[] = (['tls', 'starttls'] as const).flatMap((port): Fault[] => {
  const single = async (make: 'dovecot' | 'exim', settings: string, { ca, servers }: World) => {
    const ports = await startMake(make, servers, { certificate: await ca.issue(), settings });
    return { host: ports.host, port: ports[port] };
  };
  const oneProcess = 'service imap-login {\n  service_count = 1\n  process_limit = 1\n}';
  return [
    {
      given: `dovecot with one process, ${port}, auto`,
      service: 'imap',
      finds: [],
      server: async (world) => ({ ...(await single('dovecot', oneProcess, world)), encryption: 'auto' }),
    },
    {
      given: `exim with one connection, ${port}, auto`,
      service: 'smtp',
      finds: [],
      server: async (world) => ({
        ...(await single('exim', 'smtp_accept_max_per_host = 1', world)),
        encryption: 'auto',
      }),
    },
  ];
});

/** Lets one connection through every three seconds. */
const limited: Fault[] = (['imap', 'smtp'] as const).map((service) => ({
  given: 'TLS behind a filter that counts connections, auto',
  service,
  finds: [],
  server: async (world) => {
    const { host, tls: port } = await startUsual(service, world);
    let last = -Infinity;
    const line = await startLine(world, { host, port }, async () => {
      if (performance.now() - last < 3_000) return false;
      last = performance.now();
      return true;
    });
    return { host: line.host, port: line.port, encryption: 'auto' };
  },
}));

const preauth: Fault = {
  given: 'a server that takes us for logged in, inside TLS',
  service: 'imap',
  finds: ['imap-encryption preauth'],
  server: async ({ ca, servers }) => {
    const dialogue = { greeting: '* PREAUTH welcome\r\n', otherwise: { next: 'silence' } } as const;
    const { host, port } = await servers.start(startTlsDialogue({ certificate: await ca.issue(), dialogue }));
    return { host, port, encryption: 'tls' };
  },
};

export const trialFaults: readonly Fault[] = [...oddCiphers, ...oneAtATime, ...limited, preauth];
