/** What a check has found, or that it could not be made. */

import type { EventOf } from '../events/event.ts';
import type { Check, Escalation } from '../state/conversation.ts';
import { findCheck, findEscalation, isFinished } from '../state/selectors.ts';
import { changeCheck, show, type Turn, tellRep, tellThread } from '../turn.ts';
import { showEscalation, startDueReport, withoutOpenLink } from './checks.ts';
import { observeCheck } from './watch.ts';

/** A result that was reported before, or that nobody waits for, changes nothing. */
const waitedFor = (turn: Turn, id: string): Check | null => {
  const check = findCheck(turn.conversation, id);
  return check?.state === 'running' ? check : null;
};

const isBlocked = ({ assessment }: Check): boolean => assessment?.verdict === 'blocked';

/**
 * IT has asked for it and reads the result; of a check by ourselves it reads only what still stands in the way, if it does not
 * know that.
 */
const tellResult = (turn: Turn, escalation: Escalation, check: Check): Turn =>
  check.byWatch && (!isBlocked(check) || escalation.relapse?.isOver === false)
    ? turn
    : tellThread(turn, 'checked-again', {
        escalationId: escalation.id,
        checkId: check.id,
        ...(escalation.joinedTo ? { by: turn.conversation.person.name } : {}),
      });

const escalationChecked = (turn: Turn, escalation: Escalation, check: Check): Turn => {
  const told = tellResult(show(turn, `report:${check.id}`, `it-root:${escalation.id}`), escalation, check);
  return isFinished(check) ? observeCheck(told, escalation, check) : told;
};

export const checkFinished = (turn: Turn, event: EventOf<'check-finished'>): Turn => {
  const waiting = waitedFor(turn, event.checkId);
  if (!waiting) return turn;
  const { assessment, transcripts, durationMs, foreignServers = waiting.foreignServers } = event;
  // One that IT began becomes the newest only now.
  const known = changeCheck(withoutOpenLink(turn), waiting.id, {
    state: 'finished',
    assessment,
    transcripts,
    durationMs,
    foreignServers,
    ...(event.rehearsal && { rehearsal: event.rehearsal }),
  });
  const check = findCheck(known.conversation, waiting.id);
  const escalation = waiting.forCase === null ? null : findEscalation(known.conversation, waiting.forCase);
  const reported =
    check && escalation
      ? escalationChecked(known, escalation, check)
      : show(known, `report:${waiting.id}`, `progress:${waiting.id}`);
  return startDueReport(reported);
};

export const checkFailed = (turn: Turn, event: EventOf<'check-failed'>): Turn => {
  const check = waitedFor(turn, event.checkId);
  if (!check) return turn;
  const known = changeCheck(turn, check.id, { state: 'failed' });
  const escalation = check.forCase === null ? null : findEscalation(known.conversation, check.forCase);
  if (!escalation)
    return startDueReport(
      show(tellRep(known, 'check-failed', { checkId: check.id }), `progress:${check.id}`),
    );
  const shown = showEscalation(known, escalation);
  const told = check.byWatch
    ? tellRep(shown, 'check-failed', { checkId: check.id })
    : tellThread(shown, 'check-failed', { escalationId: escalation.id, checkId: check.id });
  return startDueReport(told);
};
