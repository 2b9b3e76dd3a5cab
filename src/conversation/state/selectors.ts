import type { Account } from '../../diagnosis/account/account.ts';
import { unmet } from '../../diagnosis/finding.ts';
import type { Check, Conversation, Escalation, Notice } from './conversation.ts';
import type { Member, Thread } from './escalation.ts';
import { type EscalationState, reopenPeriodMs } from './escalation-states.ts';

/** A check whose verdict is known. */
export type FinishedCheck = Check & { assessment: NonNullable<Check['assessment']> };

export const isFinished = (check: Check): check is FinishedCheck => check.assessment !== null;

export const findCheck = (conversation: Conversation, id: string): Check | null =>
  conversation.checks.find((check) => check.id === id) ?? null;

export const findEscalation = (conversation: Conversation, id: string): Escalation | null =>
  conversation.escalations.find((one) => one.id === id) ?? null;

export const findNotice = (conversation: Conversation, id: string): Notice | null =>
  conversation.notices.find((notice) => notice.id === id) ?? null;

export const runningCheck = (conversation: Conversation): Check | null =>
  conversation.checks.find(({ state }) => state === 'running') ?? null;

/** The newest check that the rep has seen begin or end; one that IT started shows only when it has a result. */
export const newestCheck = (conversation: Conversation): Check | null =>
  conversation.checks.findLast((check) => check.forCase === null || isFinished(check)) ?? null;

const target = ({ address, imap, smtp }: Account): string =>
  JSON.stringify([address, imap?.asciiHost, imap?.port, smtp?.asciiHost, smtp?.port]);

/** The case that a check belongs to: its own, the one it was run for, or the newest about the same account and servers. */
export const escalationOf = (conversation: Conversation, check: Check): Escalation | null =>
  conversation.escalations.findLast(({ id, checkId, state }) => {
    if (state === 'withdrawn') return false;
    if (checkId === check.id || check.forCase === id) return true;
    const handedOver = findCheck(conversation, checkId);
    return handedOver !== null && target(handedOver.account) === target(check.account);
  }) ?? null;

/** IT has, or is about to get, something to do for this person. */
export const isActive = ({ state }: { state: EscalationState }): boolean =>
  state !== 'resolved' && state !== 'withdrawn';

/** The case as IT sees it; one from before there were threads concerns its own rep alone. */
export const threadOf = (escalation: Escalation): Thread =>
  escalation.thread ?? {
    state: escalation.state,
    claimedBy: escalation.claimedBy,
    resolvedBy: escalation.resolvedBy,
    before: escalation.before,
    members: [],
    history: [],
  };

/** Whose case it is. The thread may be kept elsewhere, and tells each rep who has claimed it. */
export const claimerOf = (escalation: Escalation): Escalation['claimedBy'] =>
  escalation.joinedTo ? escalation.claimedBy : threadOf(escalation).claimedBy;

/** IT has, or is about to get, something to do for somebody. */
export const isThreadActive = (escalation: Escalation): boolean => isActive(threadOf(escalation));

export const isConcerned = ({ state }: Member): boolean => state === 'in' || state === 'waiting';

/** Everybody whom the thread still concerns, each once. */
export const peopleOf = (escalation: Escalation): Member['person'][] => {
  const concerned = threadOf(escalation).members.filter(isConcerned);
  return concerned
    .map(({ person }) => person)
    .filter(
      (one, index, all) =>
        all.findIndex(({ platform, id }) => platform === one.platform && id === one.id) === index,
    );
};

export const isReopenable = ({ state, resolvedAt }: Escalation, now: number): boolean =>
  state === 'resolved' && resolvedAt !== null && now - resolvedAt < reopenPeriodMs;

/** It is resolved, and whether it worked in HubSpot is not known yet. */
export const isOutcomeOpen = (escalation: Escalation, now: number): boolean =>
  escalation.outcome === null && isReopenable(escalation, now);

/** She has said that it did not work, and not yet what HubSpot shows. */
export const lacksHubspotError = ({ state, outcome }: Escalation): boolean =>
  outcome !== null && !outcome.worked && !outcome.isExplained && isActive({ state });

/** The case with IT's newest question that the rep has not answered. */
export const openQuestion = (conversation: Conversation): Escalation | null =>
  conversation.escalations.findLast(({ state }) => state === 'waiting-for-rep') ?? null;

/** The check that was handed over, and the newest finished one that IT had run since. */
export const checksOfEscalation = (
  conversation: Conversation,
  { id, checkId }: Escalation,
): { first: FinishedCheck | null; newest: FinishedCheck | null; running: boolean } => {
  const first = findCheck(conversation, checkId);
  const since = conversation.checks.filter(({ forCase }) => forCase === id);
  const newest = since.findLast(isFinished) ?? null;
  return {
    first: first && isFinished(first) ? first : null,
    newest,
    running: since.some(({ state }) => state === 'running'),
  };
};

/** It was made before what it no longer saw was back. */
export const isOutdated = (check: Check, escalation: Escalation | null): boolean =>
  escalation?.relapse != null && check.startedAt < escalation.relapse.at;

/** Whether there is anything to hand over to somebody. */
export const hasUnmet = ({ assessment }: Check): boolean => assessment?.findings.some(unmet) ?? false;
