/**
 * What becomes of a case after IT has resolved it: whether it worked in HubSpot, by the rep's word, and what HubSpot shows if
 * it did not. Each is taken once.
 */
import { showEscalation } from '../check/checks.ts';
import type { HubspotError } from '../events/intent.ts';
import type { Conversation, Escalation } from '../state/conversation.ts';
import { claimerOf, isOutcomeOpen, lacksHubspotError, newestCheck } from '../state/selectors.ts';
import { changeEscalation, type Turn, tellRep, tellThread } from '../turn.ts';

const line = (turn: Turn, { id }: Escalation) => ({
  escalationId: id,
  by: turn.conversation.person.name,
});

export const itWorked = (turn: Turn, escalation: Escalation): Turn => {
  if (escalation.outcome?.worked) return turn;
  if (!isOutcomeOpen(escalation, turn.stamp.at)) return tellRep(turn, 'stale');
  const outcome = { worked: true, at: turn.stamp.at, isExplained: true };
  const known = changeEscalation(turn, escalation.id, { outcome });
  const told = tellRep(known, 'it-worked', { escalationId: escalation.id });
  return tellThread(told, 'it-worked', line(turn, escalation));
};

/** The thread hears of it when the line that says so stands there, as with reopening. */
export const itFailed = (turn: Turn, escalation: Escalation): Turn => {
  if (escalation.outcome && !escalation.outcome.worked) return turn;
  if (!isOutcomeOpen(escalation, turn.stamp.at)) return tellRep(turn, 'stale');
  const outcome = { worked: false, at: turn.stamp.at, isExplained: false };
  const reopened = changeEscalation(turn, escalation.id, { state: 'open', claimedBy: null, outcome });
  return tellThread(showEscalation(reopened, escalation), 'it-failed', {
    ...line(turn, escalation),
    calls: claimerOf(escalation),
  });
};

const explained = (turn: Turn, { id, outcome }: Escalation): Turn =>
  outcome ? changeEscalation(turn, id, { outcome: { ...outcome, isExplained: true } }) : turn;

/** One of the errors that HubSpot is known to show: IT reads it, and she reads what it means. */
export const hubspotSaid = (turn: Turn, escalation: Escalation, error: HubspotError): Turn => {
  if (!lacksHubspotError(escalation)) return escalation.outcome?.isExplained ? turn : tellRep(turn, 'stale');
  const checkId = newestCheck(turn.conversation)?.id;
  const known = explained(turn, escalation);
  const told = tellRep(known, `said-${error}`, checkId === undefined ? {} : { checkId });
  return tellThread(told, 'hubspot-said', { ...line(turn, escalation), text: error });
};

/** Anything else, in her own words. */
export const hubspotSaidElse = (turn: Turn, escalation: Escalation, text: string): Turn =>
  tellThread(explained(turn, escalation), 'hubspot-said-else', { ...line(turn, escalation), text });

const day = 24 * 60 * 60_000;

/** The case about whose failure in HubSpot she was just asked: what she writes within a day is the answer. */
export const failedLately = ({ escalations }: Conversation, now: number): Escalation | null =>
  escalations.findLast((one) => lacksHubspotError(one) && now - (one.outcome?.at ?? 0) < day) ?? null;
