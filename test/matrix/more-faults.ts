/** Faults on the way to TLS, and faults of names and addresses. */
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import {
  type CertificateKind,
  type Dialogue,
  type DnsRecord,
  startDovecot,
  startExim,
  startListener,
  startNameServer,
  startScripted,
  startTlsDialogue,
} from '../mail-servers/index.ts';
import { encryptionOf, type Fault, type World } from './faults.ts';
import { insideAddress, type Typed } from './look.ts';

const both = ['imap', 'smtp'] as const;
const host = '127.0.0.1';
type Answer = (go: string, world: World) => Promise<Dialogue['greeting']> | Dialogue['greeting'];

const capabilities = {
  imap: '* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n{tag} OK done\r\n',
  smtp: '250-mail.example.test\r\n250 STARTTLS\r\n',
};
const inside = {
  imap: '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n',
  smtp: '250-mail.example.test\r\n250 AUTH PLAIN LOGIN\r\n',
};
const questions = { imap: / CAPABILITY$/iu, smtp: /^EHLO /iu };
const go = { imap: '{tag} OK go\r\n', smtp: '220 go\r\n' };

/** Sound up to STARTTLS, and then `answer`s in its own way. */
const dialogueOf = (service: Service, answer: Dialogue['greeting'], secured = inside[service]): Dialogue => ({
  greeting: service === 'imap' ? '* OK ready\r\n' : '220 mail.example.test ESMTP\r\n',
  answers: [
    [questions[service], capabilities[service]],
    [/STARTTLS$/iu, answer],
    [/QUIT$|LOGOUT$/iu, { next: 'close' }],
  ],
  afterTls: { answers: [[questions[service], secured]] },
});

const startsTls = (
  given: string,
  reason: string | null,
  answer: Answer,
  more: Partial<Fault> = {},
): Fault[] =>
  both.map((service) => ({
    given: `a server that ${given}`,
    service,
    finds: reason === null ? [] : [`${encryptionOf[service]} ${reason}`],
    server: async (world) => {
      const dialogue = dialogueOf(service, await answer(go[service], world));
      const { port } = await world.servers.start(startScripted(dialogue));
      return { host, port, encryption: 'starttls' };
    },
    ...more,
  }));

const tls = async (say: string, { ca }: World, inject?: string): Promise<Dialogue['greeting']> => ({
  say,
  next: 'tls',
  certificate: await ca.issue(),
  ...(inject ? { inject } : {}),
});

/** nginx's mail proxy with ssl_verify_client on (ngx_mail_imap_module, ngx_mail_smtp_module). */
const nginxWants = {
  imap: '* BYE No required SSL certificate\r\n',
  smtp: '421 4.7.1 No required SSL certificate\r\n',
};
const nginx: Fault[] = both.flatMap((service) =>
  (['tls', 'starttls'] as const).map((encryption) => ({
    given: `nginx that wants a client certificate, ${encryption}`,
    service,
    finds: [`${encryptionOf[service]} client-certificate-required`],
    server: async (world) => {
      const bye = { say: nginxWants[service], next: 'close' } as const;
      const { port } = await world.servers.start(
        encryption === 'tls'
          ? startTlsDialogue({ certificate: await world.ca.issue(), dialogue: { greeting: bye } })
          : startScripted({
              ...dialogueOf(service, await tls(go[service], world)),
              afterTls: { answers: [], otherwise: bye },
            }),
      );
      return { host, port, encryption };
    },
  })),
);

const loggedIn = (
  given: string,
  finds: readonly string[],
  secured: Record<Service, string>,
  services = both as readonly Service[],
): Fault[] =>
  services.map((service) => ({
    given: `a server ${given}`,
    service,
    finds,
    server: async (world) => {
      const dialogue = dialogueOf(service, await tls(go[service], world), secured[service]);
      return {
        host,
        port: (await world.servers.start(startScripted(dialogue))).port,
        encryption: 'starttls',
      };
    },
  }));

export const starttlsFaults: readonly Fault[] = [
  ...nginx,
  ...startsTls('takes STARTTLS as it should', null, tls),
  ...startsTls('refuses STARTTLS', 'starttls-refused', (say) =>
    say.startsWith('220') ? '454 4.7.0 not now\r\n' : '{tag} NO not now\r\n',
  ),
  ...startsTls('closes after STARTTLS', 'starttls-broken', (say) => ({ say, next: 'close' })),
  ...startsTls('resets after STARTTLS', 'starttls-broken', (say) => ({ say, next: 'reset' })),
  ...startsTls('sends garbage after STARTTLS', 'starttls-injected', (say) => `${say}garbage garbage\r\n`),
  ...startsTls('falls silent after STARTTLS', 'starttls-broken', (say) => ({ say, next: 'silence' })),
  ...startsTls('slips in a line behind STARTTLS', 'starttls-injected', (say, world) =>
    tls(say, world, '* OK 250 injected\r\n'),
  ),
  ...loggedIn(
    'with LOGINDISABLED inside TLS',
    ['auth-mechanism login-disabled'],
    { ...inside, imap: '* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK done\r\n' },
    ['imap'],
  ),
  ...loggedIn(
    'without extensions inside TLS',
    ['auth-mechanism no-auth'],
    { ...inside, smtp: '502 5.5.1 Unknown command\r\n' },
    ['smtp'],
  ),
  ...loggedIn('with OAuth only', ['auth-mechanism oauth-only'], {
    imap: '* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2\r\n{tag} OK done\r\n',
    smtp: '250-mail.example.test\r\n250 AUTH XOAUTH2 OAUTHBEARER\r\n',
  }),
  ...loggedIn(
    'whose name reads like an offer',
    ['auth-mechanism no-auth'],
    { ...inside, smtp: '250-auth-plain.example.test\r\n250 HELP\r\n' },
    ['smtp'],
  ),
];

