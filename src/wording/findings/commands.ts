import type { Account } from '../../diagnosis/account/account.ts';
import type { Endpoint, UsedEndpoint } from '../../diagnosis/account/endpoint.ts';
import { isHarmless } from '../../diagnosis/account/harmless.ts';
import type { VersionFact } from '../../diagnosis/observed/server-facts.ts';

/**
 * One argument for a POSIX shell (sh, bash, zsh), which runs nothing in it (POSIX.1-2024 §2.2.2). PowerShell reads single
 * quotes alike but ends them at more signs, and cmd.exe knows none: what may be pasted there as well must be harmless.
 */
export const quote = (value: string): string => `'${value.replaceAll("'", String.raw`'\''`)}'`;

/** A name that stands in a command for a value that must not stand there. */
export type Replaced = { placeholder: string; value: string };
/** `replaced`: what is to be shown beside the line. `asksFor`: a placeholder for what only its reader knows. */
export type ShellCommand = { line: string; replaced: Replaced[]; asksFor: string | null };

const hostAndPort = ({ asciiHost, port }: Endpoint): string =>
  asciiHost.includes(':') ? `[${asciiHost}]:${port}` : `${asciiHost}:${port}`;

const endpointOptions = (endpoint: Endpoint | null): string[] => {
  if (!endpoint) return [];
  const { service, encryption } = endpoint;
  return [
    `--${service}=${hostAndPort(endpoint)}`,
    ...(encryption === 'auto' ? [] : [`--${service}-encryption=${encryption}`]),
  ].map(quote);
};

export type CheckOptions = {
  /** Stand for an address and a user name that a shell could take for more than a value. */
  placeholders: { address: string; username: string; smtpUsername: string };
  /** The login is tested too. The password is asked for in the terminal, unseen, and never stands in the command. */
  withLogin?: boolean;
};

/**
 * The same check in a terminal. Each value is one quoted word that begins with its option, and the address, which may
 * begin with a dash, stands behind the end of all options.
 */
export const checkCommand = (
  account: Account,
  { placeholders, withLogin = false }: CheckOptions,
): ShellCommand => {
  const replaced: Replaced[] = [];
  const shown = (name: 'address' | 'username'): string => {
    const value = account[name];
    if (isHarmless(value)) return value;
    replaced.push({ placeholder: placeholders[name], value });
    return placeholders[name];
  };
  const hasOtherLogin = account.smtpLogin === 'different';
  const address = shown('address');
  const words = [
    ...['npm', 'run', '-s', 'connect-email', '--', 'check'],
    ...endpointOptions(account.imap),
    ...endpointOptions(account.smtp),
    ...(account.username === account.address ? [] : [quote(`--username=${shown('username')}`)]),
    // Nobody has told us that name; without the option the password would be tried where it does not belong.
    ...(hasOtherLogin ? [quote(`--smtp-username=${placeholders.smtpUsername}`)] : []),
    ...(account.untrustedCertificateExpected ? ['--expect-untrusted-certificate'] : []),
    ...(withLogin ? ['--password-stdin'] : []),
    ...['--', quote(address)],
  ];
  return { line: words.join(' '), replaced, asksFor: hasOtherLogin ? placeholders.smtpUsername : null };
};

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
  return newest === null ? [] : [newest, '-cipher', quote('DEFAULT@SECLEVEL=0')];
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
  const swaks = ['--server', quote(asciiHost), '--port', quote(String(port)), way, '--quit-after', 'EHLO'];
  return [
    ['openssl', 's_client', ...openssl].join(' '),
    ...(service === 'smtp' ? [['swaks', ...swaks].join(' ')] : []),
  ];
};
