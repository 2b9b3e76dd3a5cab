/** What stands between a server and us, and servers that do not want us in particular. */
import { once } from 'node:events';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import {
  type Dialogue,
  startHaproxy,
  startListener,
  startMake,
  startSays,
  startScripted,
} from '../mail-servers/index.ts';
import { encryptionOf, type Fault, type World } from './faults.ts';
import { startLine, startUsual } from './ways-in.ts';
import { weakGroups } from './weak-groups.ts';

const both = ['imap', 'smtp'] as const;
const ways = ['tls', 'starttls'] as const;

/** As behind a balancer that is to say on whose behalf it comes (PROXY protocol), and where we come without it. */
const behindProxy: Fault[] = ways.flatMap((way) =>
  both.map(
    (service): Fault => ({
      given: `${service === 'imap' ? 'dovecot' : 'postfix'} that waits for the header of a proxy, ${way}`,
      service,
      // Postfix gives up with a word: 421 4.3.2 No system resources.
      finds:
        service === 'imap'
          ? ['imap-smtp-supported closed-after-speaking']
          : ['smtp-port-open too-many-connections'],
      server: async ({ ca, servers }) => {
        const certificate = await ca.issue();
        const settings = `
haproxy_trusted_networks = 127.0.0.0/8
service imap-login {
  inet_listener imap {
    haproxy = yes
  }
  inet_listener imaps {
    haproxy = yes
  }
}`;
        const ports =
          service === 'imap'
            ? await startMake('dovecot', servers, { certificate, settings })
            : await startMake('postfix', servers, {
                certificate,
                settings: { smtpd_upstream_proxy_protocol: 'haproxy' },
              });
        return { host: ports.host, port: ports[way], encryption: way };
      },
    }),
  ),
);

/** The server behind it sees a stranger on a line in clear text. */
const tlsInFront: Fault[] = both.map((service) => ({
  given: `HAProxy that ends TLS before ${service === 'imap' ? 'Dovecot' : 'Postfix'}, who does not know it`,
  service,
  finds: ['auth-mechanism tls-ends-in-front'],
  server: async ({ ca, servers }) => {
    const certificate = await ca.issue();
    const { host, starttls: port } = await startMake(service === 'imap' ? 'dovecot' : 'postfix', servers, {
      certificate,
    });
    return {
      ...(await servers.start(startHaproxy({ certificate, backend: { host, port } }))),
      encryption: 'tls',
    };
  },
}));

const largest = 1024;
/** Drops a ClientHello that does not fit into one small packet, or lets it wait for ever. */
const smallHellosOnly: Fault[] = (['reset', 'silence'] as const).flatMap((how) =>
  both.map(
    (service): Fault => ({
      given: `a filter that answers large hellos with ${how}`,
      service,
      finds: [`${encryptionOf[service]} large-hello-refused`],
      server: async (world) => {
        const { host, tls: port } = await startUsual(service, world);
        const line = await startLine(world, { host, port }, async (socket) => {
          await once(socket, 'readable');
          const hello: unknown = socket.read();
          if (!Buffer.isBuffer(hello)) return false;
          if (hello.length <= largest) {
            socket.unshift(hello);
            return true;
          }
          if (how === 'silence') await once(socket.resume(), 'close');
          return false;
        });
        return { host: line.host, port: line.port, encryption: 'tls' };
      },
    }),
  ),
);

const intercepted: Fault[] = both.map((service) => ({
  given: 'a program on our side that answers in place of the server',
  service,
  finds: ['cert-trusted intercepted-here'],
  server: async ({ ca, servers }) => {
    const certificate = await ca.issue({ kind: 'intercepted' });
    const ports = await startMake(service === 'imap' ? 'dovecot' : 'postfix', servers, { certificate });
    return { host: ports.host, port: ports.tls, encryption: 'tls' };
  },
}));

const refusesNames = (given: string, restriction: string, finds: readonly string[]): Fault[] =>
  ways.map((way) => ({
    given: `postfix that ${given}, ${way}`,
    service: 'smtp',
    finds,
    server: async ({ ca, servers }) => {
      const settings = {
        smtpd_delay_reject: 'no',
        smtpd_helo_required: 'yes',
        smtpd_helo_restrictions: `check_helo_access ${restriction}`,
      };
      const ports = await startMake('postfix', servers, { certificate: await ca.issue(), settings });
      return { host: ports.host, port: ports[way], encryption: way };
    },
  }));

