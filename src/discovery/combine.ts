import { type HintId, hintIds, type Proposal } from '../diagnosis/account/provider.ts';
import type { Candidate, Mailbox } from './candidate.ts';
import type { Choice } from './choose.ts';
import type { Row } from './providers/row.ts';
import { hintsForHost, providerOf, rowOfHost } from './table.ts';

export type Choices = { imap: Choice | null; smtp: Choice | null };

/** Whoever named the server: a provider that we know is recognised by it. */
const rowOf = (choice: Choice | null): Row | null =>
  choice && choice.candidate.trust !== 'known' ? rowOfHost(choice.endpoint.asciiHost) : null;

/** A provider whose servers are named, though none that takes a password. */
const mentionedIn = (candidates: readonly Candidate[]): { candidate: Candidate; row: Row } | null => {
  for (const candidate of candidates)
    for (const host of candidate.mentions ?? []) {
      const row = rowOfHost(host);
      if (row) return { candidate, row };
    }
  return null;
};

/**
 * Whether a person must compare the name (RFC 6186 §6): it comes from a source that anyone on the way could have changed,
 * and belongs neither to the owner of the mailbox, whose certificates will tell, nor to a provider that we know.
 */
const isDoubtful = async (choice: Choice | null, { asciiDomain }: Mailbox): Promise<boolean> => {
  if (!choice) return false;
  const { endpoint, candidate, isOtherName } = choice;
  const isVouchedFor = candidate.trust === 'known' || candidate.trust === 'authentic';
  if (isVouchedFor && !isOtherName) return false;
  const row = rowOf(choice);
  // Where nobody named it but a CNAME, how sure we are of our own word is all there is.
  if (row) return isOtherName && (row.hints ?? []).includes('unconfirmed');
  const { getDomain } = await import('tldts');
  const own = getDomain(asciiDomain, { allowPrivateDomains: true }) ?? asciiDomain;
  return endpoint.asciiHost !== own && !endpoint.asciiHost.endsWith(`.${own}`);
};

/** A name that differs by case alone is the same to almost every server, and nothing to be stopped for. */
const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** HubSpot takes one name for both; the one for reading counts, since that comes first. */
const takeOtherNames = ({ imap, smtp }: Choices): boolean =>
  imap !== null &&
  imap.candidate === smtp?.candidate &&
  imap.username !== null &&
  smtp.username !== null &&
  !sameName(imap.username, smtp.username);

/** What holds whoever is asked for the servers. */
const stays: readonly HintId[] = ['oauth-only', 'imap-not-offered', 'smtp-not-offered'];

/** What a candidate says beside its servers, as far as it still holds. */
const hintsFrom = (candidate: Candidate, { imap, smtp }: Choices): readonly HintId[] => {
  const isTaken = [imap, smtp].some((choice) => choice?.candidate === candidate);
  const saysNoMore = candidate.imap.length === 0 && candidate.smtp.length === 0;
  if (isTaken || candidate.trust === 'known') return candidate.hints;
  return saysNoMore
    ? candidate.hints.filter((id) => id !== 'unconfirmed')
    : candidate.hints.filter((id) => stays.includes(id));
};

/** What of the address may not belong into the user name. */
const usernameHints = (username: string | null, { address, localPart }: Mailbox): HintId[] => {
  if (username === null) return [];
  const isOfAddress = username === address || username === localPart;
  return [
    ...(isOfAddress && /^[^@+]+\+/u.test(username) ? (['username-without-tag'] as const) : []),
    ...(/[^\p{ASCII}]/u.test(username) ? (['username-in-ascii'] as const) : []),
  ];
};

const usernameFor = (
  candidates: readonly Candidate[],
  { imap, smtp }: Choices,
  mailbox: Mailbox,
): string | null => {
  const chosen = imap ?? smtp;
  if (!chosen) return null;
  const named = [imap, smtp, ...candidates].find((one) => (one?.username ?? null) !== null);
  const said = named?.username ?? null;
  const isLocalPart = rowOf(chosen)?.username === 'local-part';
  return said ?? (isLocalPart ? mailbox.localPart : mailbox.address);
};

/** `candidates`: best first. A half that one source lacks is taken from the next that has it. */
export const combine = async (
  candidates: readonly Candidate[],
  choices: Choices,
  mailbox: Mailbox,
): Promise<Proposal> => {
  const { imap, smtp } = choices;
  const said = (imap ?? smtp) ? null : mentionedIn(candidates);
  const row = rowOf(imap) ?? (imap ? null : rowOf(smtp)) ?? said?.row ?? null;
  const named = candidates.find(({ provider }) => provider !== null);
  const username = usernameFor(candidates, choices, mailbox);
  const doubtful = await Promise.all([isDoubtful(imap, mailbox), isDoubtful(smtp, mailbox)]);
  const all = new Set<HintId>([
    ...candidates.flatMap((candidate) => hintsFrom(candidate, choices)),
    ...(row ? hintsForHost(row) : []),
    ...(doubtful.includes(true) ? (['unconfirmed'] as const) : []),
    ...(takeOtherNames(choices) ? (['different-usernames'] as const) : []),
    ...usernameHints(username, mailbox),
  ]);
  const isSettled = (id: HintId): boolean =>
    (id === 'host-to-complete' && imap !== null && smtp !== null) ||
    (id === 'imap-not-offered' && imap !== null) ||
    (id === 'smtp-not-offered' && smtp !== null);
  return {
    provider: row ? providerOf(row) : (named?.provider ?? null),
    source: (imap ?? smtp)?.candidate.source ?? named?.source ?? said?.candidate.source ?? null,
    imap: imap?.endpoint ?? null,
    smtp: smtp?.endpoint ?? null,
    username,
    hints: hintIds.filter((id) => all.has(id) && !isSettled(id)),
  };
};
