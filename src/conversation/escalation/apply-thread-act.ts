/** What becomes of a thread, as it shows in the case of one rep. */
import { showEscalation, showReport, startDueReport } from '../check/checks.ts';
import type { Escalation } from '../state/conversation.ts';
import { findEscalation, isActive } from '../state/selectors.ts';
import { changeEscalation, type Turn, tellRep } from '../turn.ts';
import type { ThreadAct } from './relay.ts';

/** The state to return to when a question has been answered. */
const stateBefore = ({ state, before }: Escalation): Escalation['before'] => {
  if (state === 'waiting-for-rep') return before;
  return state === 'claimed' ? 'claimed' : 'open';
};

const claimed = (turn: Turn, escalation: Escalation, by: NonNullable<Escalation['claimedBy']>): Turn => {
  const isWaiting = escalation.state === 'waiting-for-rep';
  const changes = isWaiting ? { before: 'claimed' as const } : { state: 'claimed' as const };
  const known = changeEscalation(turn, escalation.id, { ...changes, claimedBy: by });
  return tellRep(showEscalation(known, escalation), 'claimed', { escalationId: escalation.id, by: by.name });
};

const asked = (turn: Turn, escalation: Escalation, question: { by: string; text: string }): Turn => {
  const known = changeEscalation(turn, escalation.id, {
    state: 'waiting-for-rep',
    question: question.text,
    before: stateBefore(escalation),
  });
  return tellRep(showEscalation(known, escalation), 'question', { escalationId: escalation.id, ...question });
};

const resolved = (turn: Turn, escalation: Escalation, by: string): Turn => {
  const known = changeEscalation(turn, escalation.id, {
    state: 'resolved',
    resolvedBy: by,
    resolvedAt: turn.stamp.at,
    outcome: null,
  });
  return tellRep(showEscalation(known, escalation), 'resolved', { escalationId: escalation.id, by });
};

const reopened = (turn: Turn, escalation: Escalation, by: string): Turn => {
  const known = changeEscalation(turn, escalation.id, { state: 'open', claimedBy: null, resolvedAt: null });
  return tellRep(showEscalation(known, escalation), 'reopened-by-it', { escalationId: escalation.id, by });
};

const gone = (turn: Turn, escalation: Escalation): Turn => {
  const told = tellRep(turn, 'gone', { escalationId: escalation.id });
  const relapse = escalation.relapse && { ...escalation.relapse, isOver: true };
  return startDueReport(changeEscalation(told, escalation.id, { reportDue: true, relapse }));
};

/** What her newest report says holds no more; the next one says what does. */
const back = (turn: Turn, escalation: Escalation): Turn => {
  const relapse = { at: turn.stamp.at, isOver: false };
  const known = changeEscalation(turn, escalation.id, { reportDue: true, relapse });
  return startDueReport(tellRep(showReport(known, escalation), 'back', { escalationId: escalation.id }));
};

/** The rep's side of it. What comes too late for her changes nothing. */
export const applyAct = (turn: Turn, id: string, act: ThreadAct): Turn => {
  const escalation = findEscalation(turn.conversation, id);
  if (!escalation) return turn;
  if (act.type === 'reopened')
    return escalation.state === 'resolved' ? reopened(turn, escalation, act.by) : turn;
  if (!isActive(escalation)) return turn;
  switch (act.type) {
    case 'claimed':
      return claimed(turn, escalation, act.by);
    case 'asked':
      return asked(turn, escalation, { by: act.by, text: act.text });
    case 'resolved':
      return resolved(turn, escalation, act.by);
    case 'gone':
      return gone(turn, escalation);
    case 'back':
      return back(turn, escalation);
    default:
      return act satisfies never;
  }
};
