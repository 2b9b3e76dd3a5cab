/** What a person finds on her own page: her mailboxes and her cases. Pure. */
import type { Check, Conversation, Escalation } from '../state/conversation.ts';
import { addressKey } from '../state/lookup.ts';
import { findCheck, isActive, isReopenable } from '../state/selectors.ts';

/** More of them say nothing more on one page. */
const mostShown = 10;

/** The newest check of each address, the newest first; one that IT has had run counts when it has a result. */
export const mailboxesOf = ({ checks }: Conversation): Check[] => {
  const seen = checks.filter(({ forCase, assessment }) => forCase === null || assessment !== null);
  const newest = new Map(seen.map((check) => [addressKey(check.account.address), check]));
  return [...newest.values()].sort((one, other) => other.startedAt - one.startedAt).slice(0, mostShown);
};

export type OwnCase = { escalation: Escalation; address: string };

/** Those that IT has, or that she may open again; the newest first. */
export const ownCasesOf = (conversation: Conversation, now: number): OwnCase[] =>
  conversation.escalations
    .filter((one) => isActive(one) || isReopenable(one, now))
    .map((escalation) => ({
      escalation,
      address: findCheck(conversation, escalation.checkId)?.account.address ?? '',
    }))
    .reverse()
    .slice(0, mostShown);
