import type { Endpoint } from './endpoint.ts';

/** What is known of a mail provider beforehand: facts with a source, no guess. Ids are permanent. */
export type Provider = {
  id: string;
  /** As people call it. */
  name: string;
  /** HubSpot's own connection to this provider, which is to be tried before IMAP. */
  native: 'google' | 'microsoft' | null;
  /** False: this provider offers no public IMAP at all. */
  imap: boolean;
  /** Whether the usual password is taken. `none`: no password is, only OAuth. */
  password: 'usual' | 'app-with-two-factor' | 'app-only' | 'separate' | 'none';
  /** IMAP is off until the owner of the mailbox switches it on. */
  imapOffAtFirst: boolean;
};

/** Things to know or to do before a login; permanent, printed by `discover --json`. */
export const hintIds = [
  'use-native',
  'no-public-imap',
  'app-password-required',
  'app-password-with-two-factor',
  'separate-password',
  'no-password-login',
  'primary-address-as-username',
  'switch-imap-on',
  'host-to-complete',
  'unconfirmed',
  /** The domain says itself that it takes no mail (RFC 7505), offers no such service (RFC 6186 §3.4), or OAuth alone. */
  'takes-no-mail',
  'imap-not-offered',
  'smtp-not-offered',
  'oauth-only',
  /** IMAP and SMTP are said to have different user names. */
  'different-usernames',
  /** The provider also knows user names of another form. */
  'username-may-differ',
  /** What stands in the address, and perhaps not in the user name: `+tag`, a domain with letters beyond ASCII. */
  'username-without-tag',
  'username-in-ascii',
] as const;
export type HintId = (typeof hintIds)[number];

/** Those that say why there is no server to propose. */
export const reasonsForNoServer: readonly HintId[] = [
  'no-public-imap',
  'host-to-complete',
  'takes-no-mail',
  'imap-not-offered',
  'smtp-not-offered',
  'oauth-only',
];

export const proposalSources = ['provider-table', 'autoconfig', 'ispdb', 'srv', 'probe'] as const;
export type ProposalSource = (typeof proposalSources)[number];

/**
 * Settings proposed for an address, and where they come from. `source` null: nothing was found. A provider without
 * public IMAP, or whose host only its customer knows, is found all the same: then both endpoints are null.
 */
export type Proposal = {
  provider: Provider | null;
  source: ProposalSource | null;
  imap: Endpoint | null;
  smtp: Endpoint | null;
  username: string | null;
  hints: readonly HintId[];
};
