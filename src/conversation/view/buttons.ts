import type { Check, Conversation } from '../state/conversation.ts';
import { buttonsByState } from '../state/escalation-states.ts';
import {
  escalationOf,
  hasUnmet,
  isFinished,
  isReopenable,
  newestCheck,
  threadOf,
} from '../state/selectors.ts';
import { noticeButtons } from './notice-buttons.ts';
import {
  type ButtonContext,
  handOver,
  loginTest,
  lostEscalationButtons,
  type OfferedButton,
  offer,
} from './offers.ts';
import { type Subject, subjectOf } from './slot.ts';

const escalationButtons = (
  conversation: Conversation,
  check: Check,
  around: ButtonContext,
): OfferedButton[] => {
  const escalation = escalationOf(conversation, check);
  if (!escalation) return handOver(check, around.itChannel);
  if (escalation.delivery === 'failed') return lostEscalationButtons(escalation, check, around);
  if (escalation.state !== 'resolved') return offer(escalation.id, buttonsByState[escalation.state].rep);
  const stillUnmet = hasUnmet(check);
  if (!stillUnmet && check.id !== escalation.checkId) return [];
  return isReopenable(escalation, around.now)
    ? offer(escalation.id, ['reopen'])
    : handOver(check, around.itChannel);
};

const reportButtons = (conversation: Conversation, check: Check, around: ButtonContext): OfferedButton[] => {
  if (!isFinished(check) || newestCheck(conversation)?.id !== check.id) return [];
  const ofEscalation = escalationButtons(conversation, check, around);
  const isLast = ({ action }: OfferedButton) => action === 'withdraw';
  return [
    ...ofEscalation.filter((button) => !isLast(button)),
    ...offer(check.id, ['edit', 'check-again', ...loginTest(check, around)]),
    ...(check.detailsShown ? [] : offer(check.id, ['details'])),
    ...ofEscalation.filter(isLast),
  ];
};

const ofSubject = (
  conversation: Conversation,
  subject: Subject,
  around: ButtonContext,
): readonly OfferedButton[] => {
  switch (subject.type) {
    case 'welcome':
      return offer('', ['start']);
    case 'report':
      return reportButtons(conversation, subject.check, around);
    case 'it-root':
      return subject.escalation.joinedTo
        ? []
        : offer(subject.escalation.id, buttonsByState[threadOf(subject.escalation).state].it);
    case 'notice':
      return noticeButtons(conversation, subject.notice, around);
    case 'progress':
    case 'details':
    case 'it-evidence':
      return [];
    default:
      return subject satisfies never;
  }
};

/** The buttons of a message at this moment; each of them is accepted by `step` as long as it is shown. */
export const buttonsOf = (
  conversation: Conversation,
  slot: string,
  around: ButtonContext,
): readonly OfferedButton[] => {
  const subject = subjectOf(conversation, slot);
  return subject ? ofSubject(conversation, subject, around) : [];
};
