/** Faults on real servers of every make, and what must be found: exactly this, and nothing at the other service. */
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import {
  type Authority,
  type CertificateKind,
  type Make,
  makes,
  type Scope,
  startDovecot,
  startHaproxy,
  startMake,
} from '../mail-servers/index.ts';
import type { Typed } from './look.ts';

export type World = { ca: Authority; servers: Scope };
export type Fault = {
  given: string;
  service: Service;
  server(world: World): Promise<Typed>;
  finds: readonly string[];
  /** By HubSpot's newer page, where that is something else. */
  findsAnew?: readonly string[];
  timeoutMs?: number;
  /** Asked instead of the system's. */
  nameServers?(world: World): Promise<string[]>;
};

type Way = 'tls' | 'starttls';
const ways = ['tls', 'starttls'] as const;
export const encryptionOf = { imap: 'imap-encryption', smtp: 'smtp-tls' } as const;

type Options<M extends Make> = Omit<Parameters<typeof startMake<M>>[2], 'certificate'>;
type Special<M extends Make> = {
  kind?: CertificateKind;
  options?: (world: World) => Options<M>;
  ways?: readonly Way[];
  /** Default: it greets us in every way. */
  greets?: (way: Way) => boolean;
};

/** What is said of a make wherever it has greeted us. */
export const alwaysSaid = (make: Make): readonly string[] =>
  make === 'courier' ? ['courier-imap courier'] : [];

/** The same fault through TLS from the first byte and through STARTTLS. */
const on = <M extends Make>(make: M, given: string, finds: readonly string[], special: Special<M>): Fault[] =>
  (special.ways ?? ways).map((encryption) => ({
    given: `${make} ${given}, ${encryption}`,
    service: makes[make],
    finds: [
      ...finds.map((one) => one.replace('ENCRYPTION', encryptionOf[makes[make]])),
      ...(special.greets?.(encryption) === false ? [] : alwaysSaid(make)),
    ],
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
  greets: (way) => way === 'starttls',
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
  ...on('courier', 'with logins in clear text, seen from itself', ['plaintext-auth offered-before-tls'], {
    options: () => ({ settings: { IMAP_TLS_REQUIRED: '0' }, address: '127.0.0.1' }),
    ways: ['starttls'],
  }),
  // It offers to its own address what it denies to others.
  ...on('dovecot', 'seen from itself', [], {
    options: () => ({ address: '127.0.0.1' }),
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

const front = (
  given: string,
  finds: readonly string[],
  bindOptions: (world: World) => string,
  service: Service = 'imap',
): Fault => ({
  given: `HAProxy ${given}`,
  service,
  finds,
  server: async (world) => {
    const certificate = await world.ca.issue();
    // From its own address Dovecot takes a login in clear text, as behind a front that is right.
    const { host, imapPort: port } = await world.servers.start(startDovecot({ certificate }));
    const backend = { host, port };
    const options = { certificate, backend, bindOptions: bindOptions(world) };
    return { ...(await world.servers.start(startHaproxy(options))), encryption: 'tls' };
  },
});
/** What stands behind it is never reached. */
const refusing = (given: string, reason: string, bindOptions: (world: World) => string): Fault[] =>
  (['imap', 'smtp'] as const).map((service) =>
    front(given, [`${encryptionOf[service]} ${reason}`], bindOptions, service),
  );
const fronts: Fault[] = [
  front('before Dovecot', [], () => ''),
  front('with TLS 1.0 only', legacy, () => 'ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.0'),
  front(
    'that would like a client certificate',
    ['imap-encryption client-certificate-required'],
    ({ ca }) => `verify optional ca-file ${ca.caFile}`,
  ),
  ...refusing('that serves known names only', 'name-not-recognised', () => 'strict-sni'),
  ...refusing(
    'with anonymous ciphers only',
    'no-common-cipher',
    () => 'ssl-max-ver TLSv1.2 ciphers AECDH:@SECLEVEL=0',
  ),
  ...refusing('with Camellia only', 'no-common-cipher', () => 'ssl-max-ver TLSv1.2 ciphers CAMELLIA256-SHA'),
  ...refusing(
    'with one odd cipher',
    'no-common-cipher',
    () => 'ssl-max-ver TLSv1.2 ciphers NULL-SHA256:@SECLEVEL=0',
  ),
  ...refusing(
    'that wants a client certificate',
    'client-certificate-required',
    ({ ca }) => `ssl-max-ver TLSv1.2 verify required ca-file ${ca.caFile}`,
  ),
];

export const faults: readonly Fault[] = [
  ...versions,
  ...certificates,
  ...demands,
  ...demanding,
  ...authentication,
  ...broken,
  ...fronts,
];
