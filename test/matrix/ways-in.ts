/** Faults of the way in: the wrong kind of encryption, servers that keep us waiting, and networks that lead nowhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import {
  type Listening,
  type Make,
  makes,
  startListener,
  startMake,
  startTlsDialogue,
} from '../mail-servers/index.ts';
import { encryptionOf, type Fault, type World } from './faults.ts';
import type { Typed } from './look.ts';

const both = ['imap', 'smtp'] as const;
const usual = { imap: 'dovecot', smtp: 'postfix' } as const satisfies Record<Service, Make>;

export const startUsual = async (service: Service, { ca, servers }: World) =>
  startMake(usual[service], servers, { certificate: await ca.issue() });

/** Ports typed with a kind of encryption that is not theirs, at servers that are in order. */
const crossed: Fault[] = (['dovecot', 'cyrus', 'postfix', 'exim'] satisfies Make[]).flatMap((make) => {
  const service = makes[make];
  const typed = (
    given: string,
    reason: string,
    port: 'tls' | 'starttls',
    encryption: Typed['encryption'],
  ) => ({
    given: `${make} on its port for ${given}`,
    service,
    finds: [`${encryptionOf[service]} ${reason}`],
    server: async ({ ca, servers }: World): Promise<Typed> => {
      const ports = await startMake(make, servers, { certificate: await ca.issue() });
      return { host: ports.host, port: ports[port], encryption };
    },
  });
  return [
    typed('TLS, typed as STARTTLS', 'tls-on-plain-port', 'tls', 'starttls'),
    typed('STARTTLS, typed as TLS', 'plain-on-tls-port', 'starttls', 'tls'),
    typed('TLS, typed as unencrypted', 'tls-not-chosen', 'tls', 'none'),
    typed('STARTTLS, typed as unencrypted', 'tls-not-chosen', 'starttls', 'none'),
  ];
});

const withoutStarttls: Fault = {
  given: 'dovecot without STARTTLS',
  service: 'imap',
  finds: ['imap-encryption starttls-not-offered'],
  server: async ({ ca, servers }) => {
    const { host, starttls } = await startMake('dovecot', servers, {
      certificate: await ca.issue(),
      starttls: false,
    });
    return { host, port: starttls, encryption: 'starttls' };
  },
};

export type Listen = (world: World, service: Service) => Promise<{ host: string; port: number }>;

const at = (
  given: string,
  finds: (service: Service) => string,
  { listen, encryption, ...more }: { listen: Listen; encryption: Typed['encryption'] } & Partial<Fault>,
): Fault[] =>
  both.map((service) => ({
    given,
    service,
    finds: [finds(service)],
    server: async (world) => {
      const { host, port } = await listen(world, service);
      return { host, port, encryption };
    },
    ...more,
  }));

/** A line to a server that is in order; `pass` says what becomes of the first bytes of a connection, and when. */
export const startLine = (
  { servers }: World,
  to: { host: string; port: number },
  pass: (socket: Socket) => Promise<boolean>,
): Promise<Listening> =>
  servers.start(
    startListener(async (socket) => {
      if (!(await pass(socket))) return void socket.destroy();
      const upstream = connect(to.port, to.host);
      upstream.on('error', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
      socket.pipe(upstream).pipe(socket);
    }),
  );

const slowMs = 6_000;
const slow: Listen = async (world, service) => {
  const { host, starttls: port } = await startUsual(service, world);
  return startLine(world, { host, port }, () => sleep(slowMs, true, { ref: false }));
};

/** RFC 8446 §4.2.1: extension 43 with its list; a hello without it offers what its own version says. */
const offersOnlyModern = (hello: Buffer): boolean => {
  const extension = hello.indexOf(Buffer.of(0, 43), 43);
  const listed = extension < 0 ? [hello.subarray(9, 11)] : [];
  if (extension >= 0)
    for (let index = extension + 5; index < extension + 5 + (hello[extension + 4] ?? 0); index += 2)
      listed.push(hello.subarray(index, index + 2));
  return listed.every((version) => version.readUInt16BE() >= 0x0303);
};

/** Says neither yes nor no to a hello that offers TLS 1.2 or 1.3 alone: such a server cannot be called old. */
const undecided: Listen = async (world, service) => {
  const make = usual[service];
  const { host, tls: port } = await startMake(make, world.servers, {
    certificate: await world.ca.issue(),
    versions: ['TLSv1'],
  });
  return startLine(world, { host, port }, async (socket) => {
    await once(socket, 'readable');
    const hello: unknown = socket.read();
    if (!Buffer.isBuffer(hello)) return false;
    if (offersOnlyModern(hello)) {
      await once(socket.resume(), 'close');
      return false;
    }
    socket.unshift(hello);
    return true;
  });
};

/** Takes no connection any more, as a server that hangs: the kernel lets what comes wait without an answer (listen(2)). */
const full: Listen = async ({ servers }) => {
  const program = `require('node:net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){console.log(this.address().port)})`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  const crowd: Socket[] = [];
  await servers.start(
    Promise.resolve({
      stop: async () => {
        for (const socket of crowd) socket.destroy();
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    }),
  );
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  child.kill('SIGSTOP');
  const port = Number(line);
  for (let index = 0; index < 4; index += 1) crowd.push(connect(port, '127.0.0.1').on('error', () => {}));
  await sleep(200);
  return { host: '127.0.0.1', port };
};

/** RFC 5246 §7.2: fatal, internal_error. */
const internalError = Buffer.of(21, 3, 3, 0, 2, 2, 80);

export const wayInFaults: readonly Fault[] = [
  ...crossed,
  withoutStarttls,
  ...at('a port that greets after six seconds', () => 'imap-smtp-supported slow-greeting', {
    listen: slow,
    encryption: 'starttls',
  }),
  ...at(
    'a port that closes after a while without a word',
    (service) => `${service}-port-open closed-before-greeting`,
    {
      listen: ({ servers }) =>
        servers.start(
          startListener(async (socket) => {
            socket.resume();
            await sleep(2_500, undefined, { ref: false });
            socket.end();
          }),
        ),
      encryption: 'starttls',
    },
  ),
  ...at('a server that takes no connection any more', (service) => `${service}-port-open timed-out`, {
    listen: full,
    encryption: 'tls',
  }),
  ...at('an address to which we have no way', (service) => `${service}-port-open not-measured`, {
    // Linux lets nobody connect to a broadcast address (connect(2), ENETUNREACH). That is our network, not the server.
    listen: async () => ({ host: '127.255.255.255', port: 993 }),
    encryption: 'tls',
  }),
  ...at('something else behind TLS, typed as STARTTLS', () => 'imap-smtp-supported wrong-protocol-tls', {
    listen: async ({ ca, servers }) =>
      servers.start(
        startTlsDialogue({
          certificate: await ca.issue(),
          dialogue: { greeting: { next: 'silence' }, otherwise: { next: 'silence' } },
        }),
      ),
    encryption: 'starttls',
  }),
  ...at('a port that ends every handshake', (service) => `${encryptionOf[service]} handshake-failed`, {
    listen: ({ servers }) =>
      servers.start(startListener((socket) => socket.once('data', () => socket.end(internalError)))),
    encryption: 'tls',
  }),
  ...at('a server of TLS 1.0 behind a line that swallows newer hellos', () => 'tls-min-version undecided', {
    listen: undecided,
    encryption: 'tls',
  }),
];
