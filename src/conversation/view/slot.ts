import { type Service, services } from '../../diagnosis/account/endpoint.ts';
import type { Check, Conversation, Escalation, Notice } from '../state/conversation.ts';
import { findCheck, findEscalation, findNotice, isActive, isFinished, threadOf } from '../state/selectors.ts';

/** What a slot speaks of. */
export type Subject =
  | { type: 'welcome' }
  | { type: 'progress' | 'report' | 'details'; check: Check }
  | { type: 'it-root'; escalation: Escalation }
  | { type: 'it-evidence'; escalation: Escalation; service: Service }
  | { type: 'notice'; notice: Notice };

export const evidenceSlot = (escalationId: string, service: Service) =>
  `it-evidence:${escalationId}.${service}` as const;

const evidenceSubject = (conversation: Conversation, key: string): Subject | null => {
  const dot = key.lastIndexOf('.');
  const escalation = findEscalation(conversation, key.slice(0, dot));
  const service = services.find((known) => known === key.slice(dot + 1));
  return escalation && service ? { type: 'it-evidence', escalation, service } : null;
};

/** Null: the slot has nothing to say (any more). */
export const subjectOf = (conversation: Conversation, slot: string): Subject | null => {
  const colon = slot.indexOf(':');
  const type = colon < 0 ? slot : slot.slice(0, colon);
  const id = colon < 0 ? '' : slot.slice(colon + 1);
  if (type === 'welcome') return { type };
  if (type === 'it-evidence') return evidenceSubject(conversation, id);
  if (type === 'progress' || type === 'report' || type === 'details') {
    const check = findCheck(conversation, id);
    return check && (type === 'progress' || isFinished(check)) ? { type, check } : null;
  }
  if (type === 'it-root') {
    const escalation = findEscalation(conversation, id);
    return escalation && { type, escalation };
  }
  if (type === 'notice') {
    const notice = findNotice(conversation, id);
    return notice && { type, notice };
  }
  return null;
};

/**
 * What is to be shown now. A case that was withdrawn before IT saw it is not; one in somebody else's thread has a place
 * to find, but no root message of its own.
 */
export const dueSubject = (conversation: Conversation, slot: string): Subject | null => {
  const subject = subjectOf(conversation, slot);
  if (subject?.type !== 'it-root') return subject;
  const isPosted = conversation.messages[slot] !== undefined;
  if (subject.escalation.joinedTo) return !isPosted && isActive(subject.escalation) ? subject : null;
  return threadOf(subject.escalation).state === 'withdrawn' && !isPosted ? null : subject;
};

/** Whose messages a slot belongs to: the rep's direct messages, the IT channel itself, or the thread of a case in it. */
export type Side = { type: 'rep' } | { type: 'it-channel' } | { type: 'thread'; escalationId: string };

export const sideOf = (subject: Subject): Side => {
  switch (subject.type) {
    case 'welcome':
    case 'progress':
    case 'report':
    case 'details':
      return { type: 'rep' };
    case 'it-root':
      return { type: 'it-channel' };
    case 'it-evidence':
      return { type: 'thread', escalationId: subject.escalation.id };
    case 'notice':
      return subject.notice.to === 'rep'
        ? { type: 'rep' }
        : { type: 'thread', escalationId: subject.notice.escalationId };
    default:
      return subject satisfies never;
  }
};
