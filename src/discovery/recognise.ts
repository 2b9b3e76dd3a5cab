import { asciiName } from '../diagnosis/account/host.ts';
import type { Provider } from '../diagnosis/account/provider.ts';
import type { Records } from '../net/records.ts';
import { mailboxOf } from './candidate.ts';
import type { Row } from './providers/row.ts';
import { microsoft365, providerOf, rowOfDomain, rowOfMx, rowOfMxOwner } from './table.ts';

type Asking = { records: Records; signal: AbortSignal };

/** Where Microsoft 365 has its customers' autodiscover names lead, by CNAME or by SRV. */
const autodiscoverTargets: readonly string[] = ['autodiscover.outlook.com', 'autodiscover-s.outlook.com'];
const isAutodiscover = (host: string): boolean => autodiscoverTargets.includes(host);

export type Hosting = {
  /** The hosts that receive the domain's mail first; empty where none are known. */
  best: readonly string[];
  /** The domain says that it takes no mail (RFC 7505). */
  takesNoMail: boolean;
  /** The provider behind them. `mx`: the host that shows it. */
  found: { row: Row; mx: string } | null;
};

/** Honest chains have one or two. */
const mostAliases = 4;

/** The names that a name stands for, one after another (CNAME); `isWanted` ends the chain. */
export const followAliases = async (
  name: string,
  { records, signal }: Asking,
  isWanted: (host: string) => boolean = () => false,
): Promise<string[]> => {
  const seen: string[] = [];
  let next: string | undefined = name;
  while (next !== undefined && seen.length < mostAliases) {
    const targets: string[] = (await records.alias(next, signal)) ?? [];
    next = targets.find(
      (target) => asciiName(target) === target && target !== name && !seen.includes(target),
    );
    if (next !== undefined) seen.push(next);
    if (next !== undefined && isWanted(next)) break;
  }
  return seen;
};

/** Mail gateways hide the MX of Microsoft 365; its autodiscover name stays (Microsoft's own setup asks for it). */
const isAtMicrosoft = async (asciiDomain: string, asking: Asking): Promise<boolean> => {
  const [aliases, service] = await Promise.all([
    followAliases(`autodiscover.${asciiDomain}`, asking, isAutodiscover),
    asking.records.srv(`_autodiscover._tcp.${asciiDomain}`, asking.signal),
  ]);
  const hosts = (service?.records ?? []).map(({ host }) => host);
  if ([...aliases, ...hosts].some(isAutodiscover)) return true;
  const [first] = hosts.filter((host) => asciiName(host) === host);
  return first !== undefined && (await followAliases(first, asking, isAutodiscover)).some(isAutodiscover);
};

/** The provider's host behind an MX that is called after the domain itself. */
const behindAlias = async (mx: string | undefined, asking: Asking): Promise<Hosting['found']> => {
  const isKnown = (host: string): boolean => rowOfMx(host) !== null;
  const host = mx === undefined ? undefined : (await followAliases(mx, asking, isKnown)).find(isKnown);
  const row = host === undefined ? null : rowOfMx(host);
  return host !== undefined && row ? { row, mx: host } : null;
};

/** Who receives the mail of a domain, by MX and the autodiscover names; all are asked at once. */
export const lookUpHosting = async (asciiDomain: string, asking: Asking): Promise<Hosting> => {
  const atMicrosoft = isAtMicrosoft(asciiDomain, asking);
  const answer = await asking.records.mx(asciiDomain, asking.signal);
  const takesNoMail = answer?.declined ?? false;
  const exchangers = (answer?.records ?? []).filter(({ host }) => asciiName(host) === host);
  const best = exchangers
    .filter(({ priority }) => priority === exchangers[0]?.priority)
    .map(({ host }) => host);
  for (const mx of best) {
    const row = rowOfMx(mx) ?? (await rowOfMxOwner(mx));
    if (row) return { best, takesNoMail, found: { row, mx } };
  }
  const [aliased, isMicrosoft] = await Promise.all([behindAlias(best[0], asking), atMicrosoft]);
  const row = isMicrosoft ? microsoft365() : null;
  return { best, takesNoMail, found: aliased ?? (row && { row, mx: 'autodiscover.outlook.com' }) };
};

/**
 * The provider of an address, for a check that runs meanwhile: without any look-up where the address domain is the
 * provider's own. Null where it is not a known one, or `signal` came first. Never throws.
 */
export const recogniseProvider = async (address: string, asking: Asking): Promise<Provider | null> => {
  const mailbox = mailboxOf(address, null);
  if (!mailbox) return null;
  const known = rowOfDomain(mailbox.asciiDomain);
  if (known) return providerOf(known);
  const { found } = await lookUpHosting(mailbox.asciiDomain, asking);
  return found && providerOf(found.row);
};
