/** Faults on real servers of every make, and what must be found: exactly this, and nothing at the other service. */
import type { Service } from '../../src/diagnosis/endpoint.ts';
import {
  type Authority,
  type CertificateKind,
  closedPort,
  type Make,
  makes,
  type Scope,
  startClosesAtOnce,
  startDovecot,
  startDrips,
  startEndless,
  startHaproxy,
  startHttp,
  startMake,
  startResetsAtOnce,
  startSays,
  startSilent,
} from '../mail-servers/index.ts';
import type { Typed } from './look.ts';

export type World = { ca: Authority; servers: Scope };
export type Fault = {
  given: string;
  service: Service;
  server(world: World): Promise<Typed>;
  finds: readonly string[];
  timeoutMs?: number;
  /** Asked instead of the system's. */
  nameServers?(world: World): Promise<string[]>;
};

type Way = 'tls' | 'starttls';
const ways = ['tls', 'starttls'] as const;
const both = ['imap', 'smtp'] as const;
export const encryptionOf = { imap: 'imap-encryption', smtp: 'smtp-tls' } as const;

type Options<M extends Make> = Omit<Parameters<typeof startMake<M>>[2], 'certificate'>;
type Special<M extends Make> = {
  kind?: CertificateKind;
  options?: (world: World) => Options<M>;
  ways?: readonly Way[];
};

/** The same fault through TLS from the first byte and through STARTTLS. */
const on = <M extends Make>(make: M, given: string, finds: readonly string[], special: Special<M>): Fault[] =>
  (special.ways ?? ways).map((encryption) => ({
    given: `${make} ${given}, ${encryption}`,
    service: makes[make],
    finds: finds.map((one) => one.replace('ENCRYPTION', encryptionOf[makes[make]])),
    server: async (world) => {
      const certificate = await world.ca.issue({ kind: special.kind ?? 'good' });
      const options = { ...special.options?.(world), certificate };
      const ports = await startMake(make, world.servers, options as Parameters<typeof startMake<M>>[2]);
      return { host: ports.host, port: ports[encryption], encryption };
    },
  }));

const gnutls = (versions: string) => `LEGACY:-VERS-ALL:${versions}`;
const legacy = ['tls-min-version legacy-only'];
const old = ['tls-min-version tls11-only'];
const newest = ['tls13-only tls13-only'];

const versions: Fault[] = [
  ...on('courier', 'with TLS 1.0 only', legacy, { options: () => ({ priority: gnutls('+VERS-TLS1.0') }) }),
  ...on('courier', 'with TLS 1.1 only', old, { options: () => ({ priority: gnutls('+VERS-TLS1.1') }) }),
  ...on('courier', 'with TLS 1.3 only', newest, { options: () => ({ priority: gnutls('+VERS-TLS1.3') }) }),
  ...on('exim', 'with TLS 1.0 only', legacy, { options: () => ({ priority: gnutls('+VERS-TLS1.0') }) }),
  ...on('exim', 'with TLS 1.0 and 1.1', old, {
    options: () => ({ priority: gnutls('+VERS-TLS1.0:+VERS-TLS1.1') }),
  }),
  ...on('exim', 'with TLS 1.3 only', newest, { options: () => ({ priority: gnutls('+VERS-TLS1.3') }) }),
  ...on('exim', 'with TLS 1.2 only', [], { options: () => ({ priority: gnutls('+VERS-TLS1.2') }) }),
  ...on('cyrus', 'with TLS 1.0 only', legacy, { options: () => ({ versions: ['tls1_0'] as const }) }),
  ...on('cyrus', 'with TLS 1.3 only', newest, { options: () => ({ versions: ['tls1_3'] as const }) }),
  ...on('postfix', 'with TLS 1.1 only', old, { options: () => ({ versions: ['TLSv1.1'] as const }) }),
  ...on('postfix', 'with TLS 1.3 only', newest, { options: () => ({ versions: ['TLSv1.3'] as const }) }),
  ...on('dovecot', 'with TLS 1.0 and 1.1', old, {
    options: () => ({ versions: ['TLSv1', 'TLSv1.1'] as const }),
  }),
  ...on('dovecot', 'with TLS 1.3 only', newest, { options: () => ({ versions: ['TLSv1.3'] as const }) }),
];

const kinds: readonly (readonly [kind: CertificateKind, finds: readonly string[]])[] = [
  ['with-intermediate', []],
  ['expired', ['cert-validity expired']],
  ['not-yet-valid', ['cert-validity not-yet-valid']],
  ['expires-soon', ['cert-validity expires-soon']],
  ['intermediate-expired', ['cert-validity intermediate-expired']],
  ['self-signed', ['cert-trusted self-signed']],
  ['private-ca', ['cert-trusted private-ca']],
  ['missing-intermediate', ['cert-chain-complete missing-intermediate']],
  ['wrong-name', ['cert-name name-mismatch']],
  ['weak-key', ['cert-strength weak-key']],
  ['weak-signature', ['cert-strength weak-signature']],
  ['client-only', ['cert-strength not-for-servers']],
];
const certificates: Fault[] = kinds.flatMap(([kind, finds]) => [
  ...on('cyrus', `with a certificate ${kind}`, finds, { kind, ways: ['tls'] }),
  ...on('dovecot', `with a certificate ${kind}`, finds, { kind, ways: ['starttls'] }),
  ...on('exim', `with a certificate ${kind}`, finds, { kind }),
]);

