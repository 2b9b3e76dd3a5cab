import type { Account } from '../diagnosis/account.ts';
import type { Endpoint, UsedEndpoint } from '../diagnosis/endpoint.ts';
import type { VersionFact } from '../diagnosis/server-facts.ts';

/** One argument for a POSIX shell; what is not plainly harmless is quoted, so that nothing in it is ever run. */
export const quote = (argument: string): string =>
  /^[\w@%+=:,./-]+$/u.test(argument) && !argument.startsWith('-')
    ? argument
    : `'${argument.replaceAll("'", "'\\''")}'`;

const line = (words: readonly string[], args: readonly string[]): string =>
  [...words, ...args.map((argument) => (argument.startsWith('--') ? argument : quote(argument)))].join(' ');

const hostAndPort = ({ asciiHost, port }: Endpoint): string =>
  asciiHost.includes(':') ? `[${asciiHost}]:${port}` : `${asciiHost}:${port}`;

const endpointOptions = (endpoint: Endpoint | null): string[] => {
  if (!endpoint) return [];
  const { service, encryption } = endpoint;
  return [
    `--${service}`,
    hostAndPort(endpoint),
    ...(encryption === 'auto' ? [] : [`--${service}-encryption`, encryption]),
  ];
};

/** The same check in a terminal. */
export const checkCommand = (account: Account): string =>
  line(
    ['npm', 'run', '-s', 'connect-email', '--', 'check'],
    [
      account.address,
      ...endpointOptions(account.imap),
      ...endpointOptions(account.smtp),
      ...(account.username === account.address ? [] : ['--username', account.username]),
      ...(account.untrustedCertificateExpected ? ['--expect-untrusted-certificate'] : []),
    ],
  );

/** The same check with a login. The password comes from the terminal without being shown, and never stands in the command. */
export const loginCommand = (account: Account): string =>
  `read -rs PASSWORD; printf '%s' "$PASSWORD" | ${checkCommand(account)} --password-stdin; unset PASSWORD`;

export type LookOptions = {
  /** As it was used, where nobody had stated it. */
  encryption?: UsedEndpoint['encryption'];
  versions?: readonly VersionFact[];
};

/**
 * Today's OpenSSL offers versions below TLS 1.2 only when told so, at its lowest security level (openssl-ciphers(1)).
 * SSL 3.0 it cannot speak at all.
 */
const oldVersionOptions = (versions: readonly VersionFact[]): string[] => {
  const speaks = (version: VersionFact['version']) =>
    versions.some((fact) => fact.version === version && fact.answer === 'yes');
  if (speaks('TLSv1.2') || speaks('TLSv1.3')) return [];
  const newest = speaks('TLSv1.1') ? '-tls1_1' : speaks('TLSv1') ? '-tls1' : null;
  return newest === null ? [] : [newest, '-cipher', 'DEFAULT@SECLEVEL=0'];
};

/** A look at one server with tools that administrators have: openssl-s_client(1), for SMTP also swaks(1). */
export const lookCommands = (
  endpoint: Endpoint,
  { encryption, versions = [] }: LookOptions = {},
): string[] => {
  const { asciiHost, port, service } = endpoint;
  const isLiteral = asciiHost.includes(':') || /^[\d.]+$/u.test(asciiHost);
  const isStarttls = (encryption ?? endpoint.encryption) === 'starttls';
  const openssl = [
    ...['-connect', quote(hostAndPort(endpoint))],
    ...(isStarttls ? ['-starttls', service] : []),
    ...(isLiteral ? [] : ['-servername', quote(asciiHost)]),
    ...oldVersionOptions(versions),
    '-showcerts',
  ];
  const way = isStarttls ? '--tls' : '--tls-on-connect';
  const swaks = ['--server', quote(asciiHost), '--port', String(port), way, '--quit-after', 'EHLO'];
  return [
    ['openssl', 's_client', ...openssl].join(' '),
    ...(service === 'smtp' ? [['swaks', ...swaks].join(' ')] : []),
  ];
};
