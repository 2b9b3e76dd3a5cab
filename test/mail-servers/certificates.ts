/** Certificates with one fault each, made by the `openssl` command line. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { run } from './processes.ts';
import { type Request, type Signer, signWithOpenssl, VALID_UNTIL_DAYS } from './signing.ts';

export type CertificateKind =
  | 'good'
  | 'expired'
  | 'not-yet-valid'
  | 'expires-soon'
  | 'self-signed'
  | 'wrong-name'
  /** The right name as CN, and no subjectAltName at all. */
  | 'cn-only'
  /** The leaf is sent alone, the intermediate that signed it is not. */
  | 'missing-intermediate'
  | 'with-intermediate'
  | 'intermediate-expired'
  | 'weak-key'
  | 'weak-signature'
  /** Extended key usage: TLS client only. */
  | 'client-only'
  /** Signed by a root that `caFile` does not hold; that root is sent along. */
  | 'private-ca'
  /** Signed by what calls itself the root of a program that looks into mail; that root is sent along. */
  | 'intercepted';

export type CertificateOptions = {
  kind?: CertificateKind;
  /** Names and addresses; the first is the CN too. Default: `HOSTS`. */
  hosts?: readonly string[];
  /** URL of the issuer's certificate, written into the leaf (AIA, caIssuers). */
  issuerUrl?: string;
};

export type Certificate = {
  /** The leaf, then whatever the server sends after it. */
  readonly certFile: string;
  readonly keyFile: string;
};

export type Authority = {
  /** The root to trust. */
  readonly caFile: string;
  /** The intermediate that `missing-intermediate` leaves out. */
  intermediateFile: () => Promise<string>;
  /** Asked twice for the same, gives the same files. */
  issue: (options?: CertificateOptions) => Promise<Certificate>;
};

const HOSTS: readonly string[] = [
  'localhost',
  'mail.example.test',
  '*.example.test',
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((last) => `127.0.0.${last}`),
  '::1',
];

const CA_EXTENSIONS = [
  'basicConstraints = critical, CA:TRUE',
  'keyUsage = critical, keyCertSign, cRLSign',
  'subjectKeyIdentifier = hash',
];

/** A root of its own in `dir` (created when missing). RSA, because old protocol versions know little else. */
export async function createAuthority(dir: string): Promise<Authority> {
  await mkdir(dir, { recursive: true });
  let issued = 0;
  const key = memoised(async (name: string, bits: 1024 | 2048): Promise<string> => {
    const file = join(dir, `${name}.key`);
    await run('openssl', [
      'genpkey',
      '-quiet',
      '-algorithm',
      'RSA',
      '-pkeyopt',
      `rsa_keygen_bits:${bits}`,
      '-out',
      file,
    ]);
    return file;
  });

  const sign = (request: Request) => signWithOpenssl(dir, request);

  const root = memoised(async (name: string): Promise<Signer> => {
    const keyFile = await key(name, 2048);
    const extensions = CA_EXTENSIONS;
    return { keyFile, certFile: await sign({ name, commonName: `Test ${name}`, keyFile, extensions }) };
  });

  const intermediate = memoised(async (name: 'intermediate' | 'expired-intermediate'): Promise<Signer> => {
    const [signer, keyFile] = await Promise.all([root('root'), key('intermediate', 2048)]);
    const untilDays = name === 'intermediate' ? VALID_UNTIL_DAYS : -1;
    const request = {
      name,
      commonName: `Test ${name}`,
      keyFile,
      signer,
      extensions: CA_EXTENSIONS,
      untilDays,
    };
    return { keyFile, certFile: await sign(request) };
  });

  const issue = memoised(async (options: CertificateOptions = {}): Promise<Certificate> => {
    const kind = options.kind ?? 'good';
    issued += 1;
    const name = `${kind}-${issued}`;
    const hosts = options.hosts ?? (kind === 'wrong-name' ? ['other.example.net'] : HOSTS);
    const keyFile = await (kind === 'weak-key' ? key('weak-leaf', 1024) : key('leaf', 2048));
    const signer = await signerOf(kind);
    const leaf = await sign({
      name,
      keyFile,
      commonName: hosts[0] ?? 'localhost',
      ...(signer === undefined ? {} : { signer }),
      extensions: leafExtensions(kind, hosts, options.issuerUrl),
      ...faultOf(kind),
    });
    const sent = [leaf, ...(signer !== undefined && SENDS_SIGNER.has(kind) ? [signer.certFile] : [])];
    const certFile = join(dir, `${name}.chain.pem`);
    await writeFile(certFile, (await Promise.all(sent.map((file) => readFile(file)))).join(''));
    return { keyFile, certFile };
  });

  function signerOf(kind: CertificateKind): Promise<Signer | undefined> {
    switch (kind) {
      case 'self-signed':
        return Promise.resolve(undefined);
      case 'private-ca':
        return root('private root');
      case 'intercepted':
        return root('Mail Shield Root');
      case 'intermediate-expired':
        return intermediate('expired-intermediate');
      case 'with-intermediate':
      case 'missing-intermediate':
        return intermediate('intermediate');
      case 'good':
      case 'expired':
      case 'not-yet-valid':
      case 'expires-soon':
      case 'wrong-name':
      case 'cn-only':
      case 'weak-key':
      case 'weak-signature':
      case 'client-only':
        return root('root');
      default:
        return kind satisfies never;
    }
  }

  const [{ certFile: caFile }] = await Promise.all([root('root'), key('leaf', 2048)]);
  return { caFile, issue, intermediateFile: async () => (await intermediate('intermediate')).certFile };
}

const SENDS_SIGNER: ReadonlySet<CertificateKind> = new Set([
  'with-intermediate',
  'intermediate-expired',
  'private-ca',
  'intercepted',
]);

function faultOf(kind: CertificateKind): Pick<Request, 'fromDays' | 'untilDays' | 'digest'> {
  if (kind === 'expired') return { fromDays: -400, untilDays: -2 };
  if (kind === 'not-yet-valid') return { fromDays: 2 };
  if (kind === 'expires-soon') return { untilDays: 5 };
  if (kind === 'weak-signature') return { digest: 'sha1' };
  return {};
}

function leafExtensions(
  kind: CertificateKind,
  hosts: readonly string[],
  issuerUrl: string | undefined,
): string[] {
  const names = hosts.map((host) => `${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`);
  return [
    'basicConstraints = critical, CA:FALSE',
    'keyUsage = critical, digitalSignature, keyEncipherment',
    `extendedKeyUsage = ${kind === 'client-only' ? 'clientAuth' : 'serverAuth'}`,
    ...(kind === 'cn-only' ? [] : [`subjectAltName = ${names.join(', ')}`]),
    ...(issuerUrl === undefined ? [] : [`authorityInfoAccess = caIssuers;URI:${issuerUrl}`]),
  ];
}

/** Remembers the promise, so that two callers at the same time share one key or certificate. */
function memoised<A extends unknown[], T>(make: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (...args) => {
    const id = JSON.stringify(args);
    const known = made.get(id) ?? make(...args);
    made.set(id, known);
    return known;
  };
}
