import type { HintId, Provider } from '../../diagnosis/account/provider.ts';
import type { Source } from './sources.ts';

export type Host = readonly [host: string, port: number];

export type Row = Provider & {
  /** Of addresses; nothing is looked up for these. */
  domains: readonly string[];
  /** What the best MX of a customer's own domain ends in. Of all rows the longest ending that fits counts. */
  mx: readonly string[];
  /** The same by the owner's name before whichever public suffix: a house with a name in many countries. */
  mxOwners?: readonly string[];
  imapHost: Host | null;
  smtpHost: Host | null;
  /** For customers' own domains, where they differ. */
  ownDomainHosts?: { imap: Host; smtp: Host };
  /** Further names of the same servers, by which the provider is recognised wherever they stand. */
  alsoKnownAs?: readonly string[];
  /** An MX of this form is the customer's own server, which serves the mail as well. */
  mxIsHost?: RegExp;
  /** What stands in for the address as user name. */
  username?: 'local-part';
  /** What is to be known besides what follows from the facts of `Provider`. A row with only one source is `unconfirmed`. */
  hints?: readonly HintId[];
  /** Only for customers' own domains. */
  ownDomainHints?: readonly HintId[];
  sources: readonly Source[];
};

export const usual = { native: null, imap: true, password: 'usual', imapOffAtFirst: false } as const;
export const microsoftOnly = { ...usual, native: 'microsoft', password: 'none' } as const;
