import { type HintId, hintIds, type Provider } from '../diagnosis/account/provider.ts';
import { type Candidate, endpointOf, type Mailbox } from './candidate.ts';
import { type Host, providers, type Row } from './providers.ts';

/** What each kind of password means for the person who logs in. */
const passwordHints = {
  usual: [],
  'app-only': ['app-password-required'],
  'app-with-two-factor': ['app-password-with-two-factor'],
  separate: ['separate-password'],
  none: ['no-password-login'],
} as const satisfies Record<Provider['password'], readonly HintId[]>;

/** In the order in which they are to be done. */
const hintsOf = (row: Row): HintId[] => {
  const all: readonly HintId[] = [
    ...(row.native ? (['use-native'] as const) : []),
    // Without IMAP there is nothing to log in to.
    ...(row.imap ? passwordHints[row.password] : (['no-public-imap'] as const)),
    ...(row.imapOffAtFirst ? (['switch-imap-on'] as const) : []),
    ...(row.hints ?? []),
  ];
  return hintIds.filter((id) => all.includes(id));
};

const providerOf = ({ id, name, native, imap, password, imapOffAtFirst }: Row): Provider => ({
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

/** `host`: the best MX of a domain. */
export const rowOfMx = (host: string): Row | null =>
  providers.find(({ mx }) => mx.some((ending) => isWithin(host, ending))) ?? null;

export const microsoft365 = (): Row | null => providers.find(({ id }) => id === 'microsoft-365') ?? null;

/** A customer's own host at ALL-INKL receives its mail as well, so the MX names it. */
const ownHost = /^w[0-9a-z]{7,8}\.kasserver\.com$/u;

const hostsOf = (row: Row, mx: string | null): [imap: Host | null, smtp: Host | null] => {
  if (mx !== null && ownHost.test(mx))
    return [
      [mx, 993],
      [mx, 465],
    ];
  if (mx !== null && row.ownDomainHosts) return [row.ownDomainHosts.imap, row.ownDomainHosts.smtp];
  return [row.imapHost, row.smtpHost];
};

/** The table's word for a mailbox; `mx`: through which host the row was found, null for an address domain of its own. */
export const fromTable = (row: Row, mailbox: Mailbox, mx: string | null): Candidate => {
  const isOwnHost = mx !== null && ownHost.test(mx);
  const [imap, smtp] = hostsOf(row, mx);
  return {
    source: 'provider-table',
    provider: providerOf(row),
    imap: imap && endpointOf('imap', { host: imap[0], port: imap[1] }, mailbox),
    smtp: smtp && endpointOf('smtp', { host: smtp[0], port: smtp[1] }, mailbox),
    username: row.imap ? mailbox.address : null,
    hints: hintsOf(row).filter((id) => !(isOwnHost && id === 'host-to-complete')),
    authentic: true,
  };
};

export { providerOf };
