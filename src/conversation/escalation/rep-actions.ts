/** What a rep does with a case of hers. */
import { showEscalation } from '../check/checks.ts';
import type { EventOf } from '../events/event.ts';
import type { Check, Escalation } from '../state/conversation.ts';
import { newEscalation } from '../state/escalation.ts';
import { buttonsByState, type EscalationState, type RepAction } from '../state/escalation-states.ts';
import { claimerOf, escalationOf, findEscalation, isActive, isReopenable } from '../state/selectors.ts';
import { change, changeEscalation, show, type Turn, tellRep, tellThread } from '../turn.ts';
import { newThread } from './thread.ts';
import { toThread } from './thread-members.ts';

export const mayRep = (state: EscalationState, action: RepAction): boolean =>
  (buttonsByState[state].rep as readonly RepAction[]).includes(action);

/** Hands a check over, or tries once more where it did not arrive. Nothing is told before it has arrived. */
export const handOver = (turn: Turn, check: Check, comment: string): Turn => {
  const known = escalationOf(turn.conversation, check);
  if (known && known.delivery === 'failed' && isActive(known)) {
    const again = changeEscalation(turn, known.id, {
      comment,
      checkId: check.id,
      delivery: 'pending',
      retry: known.retry && { ...known.retry, byItself: false },
    });
    return showEscalation(again, known);
  }
  const { id, at } = turn.stamp;
  const escalation: Escalation = {
    ...newEscalation(id, { checkId: check.id, at, comment }),
    thread: newThread(turn, id),
  };
  const opened = change(turn, { escalations: [...turn.conversation.escalations, escalation] });
  return showEscalation(opened, escalation);
};

/** Why a check cannot be handed over now; null: it can. */
export const handOverObstacle = (
  turn: Turn,
  check: Check,
): 'already-handed-over' | 'hand-over-running' | null => {
  const known = escalationOf(turn.conversation, check);
  if (!known || !isActive(known) || known.delivery === 'failed') return null;
  return known.delivery === 'pending' ? 'hand-over-running' : 'already-handed-over';
};

/** Tried again by ourselves: the rep hears of it only when it has arrived, or when it is given up. */
export const handOverDue = (turn: Turn, { escalationId, count }: EventOf<'hand-over-due'>): Turn => {
  const escalation = findEscalation(turn.conversation, escalationId);
  const isWanted = escalation?.delivery === 'failed' && isActive(escalation);
  if (!isWanted || escalation.retry?.count !== count) return turn;
  const retry = { ...escalation.retry, byItself: true };
  return show(
    changeEscalation(turn, escalationId, { delivery: 'pending', retry }),
    `it-root:${escalationId}`,
  );
};

export const withdraw = (turn: Turn, escalation: Escalation): Turn => {
  if (escalation.state === 'withdrawn') return showEscalation(turn, escalation);
  if (!mayRep(escalation.state, 'withdraw')) return tellRep(turn, 'stale');
  const report = showEscalation(turn, escalation);
  const withdrawn = changeEscalation(report, escalation.id, {
    state: 'withdrawn',
    retry: null,
    reportDue: false,
  });
  const told = tellRep(withdrawn, 'withdrawn', { escalationId: escalation.id });
  return toThread(told, escalation, { type: 'left' });
};

/** The thread hears of it when the line that says so stands there. */
export const reopenByRep = (turn: Turn, escalation: Escalation): Turn => {
  if (isActive(escalation)) return showEscalation(turn, escalation);
  if (!isReopenable(escalation, turn.stamp.at)) return tellRep(turn, 'stale');
  const reopened = changeEscalation(turn, escalation.id, { state: 'open', claimedBy: null });
  return tellThread(showEscalation(reopened, escalation), 'reopened-by-rep', {
    escalationId: escalation.id,
    by: turn.conversation.person.name,
    calls: claimerOf(escalation),
  });
};

/** As with reopening: IT waits until the answer stands in the thread. */
export const answer = (turn: Turn, escalation: Escalation, text: string): Turn => {
  const answered = changeEscalation(turn, escalation.id, { state: escalation.before });
  return tellThread(showEscalation(answered, escalation), 'answer', {
    escalationId: escalation.id,
    by: turn.conversation.person.name,
    text,
    calls: claimerOf(escalation),
  });
};
