import type { X509Certificate } from 'node:crypto';
import type { Endpoint } from '../diagnosis/account/endpoint.ts';
import { isHarmless } from '../diagnosis/account/harmless.ts';
import { type Fetched, fetchDocument } from '../net/http.ts';
import type { Network } from '../net/network.ts';
import { readAutoconfig } from './autoconfig.ts';
import type { Candidate, Mailbox } from './candidate.ts';
import { fromTable, rowOfHost } from './table.ts';

/** Thunderbird's database of providers, free for all to ask; it learns the domain of an address and nothing more. */
const ispdb = 'https://autoconfig.thunderbird.net/v1.1/';

export type Asking = {
  network: Network;
  /** Trusted for https besides Mozilla's roots. */
  authorities: readonly X509Certificate[];
  signal: AbortSignal;
};

const file = '/mail/config-v1.1.xml';

/**
 * A name in a file that anyone on the way could have written ends in forms, chats and commands of people who trust us.
 * What is more than a plain name is dropped, unless it is the person's own address or the part before its @.
 */
const withPlainNames = (candidate: Candidate, { address, localPart }: Mailbox): Candidate => {
  const isPlain = (name: string): boolean => name === address || name === localPart || isHarmless(name);
  const { username, usernames = new Map<Endpoint, string>() } = candidate;
  return {
    ...candidate,
    username: username !== null && isPlain(username) ? username : null,
    usernames: new Map([...usernames].filter(([, name]) => isPlain(name))),
  };
};

type Source = 'autoconfig' | 'ispdb';

const readFetched = async (fetched: Fetched, source: Source, mailbox: Mailbox): Promise<Candidate | null> => {
  if (fetched.outcome !== 'fetched') return null;
  const configured = await readAutoconfig(fetched.text, mailbox);
  if (!configured) return null;
  const { secure } = fetched;
  const candidate = { source, provider: null, ...configured };
  return secure
    ? { ...candidate, trust: 'authentic' }
    : withPlainNames(
        { ...candidate, hints: [...configured.hints, 'unconfirmed'], trust: 'doubtful' },
        mailbox,
      );
};

/**
 * A domain whose file has servers for OAuth alone, at a provider that HubSpot connects in its own way, is that provider's
 * customer; the servers are the table's then.
 */
const withNativeServers = (candidate: Candidate | null, mailbox: Mailbox): Candidate | null => {
  const [host, row] =
    (candidate?.mentions ?? [])
      .map((mentioned) => [mentioned, rowOfHost(mentioned)] as const)
      .find(([, found]) => found !== null && found.native !== null) ?? [];
  if (!candidate || host === undefined || !row || candidate.imap.length > 0) return candidate;
  const { imap, smtp } = fromTable(row, mailbox, host);
  return {
    ...candidate,
    imap,
    smtp: candidate.smtp.length > 0 ? candidate.smtp : smtp,
    hints: candidate.hints.filter((id) => id !== 'oauth-only'),
  };
};

const read = async (
  url: string,
  source: Source,
  { mailbox, asking }: { mailbox: Mailbox; asking: Asking },
): Promise<Candidate | null> => readFetched(await fetchDocument(url, asking), source, mailbox);

/** The same of a file about the domain itself. */
const readOwn = async (...asked: Parameters<typeof read>): Promise<Candidate | null> =>
  withNativeServers(await read(...asked), asked[2].mailbox);

const namesServers = ({ imap, smtp }: Candidate): boolean => imap.length > 0 || smtp.length > 0;

/** The first in this order that names a server, else the first that says anything; all are asked at once. */
const firstOf = async (wanted: readonly Promise<Candidate | null>[]): Promise<Candidate | null> => {
  let reason: Candidate | null = null;
  for (const one of wanted) {
    const found = await one;
    if (found && namesServers(found)) return found;
    reason ??= found;
  }
  return reason;
};

/** `isImpostor`: whoever answers there over https cannot prove the name. */
export type OwnFile = { secured: Promise<Candidate | null>; isImpostor: Promise<boolean> };

/**
 * The domain's own file over https (draft-ietf-mailmaint-autoconfig, 1.1 and 1.2). The whole address goes only to
 * `autoconfig.DOMAIN`, whose owner knows it anyway, and only inside TLS: some answer for a single mailbox. Where it leads on
 * to somebody else, the address stays behind.
 */
export const fromOwnDomain = (mailbox: Mailbox, asking: Asking): OwnFile => {
  const { asciiDomain, localPart } = mailbox;
  const address = `${localPart}@${asciiDomain}`;
  const fetched = fetchDocument(
    `https://autoconfig.${asciiDomain}${file}?emailaddress=${encodeURIComponent(address)}`,
    { ...asking, confidential: { text: address, domain: asciiDomain } },
  );
  return {
    secured: firstOf([
      fetched.then(async (answer) =>
        withNativeServers(await readFetched(answer, 'autoconfig', mailbox), mailbox),
      ),
      readOwn(`https://${asciiDomain}/.well-known/autoconfig${file}`, 'autoconfig', { mailbox, asking }),
    ]),
    isImpostor: fetched.then(({ outcome }) => outcome === 'untrusted'),
  };
};

/** Draft, 1.3: for old servers; anyone on the way could have changed it, and no address is sent. */
export const fromOwnDomainUnsecured = (mailbox: Mailbox, asking: Asking): Promise<Candidate | null> =>
  readOwn(`http://autoconfig.${mailbox.asciiDomain}${file}`, 'autoconfig', { mailbox, asking });

export const fromIspdb = (mailbox: Mailbox, asking: Asking): Promise<Candidate | null> =>
  readOwn(`${ispdb}${mailbox.asciiDomain}`, 'ispdb', { mailbox, asking });

/**
 * What is said of the company that receives the domain's mail (draft, 3.1 to 3.4). Which company that is stands in the
 * DNS alone, so the answer is not authentic, and the address is not sent.
 */
export const fromHoster = async (mx: string, mailbox: Mailbox, asking: Asking): Promise<Candidate | null> => {
  const { getDomain } = await import('tldts');
  const base = getDomain(mx);
  // Mail that a domain receives itself: it has been asked already.
  if (base === null || base === mailbox.asciiDomain) return null;
  const full = mx.slice(mx.indexOf('.') + 1);
  const domains = full.length > base.length ? [full, base] : [base];
  const found = await firstOf([
    ...domains.map((domain) =>
      read(`https://autoconfig.${domain}${file}`, 'autoconfig', { mailbox, asking }),
    ),
    ...domains.map((domain) => read(`${ispdb}${domain}`, 'ispdb', { mailbox, asking })),
  ]);
  // What that company's own mailboxes want says nothing of its customers'.
  return found && withPlainNames({ ...found, mentions: [], trust: 'doubtful' }, mailbox);
};
