import type { Proposal } from '../../diagnosis/account/provider.ts';
import type { Lookup } from './lookup-schema.ts';

/** What came of looking. */
export type LookupOutcome =
  | { type: 'found'; proposal: Proposal }
  | { type: 'failed' }
  | { type: 'refused'; until: number };

/** The same for all ways in which people write one address. */
export const addressKey = (address: string): string => address.trim().toLowerCase();

type LookupState = { draft: Readonly<{ address?: string | undefined }>; lookup: Lookup | null };

/** The lookup of the address that is spoken of now. */
export const lookupOf = ({ draft, lookup }: LookupState): Lookup | null =>
  lookup !== null && lookup.address === addressKey(draft.address ?? '') ? lookup : null;

/** What was found for the address that is spoken of now; null also where nobody has found anything yet. */
export const proposalOf = (known: LookupState): Proposal | null => {
  const lookup = lookupOf(known);
  return lookup?.state === 'found' ? lookup.proposal : null;
};
