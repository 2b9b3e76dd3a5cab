import { services } from '../../diagnosis/account/endpoint.ts';
import { showEscalation, showReport } from '../check/checks.ts';
import { startWatch } from '../check/watch.ts';
import { toThread } from '../escalation/thread-members.ts';
import type { Escalation, Notice } from '../state/conversation.ts';
import { findEscalation, isActive } from '../state/selectors.ts';
import { cause, change, changeEscalation, show, type Turn, tellRep, tellThread } from '../turn.ts';
import { evidenceSlot, subjectOf } from '../view/slot.ts';
import type { EventOf } from './event.ts';

/** Only now it is true that IT has it. */
const escalationArrived = (turn: Turn, escalation: Escalation): Turn => {
  if (escalation.delivery === 'arrived') return turn;
  const { comment: _, ...draft } = turn.conversation.draft;
  const arrived = change(changeEscalation(turn, escalation.id, { delivery: 'arrived', retry: null }), {
    draft,
  });
  if (!isActive(escalation)) return show(arrived, `it-root:${escalation.id}`);
  // Below somebody else's root one message says it all.
  const evidence = escalation.joinedTo
    ? arrived
    : show(arrived, ...services.map((service) => evidenceSlot(escalation.id, service)));
  const told = tellRep(showEscalation(evidence, escalation), 'handed-over', { escalationId: escalation.id });
  return startWatch(told, escalation.id);
};

const noticeArrived = (turn: Turn, { to, kind, escalationId }: Notice): Turn => {
  const escalation = escalationId === null ? null : findEscalation(turn.conversation, escalationId);
  if (to !== 'thread' || !escalation) return turn;
  if (kind === 'joined') return escalationArrived(turn, escalation);
  if (kind === 'hubspot-said-else') {
    const { reply: _, ...draft } = turn.conversation.draft;
    return tellRep(change(turn, { draft }), 'answer-arrived', { escalationId: escalation.id });
  }
  if (kind === 'answer') {
    const { reply: _, ...draft } = turn.conversation.draft;
    const told = tellRep(change(turn, { draft }), 'answer-arrived', { escalationId: escalation.id });
    return toThread(told, escalation, { type: 'answered' });
  }
  if (kind !== 'reopened-by-rep' && kind !== 'it-failed') return turn;
  const told = tellRep(turn, kind === 'it-failed' ? 'it-failed' : 'reopen-arrived', {
    escalationId: escalation.id,
  });
  return toThread(told, escalation, { type: 'reopened' });
};

export const posted = (turn: Turn, { slot, ref }: EventOf<'posted'>): Turn => {
  const subject = subjectOf(turn.conversation, slot);
  if (!subject) return turn;
  const isNews = turn.conversation.messages[slot] === undefined;
  const known = change(turn, { messages: { ...turn.conversation.messages, [slot]: ref } });
  if (subject.type === 'it-root') return escalationArrived(known, subject.escalation);
  return subject.type === 'notice' && isNews ? noticeArrived(known, subject.notice) : known;
};

const minute = 60_000;
const longestPauseMs = 4 * 60 * minute;
/** How long a case that does not arrive is tried again by itself, in milliseconds. */
const patienceMs = 7 * 24 * 60 * minute;

/** She is told once for each time she has asked for it; the tries between make no noise. */
const escalationLost = (turn: Turn, escalation: Escalation): Turn => {
  const { id, delivery, retry } = escalation;
  if (delivery === 'arrived') return turn;
  const failed = changeEscalation(turn, id, { delivery: 'failed' });
  if (!isActive(escalation)) return failed;
  const { at } = turn.stamp;
  const isAsked = retry?.byItself !== true;
  if (retry?.byItself && at - retry.since >= patienceMs)
    return tellRep(changeEscalation(failed, id, { retry: null }), 'hand-over-given-up', { escalationId: id });
  const count = (retry?.count ?? 0) + 1;
  const planned = cause(
    changeEscalation(failed, id, { retry: { count, since: retry?.since ?? at, byItself: false } }),
    {
      type: 'hand-over-again',
      escalationId: id,
      count,
      afterMs: Math.min(longestPauseMs, minute * 2 ** (count - 1)),
    },
  );
  if (!isAsked) return planned;
  return tellRep(showReport(planned, escalation), 'hand-over-failed', { escalationId: id });
};

