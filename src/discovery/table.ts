import { type HintId, hintIds, type Provider } from '../diagnosis/account/provider.ts';
import { type Candidate, endpointOf, type Mailbox } from './candidate.ts';
import { providers } from './providers/index.ts';
import type { Host, Row } from './providers/row.ts';

/** What each kind of password means for the person who logs in. */
const passwordHints = {
  usual: [],
  'app-only': ['app-password-required'],
  'app-with-two-factor': ['app-password-with-two-factor'],
  separate: ['separate-password'],
  none: ['no-password-login'],
} as const satisfies Record<Provider['password'], readonly HintId[]>;

const inOrder = (all: readonly HintId[]): HintId[] => hintIds.filter((id) => all.includes(id));

/** In the order in which they are to be done. */
const hintsOf = (row: Row): HintId[] =>
  inOrder([
    ...(row.native ? (['use-native'] as const) : []),
    // Without IMAP there is nothing to log in to.
    ...(row.imap ? passwordHints[row.password] : (['no-public-imap'] as const)),
    ...(row.imapOffAtFirst ? (['switch-imap-on'] as const) : []),
    ...(row.hints ?? []),
  ]);

export const providerOf = ({ id, name, native, imap, password, imapOffAtFirst }: Row): Provider => ({
  id,
  name,
  native,
  imap,
  password,
  imapOffAtFirst,
});

export const rowOfDomain = (asciiDomain: string): Row | null =>
  providers.find(({ domains }) => domains.includes(asciiDomain)) ?? null;

const isWithin = (host: string, ending: string): boolean => host === ending || host.endsWith(`.${ending}`);

/** `host`: the best MX of a domain. The longest ending that fits counts: one house may receive for several names. */
export const rowOfMx = (host: string): Row | null => {
  const fitting = providers.flatMap((row) =>
    row.mx.filter((ending) => isWithin(host, ending)).map((ending) => ({ row, ending })),
  );
  return fitting.toSorted((one, other) => other.ending.length - one.ending.length)[0]?.row ?? null;
};

/**
 * The same by the owner's name, which counts only right before a suffix under which names are sold to anybody, and not
 * where a private owner gives them away.
 */
export const rowOfMxOwner = async (host: string): Promise<Row | null> => {
  const row = providers.find(({ mxOwners = [] }) =>
    host.split('.').some((label) => mxOwners.includes(label)),
  );
  if (!row) return null;
  const { parse } = await import('tldts');
  const { domainWithoutSuffix, isIcann } = parse(host, { allowPrivateDomains: true });
  return isIcann && row.mxOwners?.includes(domainWithoutSuffix ?? '') ? row : null;
};

export const hostsOf = ({ imapHost, smtpHost, ownDomainHosts, alsoKnownAs = [] }: Row): string[] => [
  ...[imapHost, smtpHost, ownDomainHosts?.imap, ownDomainHosts?.smtp].flatMap((host) => host?.[0] ?? []),
  ...alsoKnownAs,
];

/** A server of a provider that we know, by its own name. */
export const isKnownHost = (host: string): boolean => providers.some((row) => hostsOf(row).includes(host));

/** The row whose servers these are, wherever the name was found; for customers' own domains, where there are two. */
export const rowOfHost = (host: string): Row | null => {
  const fitting = providers.filter(
    (row) =>
      hostsOf(row).includes(host) ||
      // Customers have servers of their own below the names that receive their mail.
      (row.imap && row.imapHost === null && row.mx.some((ending) => isWithin(host, ending))),
  );
  return fitting.find(({ domains }) => domains.length === 0) ?? fitting[0] ?? null;
};

/**
 * What is to be known of a server of this provider that somebody else has named for a domain of their own: how sure we are
 * of our own word is not.
 */
export const hintsForHost = (row: Row): HintId[] =>
  [...hintsOf(row), ...(row.ownDomainHints ?? [])].filter(
    (id) => id !== 'unconfirmed' && id !== 'host-to-complete',
  );

export const microsoft365 = (): Row | null => providers.find(({ id }) => id === 'microsoft-365') ?? null;

/** By these ports both know what they mean. */
const ownPorts = { imap: 993, smtp: 465 } as const;

const hostsFor = (row: Row, mx: string | null): { imap: Host | null; smtp: Host | null } => {
  if (mx !== null && row.mxIsHost?.test(mx)) return { imap: [mx, ownPorts.imap], smtp: [mx, ownPorts.smtp] };
  if (mx !== null && row.ownDomainHosts) return row.ownDomainHosts;
  return { imap: row.imapHost, smtp: row.smtpHost };
};

/** The table's word for a mailbox; `mx`: through which host the row was found, null for an address domain of its own. */
export const fromTable = (row: Row, mailbox: Mailbox, mx: string | null): Candidate => {
  const isComplete = mx !== null && (row.mxIsHost?.test(mx) ?? false);
  const hosts = hostsFor(row, mx);
  const endpoints = (service: 'imap' | 'smtp') => {
    const found = hosts[service];
    const endpoint = found && endpointOf(service, { host: found[0], port: found[1] }, mailbox);
    return endpoint ? [endpoint] : [];
  };
  const hints = [...hintsOf(row), ...(mx === null ? [] : (row.ownDomainHints ?? []))];
  return {
    source: 'provider-table',
    provider: providerOf(row),
    imap: endpoints('imap'),
    smtp: endpoints('smtp'),
    username: !row.imap ? null : row.username === 'local-part' ? mailbox.localPart : mailbox.address,
    hints: inOrder(hints).filter((id) => !(isComplete && id === 'host-to-complete')),
    trust: 'known',
  };
};
