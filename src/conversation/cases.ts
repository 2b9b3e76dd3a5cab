import type { Person } from '../chat/port.ts';
import { repeatCheck, showCase } from './checks.ts';
import type { Check, Escalation } from './conversation.ts';
import {
  buttonsByState,
  type EscalationState,
  type ItAction,
  itActions,
  type RepAction,
} from './escalation.ts';
import type { EventOf } from './event.ts';
import { caseOf, checksOfCase, findCase, findCheck, isActive, isReopenable } from './select.ts';
import { cause, change, changeCase, type Turn, tellRep, tellThread } from './turn.ts';

export const mayRep = (state: EscalationState, action: RepAction): boolean =>
  (buttonsByState[state].rep as readonly RepAction[]).includes(action);
export const mayIt = (state: EscalationState, action: ItAction): boolean =>
  (buttonsByState[state].it as readonly ItAction[]).includes(action);

export const samePerson = (one: Person | null, other: Person): boolean =>
  one?.platform === other.platform && one.id === other.id;

/** Hands a check over, or tries once more where it did not arrive. Nothing is told before it has arrived. */
export const handOver = (turn: Turn, check: Check, comment: string): Turn => {
  const known = caseOf(turn.conversation, check);
  if (known && known.delivery === 'failed' && isActive(known)) {
    const again = changeCase(turn, known.id, { comment, checkId: check.id, delivery: 'pending' });
    return showCase(again, known);
  }
  const escalation: Escalation = {
    id: turn.stamp.id,
    checkId: check.id,
    openedAt: turn.stamp.at,
    state: 'open',
    comment,
    claimedBy: null,
    resolvedBy: null,
    resolvedAt: null,
    question: null,
    delivery: 'pending',
    before: 'open',
  };
  const opened = change(turn, { escalations: [...turn.conversation.escalations, escalation] });
  return showCase(opened, escalation);
};

/** Why a check cannot be handed over now; null: it can. */
export const handOverObstacle = (
  turn: Turn,
  check: Check,
): 'already-handed-over' | 'hand-over-running' | null => {
  const known = caseOf(turn.conversation, check);
  if (!known || !isActive(known) || known.delivery === 'failed') return null;
  return known.delivery === 'pending' ? 'hand-over-running' : 'already-handed-over';
};

export const withdraw = (turn: Turn, escalation: Escalation): Turn => {
  if (escalation.state === 'withdrawn') return showCase(turn, escalation);
  if (!mayRep(escalation.state, 'withdraw')) return tellRep(turn, 'stale');
  const report = showCase(turn, escalation);
  const withdrawn = changeCase(report, escalation.id, { state: 'withdrawn' });
  const told = tellRep(withdrawn, 'withdrawn', { escalationId: escalation.id });
  return escalation.delivery === 'arrived'
    ? tellThread(told, 'withdrawn', { escalationId: escalation.id, by: turn.conversation.person.name })
    : told;
};

export const reopenByRep = (turn: Turn, escalation: Escalation): Turn => {
  if (isActive(escalation)) return showCase(turn, escalation);
  if (!isReopenable(escalation, turn.stamp.at)) return tellRep(turn, 'stale');
  const reopened = changeCase(turn, escalation.id, { state: 'open', claimedBy: null });
  return tellThread(showCase(reopened, escalation), 'reopened-by-rep', {
    escalationId: escalation.id,
    by: turn.conversation.person.name,
  });
};

export const ask = (turn: Turn, escalation: Escalation, question: { text: string; by: Person }): Turn => {
  const before = escalation.state === 'claimed' ? 'claimed' : 'open';
  const asked = changeCase(turn, escalation.id, {
    state: 'waiting-for-rep',
    question: question.text,
    before: escalation.state === 'waiting-for-rep' ? escalation.before : before,
  });
  return tellRep(showCase(asked, escalation), 'question', {
    escalationId: escalation.id,
    by: question.by.name,
    text: question.text,
  });
};

export const answer = (turn: Turn, escalation: Escalation, text: string): Turn => {
  const answered = changeCase(turn, escalation.id, { state: escalation.before });
  return tellThread(showCase(answered, escalation), 'answer', {
    escalationId: escalation.id,
    by: turn.conversation.person.name,
    text,
  });
};

const claim = (turn: Turn, escalation: Escalation, by: Person): Turn => {
  if (samePerson(escalation.claimedBy, by)) return showCase(turn, escalation);
  if (escalation.claimedBy)
    return tellThread(turn, 'already-claimed', {
      escalationId: escalation.id,
      by: escalation.claimedBy.name,
      text: by.name,
    });
  const claimed = changeCase(turn, escalation.id, { state: 'claimed', claimedBy: by });
  return tellRep(showCase(claimed, escalation), 'claimed', { escalationId: escalation.id, by: by.name });
};

const resolve = (turn: Turn, escalation: Escalation, by: Person): Turn => {
  const resolved = changeCase(turn, escalation.id, {
    state: 'resolved',
    resolvedBy: by.name,
    resolvedAt: turn.stamp.at,
  });
  return tellRep(showCase(resolved, escalation), 'resolved', { escalationId: escalation.id, by: by.name });
};

const reopenByIt = (turn: Turn, escalation: Escalation, by: Person): Turn => {
  const reopened = changeCase(turn, escalation.id, { state: 'open', claimedBy: null, resolvedAt: null });
  return tellRep(showCase(reopened, escalation), 'reopened-by-it', {
    escalationId: escalation.id,
    by: by.name,
  });
};

/** What a second click on the same button finds: it is done already, and the message only has to catch up. */
const isDone = (action: ItAction, { state }: Escalation): boolean =>
  (action === 'resolve' && state === 'resolved') || (action === 'reopen' && state === 'open');

const accountOfCase = (turn: Turn, escalation: Escalation) => {
  const { first, newest } = checksOfCase(turn.conversation, escalation);
  return (newest ?? first ?? findCheck(turn.conversation, escalation.checkId))?.account ?? null;
};

/** A button pressed in the IT channel. */
export const pressedByIt = (turn: Turn, event: EventOf<'pressed'>): Turn => {
  const escalation = findCase(turn.conversation, event.about);
  if (!escalation) return turn;
  const action = itActions.find((known) => known === event.action);
  if (action === 'claim' && escalation.claimedBy && isActive(escalation))
    return claim(turn, escalation, event.by);
  if (action && isDone(action, escalation)) return showCase(turn, escalation);
  if (!action || !mayIt(escalation.state, action))
    return tellThread(showCase(turn, escalation), 'stale', { escalationId: escalation.id });
  switch (action) {
    case 'claim':
      return claim(turn, escalation, event.by);
    case 'check-again': {
      const account = accountOfCase(turn, escalation);
      return account ? repeatCheck(turn, account, escalation) : turn;
    }
    case 'ask-rep':
      return cause(turn, { type: 'open-form', form: 'ask-rep', about: escalation.id });
    case 'resolve':
      return resolve(turn, escalation, event.by);
    case 'reopen':
      return reopenByIt(turn, escalation, event.by);
    default:
      return action satisfies never;
  }
};