/** The thread that it was to join cannot be reached: it has no place yet. */
const joinLost = (turn: Turn, escalation: Escalation): Turn => {
  const { [`it-root:${escalation.id}`]: _, ...messages } = turn.conversation.messages;
  return escalationLost(change(turn, { messages }), escalation);
};

/** What HubSpot shows is not known to IT: she can say it again. */
const explanationUnheard = (turn: Turn, { kind, text }: Notice, { id, outcome }: Escalation): Turn => {
  const again = outcome && changeEscalation(turn, id, { outcome: { ...outcome, isExplained: false } });
  const words = kind === 'hubspot-said-else' && text !== null ? text : null;
  const { draft } = turn.conversation;
  const kept =
    words === null ? (again ?? turn) : change(again ?? turn, { draft: { ...draft, reply: words } });
  return tellRep(kept, 'answer-failed', { escalationId: id, ...(words === null ? {} : { text: words }) });
};

/** The rep's words never reached IT: she learns it, and the case is again where it was. */
const repUnheard = (turn: Turn, notice: Notice, escalation: Escalation): Turn => {
  const about = { escalationId: escalation.id, ...(notice.text === null ? {} : { text: notice.text }) };
  if (notice.kind === 'answer') {
    if (!isActive(escalation)) return tellRep(turn, 'answer-failed', about);
    const draft = { ...turn.conversation.draft, reply: notice.text ?? '' };
    const asked = changeEscalation(change(turn, { draft }), escalation.id, { state: 'waiting-for-rep' });
    return tellRep(showEscalation(asked, escalation), 'answer-failed', about);
  }
  if (notice.kind === 'hubspot-said' || notice.kind === 'hubspot-said-else')
    return explanationUnheard(turn, notice, escalation);
  const isReopening = notice.kind === 'reopened-by-rep' || notice.kind === 'it-failed';
  if (!isReopening || escalation.state !== 'open') return turn;
  const outcome = notice.kind === 'it-failed' ? null : escalation.outcome;
  const resolved = changeEscalation(turn, escalation.id, { state: 'resolved', outcome });
  return tellRep(showEscalation(resolved, escalation), 'reopen-failed', about);
};

const noticeLost = (turn: Turn, notice: Notice): Turn => {
  const escalation =
    notice.escalationId === null ? null : findEscalation(turn.conversation, notice.escalationId);
  if (!escalation) return turn;
  if (notice.kind === 'joined') return escalation.delivery === 'arrived' ? turn : joinLost(turn, escalation);
  if (notice.to === 'thread') return repUnheard(turn, notice, escalation);
  return notice.kind === 'question' || notice.kind === 'resolved'
    ? tellThread(turn, 'rep-not-reached', {
        escalationId: escalation.id,
        by: turn.conversation.person.name,
      })
    : turn;
};

/** Something that never arrived at all; a message that stands but could not be changed concerns nobody. */
export const undelivered = (turn: Turn, { slot }: EventOf<'undelivered'>): Turn => {
  if (turn.conversation.messages[slot] !== undefined) return turn;
  const subject = subjectOf(turn.conversation, slot);
  if (subject?.type === 'it-root') return escalationLost(turn, subject.escalation);
  return subject?.type === 'notice' ? noticeLost(turn, subject.notice) : turn;
};

/** As if it had never arrived, and it is on its way to where IT is now; what was done about it so far stays so. */
export const threadLost = (turn: Turn, { escalationId, root }: EventOf<'thread-lost'>): Turn => {
  const escalation = findEscalation(turn.conversation, escalationId);
  const slot = `it-root:${escalationId}` as const;
  const stands = turn.conversation.messages[slot];
  if (escalation?.delivery !== 'arrived' || stands?.platform !== root.platform || stands.id !== root.id)
    return turn;
  const lost: string[] = [slot, ...services.map((service) => evidenceSlot(escalationId, service))];
  const messages = Object.fromEntries(
    Object.entries(turn.conversation.messages).filter(([key]) => !lost.includes(key)),
  );
  return show(changeEscalation(change(turn, { messages }), escalationId, { delivery: 'pending' }), slot);
};