/** Answers every ClientHello with a ServerHello of SSL 3.0 (RFC 6101 §5.6.1.3), as a server from before 1999 would. */
const startSsl3 = ({ servers }: World) =>
  servers.start(
    startListener((socket) => {
      socket.once('data', () => {
        const body = Buffer.concat([Buffer.of(3, 0), Buffer.alloc(32, 7), Buffer.of(0, 0, 0x0a, 0)]);
        const message = Buffer.concat([Buffer.of(2, 0, 0, body.length), body]);
        socket.write(Buffer.concat([Buffer.of(22, 3, 0, 0, message.length), message]));
      });
    }),
  );

const dns =
  (records: readonly DnsRecord[]) =>
  async ({ servers }: World): Promise<string[]> => {
    const { address, port } = await servers.start(startNameServer(records));
    return [`${address}:${port}`];
  };
const name = 'mail.example.test';
const named = (
  given: string,
  finds: (service: Service) => readonly string[],
  records: readonly DnsRecord[],
  more: Partial<Fault> = {},
): Fault[] =>
  both.map((service) => ({
    given: `a name ${given}`,
    service,
    finds: finds(service),
    nameServers: dns(records),
    server: async (world) => {
      const certificate = await world.ca.issue();
      const port =
        service === 'imap'
          ? (await world.servers.start(startDovecot({ certificate }))).imapsPort
          : (await world.servers.start(startExim({ certificate }))).smtpsPort;
      return { host: name, port, encryption: 'tls' };
    },
    ...more,
  }));
const port = (reason: string) => (service: Service) => [`${service}-port-open ${reason}`];

const cnOnly: Fault[] = both.map((service) => ({
  given: 'a certificate with a common name only',
  service,
  finds: ['cert-name cn-only'],
  nameServers: dns([{ type: 'A', name, address: host }]),
  server: async (world): Promise<Typed> => {
    const kind: CertificateKind = 'cn-only';
    const certificate = await world.ca.issue({ kind, hosts: [name] });
    const greeting =
      service === 'imap' ? '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n' : '220 ready\r\n';
    const dialogue: Dialogue = { greeting, answers: [[questions[service], inside[service]]] };
    const { port: bound } = await world.servers.start(startTlsDialogue({ certificate, dialogue }));
    return { host: name, port: bound, encryption: 'tls' };
  },
}));

const ssl3: Fault[] = both.map((service) => ({
  given: 'a server that speaks SSL 3.0 only',
  service,
  finds: ['tls-min-version legacy-only'],
  // The newer page accepts it; what lies behind it we cannot see, since no program of today speaks SSL 3.0.
  findsAnew: ['imap-smtp-supported not-measured', 'tls-min-version legacy-only'],
  server: async (world) => ({ host, port: (await startSsl3(world)).port, encryption: 'tls' }),
}));

/** Nobody else listens on this address of loopback. */
const lonely = { address: '127.0.0.9', port: 25 };
const only25: Fault = {
  given: 'a server that answers on port 25 only',
  service: 'smtp',
  finds: ['smtp-port-open port-25-only'],
  server: async (world) => {
    await world.servers.start(startScripted(dialogueOf('smtp', await tls(go.smtp, world)), lonely));
    return { host: lonely.address, port: lonely.port, encryption: 'starttls' };
  },
};

export const namedFaults: readonly Fault[] = [
  only25,
  ...named('that leads to the server', () => [], [{ type: 'A', name, address: host }]),
  ...named('that nobody knows', port('name-unknown'), []),
  ...named('without an address', port('name-without-address'), [{ type: 'EMPTY', name }]),
  ...named('whose name server fails', port('name-server-failed'), [{ type: 'FAILS', name, how: 'SERVFAIL' }]),
  ...named('with one dead address', port('one-address-dead'), [
    { type: 'A', name, address: host },
    { type: 'AAAA', name, address: '::1' },
  ]),
  ...named('that leads inside a network', () => ['public-address private-address'], [
    { type: 'A', name, address: insideAddress },
  ]),
  ...cnOnly,
  ...ssl3,
];