const clientCertificate = ['ENCRYPTION client-certificate-required'];
const demands: Fault[] = (['1.2', '1.3'] as const).flatMap((version) => {
  const more = version === '1.3' ? newest : [];
  const openssl = [version === '1.2' ? 'TLSv1.2' : 'TLSv1.3'] as const;
  return [
    ...on('exim', `with TLS ${version} and a client certificate required`, [...clientCertificate, ...more], {
      options: ({ ca }) => ({
        priority: gnutls(`+VERS-TLS${version}`),
        settings: `tls_verify_hosts = *\ntls_verify_certificates = ${ca.caFile}`,
      }),
    }),
    ...on(
      'postfix',
      `with TLS ${version} and a client certificate required`,
      [...clientCertificate, ...more],
      {
        options: ({ ca }) => ({
          versions: openssl,
          settings: {
            smtpd_tls_req_ccert: 'yes',
            smtpd_tls_security_level: 'encrypt',
            smtpd_tls_CAfile: ca.caFile,
          },
        }),
      },
    ),
  ];
});
const demanding: Fault[] = on('courier', 'with a client certificate required', clientCertificate, {
  options: ({ ca }) => ({
    priority: gnutls('+VERS-TLS1.2'),
    settings: { TLS_VERIFYPEER: 'REQUIREPEER', TLS_TRUSTCERTS: ca.caFile },
  }),
});

const authentication: Fault[] = [
  ...on('dovecot', 'with OAuth only', ['auth-mechanism oauth-only'], {
    options: () => ({ mechanisms: ['oauthbearer', 'xoauth2'] as const }),
    ways: ['tls'],
  }),
  ...on('dovecot', 'with CRAM-MD5 only', ['auth-mechanism challenge-only'], {
    options: () => ({ mechanisms: ['cram-md5'] as const }),
  }),
  ...on('dovecot', 'with logins in clear text', ['plaintext-auth offered-before-tls'], {
    options: () => ({ disablePlaintextAuth: false }),
    ways: ['starttls'],
  }),
  ...on('courier', 'with logins in clear text', ['plaintext-auth offered-before-tls'], {
    options: () => ({ settings: { IMAP_TLS_REQUIRED: '0' } }),
    ways: ['starttls'],
  }),
  ...on('postfix', 'with logins in clear text', ['plaintext-auth offered-before-tls'], {
    options: () => ({ authBeforeTls: true }),
    ways: ['starttls'],
  }),
  ...on('postfix', 'with CRAM-MD5 only', ['auth-mechanism challenge-only'], {
    options: () => ({ auth: 'cram-md5' }) as const,
  }),
  ...on('postfix', 'without AUTH', ['auth-mechanism no-auth'], {
    options: () => ({ auth: 'none' }) as const,
  }),
];

const broken: Fault[] = [
  ...on('exim', 'without STARTTLS', ['ENCRYPTION starttls-not-offered'], {
    options: () => ({ starttls: false }) as const,
    ways: ['starttls'],
  }),
  // Debian 12's build answers ServerHello and then breaks with an internal error.
  ...on('opensmtpd', 'as Debian builds it', ['ENCRYPTION handshake-failed'], {}),
];

const front = (given: string, finds: readonly string[], bindOptions: (world: World) => string): Fault => ({
  given: `HAProxy ${given}`,
  service: 'imap',
  finds,
  server: async (world) => {
    const certificate = await world.ca.issue();
    const { host, imapPort } = await world.servers.start(startDovecot({ certificate }));
    const backend = { host, port: imapPort };
    const options = { certificate, backend, bindOptions: bindOptions(world) };
    return { ...(await world.servers.start(startHaproxy(options))), encryption: 'tls' };
  },
});
const refused = (reason: string) => [`imap-encryption ${reason}`];
const fronts: Fault[] = [
  front('before Dovecot', [], () => ''),
  front('that serves known names only', refused('name-not-recognised'), () => 'strict-sni'),
  front('with TLS 1.0 only', legacy, () => 'ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.0'),
  front(
    'with anonymous ciphers only',
    refused('no-common-cipher'),
    () => 'ssl-max-ver TLSv1.2 ciphers AECDH:@SECLEVEL=0',
  ),
  front(
    'with Camellia only',
    refused('no-common-cipher'),
    () => 'ssl-max-ver TLSv1.2 ciphers CAMELLIA256-SHA',
  ),
  front(
    'with one odd cipher',
    refused('no-common-cipher'),
    () => 'ssl-max-ver TLSv1.2 ciphers NULL-SHA256:@SECLEVEL=0',
  ),
  front(
    'that wants a client certificate',
    refused('client-certificate-required'),
    ({ ca }) => `ssl-max-ver TLSv1.2 verify required ca-file ${ca.caFile}`,
  ),
  front('that would like a client certificate', [], ({ ca }) => `verify optional ca-file ${ca.caFile}`),
];

