import { services } from '../diagnosis/endpoint.ts';
import { showCase } from './checks.ts';
import type { Escalation, Notice } from './conversation.ts';
import type { EventOf } from './event.ts';
import { findCase, isActive } from './select.ts';
import { evidenceSlot, subjectOf } from './slot.ts';
import { change, changeCase, show, type Turn, tellRep, tellThread } from './turn.ts';

/** Only now it is true that IT has it. */
const rootArrived = (turn: Turn, escalation: Escalation): Turn => {
  if (escalation.delivery === 'arrived') return turn;
  const { comment: _, ...draft } = turn.conversation.draft;
  const arrived = change(changeCase(turn, escalation.id, { delivery: 'arrived' }), { draft });
  if (escalation.state === 'withdrawn') return show(arrived, `it-root:${escalation.id}`);
  const evidence = show(arrived, ...services.map((service) => evidenceSlot(escalation.id, service)));
  return tellRep(showCase(evidence, escalation), 'handed-over', { escalationId: escalation.id });
};

const noticeArrived = (turn: Turn, { to, kind, escalationId }: Notice): Turn => {
  if (to !== 'thread' || escalationId === null) return turn;
  if (kind === 'answer') {
    const { reply: _, ...draft } = turn.conversation.draft;
    return tellRep(change(turn, { draft }), 'answer-arrived', { escalationId });
  }
  return kind === 'reopened-by-rep' ? tellRep(turn, 'reopen-arrived', { escalationId }) : turn;
};

export const posted = (turn: Turn, { slot, ref }: EventOf<'posted'>): Turn => {
  const subject = subjectOf(turn.conversation, slot);
  if (!subject) return turn;
  const known = change(turn, { messages: { ...turn.conversation.messages, [slot]: ref } });
  if (subject.type === 'it-root') return rootArrived(known, subject.case);
  return subject.type === 'notice' ? noticeArrived(known, subject.notice) : known;
};

const rootLost = (turn: Turn, escalation: Escalation): Turn => {
  if (escalation.delivery !== 'pending') return turn;
  const failed = changeCase(turn, escalation.id, { delivery: 'failed' });
  if (escalation.state === 'withdrawn') return failed;
  return tellRep(showCase(failed, escalation), 'hand-over-failed', { escalationId: escalation.id });
};

/** The rep's words never reached IT: she learns it, and the case is again where it was. */
const repUnheard = (turn: Turn, notice: Notice, escalation: Escalation): Turn => {
  const about = { escalationId: escalation.id, ...(notice.text === null ? {} : { text: notice.text }) };
  if (notice.kind === 'answer') {
    if (!isActive(escalation)) return tellRep(turn, 'answer-failed', about);
    const draft = { ...turn.conversation.draft, reply: notice.text ?? '' };
    const asked = changeCase(change(turn, { draft }), escalation.id, { state: 'waiting-for-rep' });
    return tellRep(showCase(asked, escalation), 'answer-failed', about);
  }
  if (notice.kind !== 'reopened-by-rep' || escalation.state !== 'open') return turn;
  const resolved = changeCase(turn, escalation.id, { state: 'resolved' });
  return tellRep(showCase(resolved, escalation), 'reopen-failed', about);
};

const noticeLost = (turn: Turn, notice: Notice): Turn => {
  const escalation = notice.escalationId === null ? null : findCase(turn.conversation, notice.escalationId);
  if (!escalation) return turn;
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
  if (subject?.type === 'it-root') return rootLost(turn, subject.case);
  return subject?.type === 'notice' ? noticeLost(turn, subject.notice) : turn;
};
