import type { Provider } from '../diagnosis/account/provider.ts';
import type { Records } from '../net/records.ts';
import { mailboxOf } from './candidate.ts';
import type { Row } from './providers.ts';
import { microsoft365, providerOf, rowOfDomain, rowOfMx } from './table.ts';

type Asking = { records: Records; signal: AbortSignal };

/** Mail gateways hide the MX of Microsoft 365; its autodiscover name stays (Microsoft's own setup asks for it). */
const autodiscoverTarget = 'autodiscover.outlook.com';

export type Hosting = {
  /** The hosts that receive the domain's mail first; empty where none are known. */
  best: readonly string[];
  /** The provider behind them. `mx`: the host that shows it. */
  found: { row: Row; mx: string } | null;
};

/** Who receives the mail of a domain, by MX and the autodiscover name; both are asked at once. */
export const lookUpHosting = async (asciiDomain: string, { records, signal }: Asking): Promise<Hosting> => {
  const aliasing = records.alias(`autodiscover.${asciiDomain}`, signal);
  const exchangers = (await records.mx(asciiDomain, signal)) ?? [];
  const best = exchangers
    .filter(({ priority }) => priority === exchangers[0]?.priority)
    .map(({ host }) => host);
  for (const mx of best) {
    const row = rowOfMx(mx);
    if (row) return { best, found: { row, mx } };
  }
  const row = (await aliasing)?.includes(autodiscoverTarget) ? microsoft365() : null;
  return { best, found: row && { row, mx: autodiscoverTarget } };
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
