import type { ButtonAction } from '../../chat/view.ts';
import { loginCauses } from '../check/causes.ts';
import { type LoginRules, offersLoginTest } from '../check/login-test.ts';
import type { Check, Conversation, Escalation, Notice } from '../state/conversation.ts';
import { buttonsByState } from '../state/escalation-states.ts';
import {
  escalationOf,
  findCheck,
  findEscalation,
  hasUnmet,
  isFinished,
  isReopenable,
  newestCheck,
  threadOf,
} from '../state/selectors.ts';
import { type Subject, subjectOf } from './slot.ts';

/** A button on a message; `about`: id of the check or case it belongs to. */
export type OfferedButton = { action: ButtonAction; about: string };

/** What buttons depend on besides the conversation. `itChannel`: there is one to hand a case over to. */
export type ButtonContext = LoginRules & { now: number; itChannel: boolean };

const offer = (about: string, actions: readonly ButtonAction[]): OfferedButton[] =>
  actions.map((action) => ({ action, about }));

const handOver = (check: Check, itChannel: boolean): OfferedButton[] =>
  itChannel && hasUnmet(check) ? offer(check.id, ['escalate']) : [];

/** While we try again by ourselves, she can call it off; afterwards there is nothing left to call off. */
const lostEscalationButtons = (
  escalation: Escalation,
  check: Check,
  around: ButtonContext,
): OfferedButton[] => [
  ...handOver(check, around.itChannel),
  ...(escalation.retry ? offer(escalation.id, buttonsByState[escalation.state].rep) : []),
];

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

const loginTest = (check: Check, around: ButtonContext): ButtonAction[] =>
  offersLoginTest(check, around) ? ['test-login'] : [];

/** What a rep can do who brings an error of HubSpot's: look, with what we know of her account. */
const afterHubspotError = (conversation: Conversation, notice: Notice, around: ButtonContext) => {
  const check = notice.checkId === null ? null : findCheck(conversation, notice.checkId);
  if (!check || newestCheck(conversation)?.id !== check.id) return offer('', ['start']);
  return offer(check.id, ['check-again', 'edit', ...loginTest(check, around)]);
};

/** A link that is worth nothing any more makes way for a new one. */
const afterLink = (conversation: Conversation, notice: Notice, around: ButtonContext): OfferedButton[] => {
  const check = notice.checkId === null ? null : findCheck(conversation, notice.checkId);
  const isOpen = conversation.openLogin === notice.id || conversation.openLogin !== null;
  if (!check || isOpen || newestCheck(conversation)?.id !== check.id) return [];
  return offer(check.id, loginTest(check, around));
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

/** A case that was resolved is checked once more from the notice that says so; afterwards the report takes over. */
const checkedSince = (conversation: Conversation, moment: number): boolean =>
  (newestCheck(conversation)?.startedAt ?? 0) > moment;

const concerned = (conversation: Conversation, { escalationId }: Notice): Escalation | null =>
  escalationId === null ? null : findEscalation(conversation, escalationId);

const afterFailedCheck = (conversation: Conversation, notice: Notice): OfferedButton[] => {
  const check = notice.checkId === null ? null : findCheck(conversation, notice.checkId);
  const isNewest = check !== null && newestCheck(conversation)?.id === check.id;
  return isNewest ? offer(check.id, ['check-again', 'edit']) : [];
};

/** An open question is answered from the newest of the notices that ask for it. */
const whileAsked = (conversation: Conversation, notice: Notice): OfferedButton[] => {
  const escalation = concerned(conversation, notice);
  const newest = conversation.notices.findLast(
    ({ kind, escalationId }) => kind === notice.kind && escalationId === notice.escalationId,
  );
  const isOpen = escalation?.state === 'waiting-for-rep' && newest?.id === notice.id;
  return isOpen ? offer(escalation.id, ['answer']) : [];
};

const afterResolved = (
  conversation: Conversation,
  notice: Notice,
  around: ButtonContext,
): OfferedButton[] => {
  const escalation = concerned(conversation, notice);
  if (escalation?.state !== 'resolved' || escalation.resolvedAt === null) return [];
  if (checkedSince(conversation, escalation.resolvedAt)) return [];
  const newest = newestCheck(conversation);
  const needsLogin = loginCauses(conversation, escalation).length > 0;
  return [
    ...(newest && needsLogin ? offer(newest.id, loginTest(newest, around)) : []),
    ...offer(escalation.id, [
      'check-again',
      ...(isReopenable(escalation, around.now) ? (['reopen'] as const) : []),
    ]),
  ];
};

const afterLostHandOver = (
  conversation: Conversation,
  notice: Notice,
  around: ButtonContext,
): OfferedButton[] => {
  const escalation = concerned(conversation, notice);
  const check = escalation && findCheck(conversation, escalation.checkId);
  const canTryAgain =
    escalation?.delivery === 'failed' &&
    escalation.state === 'open' &&
    check?.id === newestCheck(conversation)?.id;
  return check && canTryAgain ? lostEscalationButtons(escalation, check, around) : [];
};

const noticeButtons = (
  conversation: Conversation,
  notice: Notice,
  around: ButtonContext,
): OfferedButton[] => {
  // What IT can do stands at the message of the case.
  if (notice.to === 'thread') return [];
  switch (notice.kind) {
    case 'help':
    case 'no-public-imap':
      return offer('', ['start']);
    case 'use-native-google':
    case 'use-native-microsoft':
      return offer('', ['continue-imap']);
    case 'said-imap-settings':
    case 'said-imap-login':
    case 'said-smtp-settings':
    case 'said-unauthorized':
      return afterHubspotError(conversation, notice, around);
    case 'login-link':
      return afterLink(conversation, notice, around);
    case 'check-failed':
      return afterFailedCheck(conversation, notice);
    case 'question':
    case 'question-reminder':
    case 'answer-failed':
    case 'answer-too-long':
      return whileAsked(conversation, notice);
    case 'resolved':
      return afterResolved(conversation, notice, around);
    case 'hand-over-failed':
    case 'hand-over-given-up':
      return afterLostHandOver(conversation, notice, around);
    case 'handed-over':
    case 'already-handed-over':
    case 'hand-over-running':
    case 'no-it-channel':
    case 'claimed':
    case 'answer-arrived':
    case 'withdrawn':
    case 'reopened-by-it':
    case 'reopen-arrived':
    case 'reopen-failed':
    case 'gone':
    case 'back':
    case 'busy':
    case 'busy-values-kept':
    case 'stale':
    case 'not-allowed':
    case 'status':
    case 'language':
    case 'too-many-checks':
    case 'too-many-logins':
    case 'too-many-texts':
    case 'too-many-messages':
    case 'forgetting':
      return [];
    default:
      return notice satisfies never;
  }
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