const says = (
  given: string,
  words: Partial<Record<Service, string>>,
  finds: (service: Service) => string[],
): Fault[] =>
  both.flatMap((service) =>
    ways.flatMap((encryption): Fault[] => {
      const line = words[service];
      if (line === undefined) return [];
      return [
        {
          given: `a server ${given}, ${encryption}`,
          service,
          finds: finds(service),
          server: async ({ servers }: World) => {
            const { port } = await servers.start(startSays(line, { thenClose: true }));
            return { host: '127.0.0.1', port, encryption };
          },
        },
      ];
    }),
  );

/** What Cisco's inspection leaves of a greeting and of what it does not know. */
const blotted = (given: string, dialogue: Dialogue): Fault => ({
  given: `a firewall that blots out ${given}`,
  service: 'smtp',
  finds: ['smtp-tls starttls-hidden'],
  server: async ({ servers }) => {
    const { port } = await servers.start(startScripted(dialogue));
    return { host: '127.0.0.1', port, encryption: 'starttls' };
  },
});

const turnedAway: Fault[] = [
  ...refusesNames(
    'takes no address in place of a name',
    'inline:{ {[127.0.0.1] = 501 5.5.4 No HELO literals} }',
    [],
  ),
  ...refusesNames('takes no name', 'static:{501 5.5.4 Helo command rejected}', [
    'imap-smtp-supported our-name-refused',
  ]),
  ...says(
    'that is out of order and says so',
    { imap: '* BYE Disconnected: backend gone\r\n', smtp: '554 5.3.0 No SMTP service here\r\n' },
    () => ['imap-smtp-supported closed-with-message'],
  ),
  ...says(
    'that has our address on a list of senders of spam',
    {
      imap: '* BYE [ALERT] Your IP has been blocked due to too many failed logins\r\n',
      smtp: '554-mail.example.test\r\n554 5.7.1 Client host blocked using zen.example.org\r\n',
    },
    () => ['imap-smtp-supported refused-from-here'],
  ),
  ...says(
    'that admits certain addresses only',
    {
      imap: '* BYE Connections from 127.0.0.1 are not allowed\r\n',
      smtp: '554-mail.example.test\r\n554 5.7.1 <unknown[127.0.0.1]>: Client host rejected: Access denied\r\n',
    },
    () => ['ip-allowlist refused-by-banner', 'imap-smtp-supported refused-from-here'],
  ),
  ...says('of Exchange without a certificate', { imap: '* BYE Connection is closed. 14\r\n' }, () => [
    'imap-encryption no-server-certificate',
  ]),
  blotted('the greeting and the keyword', {
    greeting: `220 ${'*'.repeat(24)}2${'*'.repeat(40)}\r\n`,
    answers: [[/^EHLO/u, '250-mail.example.test\r\n250-XXXXXXXA\r\n250 SIZE 52428800\r\n']],
  }),
  blotted('EHLO itself', {
    greeting: `220 ${'*'.repeat(60)}\r\n`,
    answers: [[/^EHLO/u, '500 5.3.3 Unrecognized command\r\n']],
  }),
];

/** A balancer that speaks for somebody and gets the header of nobody. */
const deaf: Fault[] = ways.map((encryption) => ({
  given: `a balancer that ends whoever speaks without a header, ${encryption}`,
  service: 'smtp',
  finds: ['imap-smtp-supported closed-after-speaking'],
  timeoutMs: 8_000,
  server: async ({ servers }) => {
    const { port } = await servers.start(
      startListener((socket) => void socket.once('data', () => socket.destroy())),
    );
    return { host: '127.0.0.1', port, encryption };
  },
}));

export const betweenFaults: readonly Fault[] = [
  ...behindProxy,
  ...deaf,
  ...tlsInFront,
  ...smallHellosOnly,
  ...weakGroups,
  ...intercepted,
  ...turnedAway,
];