type Reads = readonly string[] | ((service: Service) => readonly string[]);
type Raw = readonly [
  given: string,
  encryption: Typed['encryption'],
  start: (world: World, service: Service) => Promise<{ port: number }>,
  finds: Reads,
];
const own = { imap: '* OK ready\r\n', smtp: '220 mail.example.test ESMTP\r\n' } as const;
const busy = {
  imap: '* BYE [UNAVAILABLE] Too many connections\r\n',
  smtp: '421 4.7.0 Too many connections\r\n',
};
const away = { imap: '* BYE Access denied\r\n', smtp: '554 5.7.1 Access denied\r\n' };
const sentAway = (sign: string) => [`ip-allowlist ${sign}`, 'imap-smtp-supported refused-from-here'];
const port = (reason: string) => (service: Service) => [`${service}-port-open ${reason}`];
const protocol = (name: string) => [`imap-smtp-supported ${name}`];
const says =
  (bytes: string | Uint8Array) =>
  ({ servers }: World) =>
    servers.start(startSays(bytes, { thenClose: true }));
const saysOwn =
  (words: Record<Service, string>) =>
  ({ servers }: World, service: Service) =>
    servers.start(startSays(words[service]));
const garbage = Buffer.from(Array.from({ length: 400 }, (_, index) => (index * 7_919) & 255));

const raws: readonly Raw[] = (['tls', 'starttls', 'auto'] as const).flatMap((encryption): Raw[] => [
  ['that is closed', encryption, () => closedPort(), port('refused')],
  [
    'that resets at once',
    encryption,
    ({ servers }) => servers.start(startResetsAtOnce()),
    sentAway('dropped'),
  ],
  [
    'that closes at once',
    encryption,
    ({ servers }) => servers.start(startClosesAtOnce()),
    sentAway('dropped'),
  ],
  ['that is full', encryption, saysOwn(busy), port('too-many-connections')],
  ['that sends us away', encryption, saysOwn(away), sentAway('refused-by-banner')],
  [
    'of a web server',
    encryption,
    ({ servers }) => servers.start(startHttp()),
    protocol('wrong-protocol-http'),
  ],
  ['of POP3', encryption, says('+OK POP3 ready\r\n'), protocol('wrong-protocol-pop3')],
  ['of a POP3 server that refuses', encryption, says('-ERR go away\r\n'), protocol('wrong-protocol-pop3')],
  ['of SSH', encryption, says('SSH-2.0-OpenSSH_9.2\r\n'), protocol('wrong-protocol-other')],
  ['of FTP', encryption, says('220 ProFTPD Server (FTP)\r\n'), protocol('wrong-protocol-other')],
  ['of garbage', encryption, says(garbage), protocol('wrong-protocol-other')],
  ['of silence', encryption, ({ servers }) => servers.start(startSilent()), protocol('no-greeting')],
  [
    'of the other service',
    encryption,
    saysOwn({ imap: own.smtp, smtp: own.imap }),
    (service) => protocol(`wrong-protocol-${service === 'imap' ? 'smtp' : 'imap'}`),
  ],
]);
const plainRaws: readonly Raw[] = [
  [
    'that greets without end',
    'starttls',
    ({ servers }, service) =>
      servers.start(startEndless(service === 'imap' ? '* OK more\r\n' : '220-more\r\n')),
    protocol('hostile-answer'),
  ],
  [
    'of one endless line',
    'starttls',
    ({ servers }) => servers.start(startEndless('x')),
    protocol('hostile-answer'),
  ],
  [
    'that dribbles',
    'starttls',
    ({ servers }, service) => servers.start(startDrips(own[service], 1_000)),
    protocol('no-greeting'),
  ],
  ['that greets and falls silent', 'starttls', saysOwn(own), protocol('no-answer')],
  [
    'that needs no login',
    'starttls',
    saysOwn({ imap: '* PREAUTH welcome\r\n', smtp: away.smtp }),
    (service) => (service === 'imap' ? ['imap-encryption preauth'] : sentAway('refused-by-banner')),
  ],
];
const silent = /silence|dribbles/u;
const sockets: Fault[] = [...raws, ...plainRaws].flatMap(([given, encryption, start, finds]) =>
  both.map((service) => ({
    given: `a port ${given}, ${encryption}`,
    service,
    finds: typeof finds === 'function' ? finds(service) : finds,
    server: async (world: World) => ({
      host: '127.0.0.1',
      port: (await start(world, service)).port,
      encryption,
    }),
    // What never ends is cut off early; the others must be settled by themselves.
    ...(silent.test(given) ? { timeoutMs: 4_000 } : {}),
  })),
);

export const faults: readonly Fault[] = [
  ...versions,
  ...certificates,
  ...demands,
  ...demanding,
  ...authentication,
  ...broken,
  ...fronts,
  ...sockets,
];
