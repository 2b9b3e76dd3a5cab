/** Whether a mail server has anything to do with an address: a password may be asked for it in its owner's name. */
import { isIP } from 'node:net';
import type { Account } from '../diagnosis/account/account.ts';
import { type Service, services } from '../diagnosis/account/endpoint.ts';
import type { Proposal } from '../diagnosis/account/provider.ts';
import type { Records } from '../net/records.ts';
import { mailboxOf } from './candidate.ts';
import { providers } from './providers/index.ts';
import { lookUpHosting } from './recognise.ts';
import { hostsOf, rowOfDomain } from './table.ts';

export type KinshipOptions = {
  records: Records;
  /** What was found for this very address; null: nothing is known. */
  proposal: Proposal | null;
  signal: AbortSignal;
};

/** Names that providers keep for their own servers; a customer's machine has none of these. */
const serviceNames = ['imap', 'smtp', 'mail', 'pop', 'securesmtp', 'secureimap'];

/** The part of a name that has one owner, by the Public Suffix List; null where the name is a suffix itself. */
const ownerOf = async (host: string): Promise<string | null> => {
  if (isIP(host)) return null;
  const { getDomain } = await import('tldts');
  return getDomain(host, { allowPrivateDomains: true });
};

const ownersOf = async (hosts: readonly string[]): Promise<string[]> =>
  (await Promise.all(hosts.map(ownerOf))).filter((owner) => owner !== null);

/** A server of a provider that we know is nobody's trap, whoever the mailbox belongs to. */
const isKnownProvider = async (host: string): Promise<boolean> => {
  const known = providers.flatMap(hostsOf);
  if (known.includes(host)) return true;
  const [name = '', ...rest] = host.split('.');
  return serviceNames.includes(name) && (await ownersOf(known)).includes(rest.join('.'));
};

/** The address's own domain says so itself, or whoever is asked about it; what stands unconfirmed may be anybody's word. */
const isProposed = (host: string, proposal: Proposal | null): boolean =>
  proposal !== null &&
  !proposal.hints.includes('unconfirmed') &&
  [proposal.imap, proposal.smtp].some((endpoint) => endpoint?.asciiHost.toLowerCase() === host);

type Hosting = { hosts: readonly string[]; owners: readonly string[] };

/** The hosts that take the domain's mail, and those of the provider behind them. Empty where it cannot be found out. */
const hostingOf = async (asciiDomain: string, { records, signal }: KinshipOptions): Promise<Hosting> => {
  const known = rowOfDomain(asciiDomain);
  const { best, found } = known
    ? { best: [], found: { row: known } }
    : await lookUpHosting(asciiDomain, { records, signal });
  const hosts = [...best, ...(found ? hostsOf(found.row) : [])];
  return { hosts, owners: await ownersOf(hosts) };
};

/**
 * A host that takes the mail, or one that is called after its service beside it. Any other name below a hoster's domain
 * may be a machine that anybody can rent.
 */
const isOfHosting = (host: string, { hosts, owners }: Hosting): boolean => {
  const [name = '', ...rest] = host.split('.');
  return hosts.includes(host) || (serviceNames.includes(name) && owners.includes(rest.join('.')));
};

/**
 * The services whose server nothing connects with the address: neither its own domain, nor a known provider, nor what
 * was found for it, nor who takes its mail. What cannot be found out counts as unconnected. Never rejects.
 */
export const findForeignServers = async (account: Account, options: KinshipOptions): Promise<Service[]> => {
  const mailbox = mailboxOf(account.address, null);
  if (!mailbox) return [...services];
  const own = (await ownerOf(mailbox.asciiDomain)) ?? mailbox.asciiDomain;
  let hosting: Promise<Hosting> | null = null;
  const isRelated = async (service: Service): Promise<boolean> => {
    const host = account[service]?.asciiHost.toLowerCase();
    if (host === undefined) return true;
    const owner = (await ownerOf(host)) ?? host;
    if (owner === own || isProposed(host, options.proposal) || (await isKnownProvider(host))) return true;
    if (isIP(host)) return false;
    hosting ??= hostingOf(mailbox.asciiDomain, options).catch(() => ({ hosts: [], owners: [] }));
    return isOfHosting(host, await hosting);
  };
  const related = await Promise.all(services.map(isRelated));
  return services.filter((_service, index) => !related[index]);
};
