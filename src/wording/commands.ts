import type { Account } from '../diagnosis/account.ts';
import type { Endpoint } from '../diagnosis/endpoint.ts';

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

/** A look at one server with a tool that every administrator has (openssl-s_client(1)). */
export const lookCommand = (endpoint: Endpoint): string => {
  const isLiteral = endpoint.asciiHost.includes(':') || /^[\d.]+$/u.test(endpoint.asciiHost);
  const starttls = endpoint.encryption === 'starttls' ? ['-starttls', endpoint.service] : [];
  const name = isLiteral ? [] : ['-servername', quote(endpoint.asciiHost)];
  return [
    'openssl',
    's_client',
    '-connect',
    quote(hostAndPort(endpoint)),
    ...starttls,
    ...name,
    '-showcerts',
  ].join(' ');
};
