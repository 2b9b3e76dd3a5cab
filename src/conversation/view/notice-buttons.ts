/** What can be done from a line that says one thing once. */
import type { ButtonAction } from '../../chat/view.ts';
import { loginCauses } from '../check/causes.ts';
import type { Conversation, Escalation, Notice } from '../state/conversation.ts';
import {
  findCheck,
  findEscalation,
  isOutcomeOpen,
  isReopenable,
  lacksHubspotError,
  newestCheck,
} from '../state/selectors.ts';
import { type ButtonContext, loginTest, lostEscalationButtons, type OfferedButton, offer } from './offers.ts';

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

/** A case that was resolved is checked once more from the notice that says so; afterwards the report takes over. */
const checkedSince = (conversation: Conversation, moment: number): boolean =>
  (newestCheck(conversation)?.startedAt ?? 0) > moment;

const concerned = (conversation: Conversation, { escalationId }: Notice): Escalation | null =>
  escalationId === null ? null : findEscalation(conversation, escalationId);

const afterFailedCheck = (conversation: Conversation, notice: Notice): OfferedButton[] => {
  const check = notice.checkId === null ? null : findCheck(conversation, notice.checkId);
  const isNewest = notice.to === 'rep' && check !== null && newestCheck(conversation)?.id === check.id;
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

/** What HubSpot shows is asked for once, in the newest notice that asks. */
const afterFailure = (conversation: Conversation, notice: Notice): OfferedButton[] => {
  const escalation = concerned(conversation, notice);
  const newest = conversation.notices.findLast(
    ({ to, kind, escalationId }) =>
      to === 'rep' && kind === notice.kind && escalationId === notice.escalationId,
  );
  if (notice.to !== 'rep' || !escalation || newest?.id !== notice.id || !lacksHubspotError(escalation))
    return [];
  return offer(escalation.id, [
    'said-imap-settings',
    'said-imap-login',
    'said-smtp-settings',
    'said-unauthorized',
    'said-other',
  ]);
};

const afterResolved = (
  conversation: Conversation,
  notice: Notice,
  around: ButtonContext,
): OfferedButton[] => {
  const escalation = concerned(conversation, notice);
  if (escalation?.state !== 'resolved' || escalation.resolvedAt === null) return [];
  const outcome: ButtonAction[] = isOutcomeOpen(escalation, around.now) ? ['it-worked', 'it-failed'] : [];
  if (checkedSince(conversation, escalation.resolvedAt)) return offer(escalation.id, outcome);
  const newest = newestCheck(conversation);
  const needsLogin = loginCauses(conversation, escalation).length > 0;
  return [
    ...(newest && needsLogin ? offer(newest.id, loginTest(newest, around)) : []),
    ...offer(escalation.id, [
      'check-again',
      ...outcome,
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

type Offers = (conversation: Conversation, notice: Notice, around: ButtonContext) => OfferedButton[];

const none: Offers = () => [];
const toBegin: Offers = () => offer('', ['start']);
const withImap: Offers = () => offer('', ['continue-imap']);

/** What each notice offers; one line for each kind. */
const byKind: Readonly<Record<Notice['kind'], Offers>> = {
  help: toBegin,
  'no-public-imap': toBegin,
  'use-native-google': withImap,
  'use-native-microsoft': withImap,
  'said-imap-settings': afterHubspotError,
  'said-imap-login': afterHubspotError,
  'said-smtp-settings': afterHubspotError,
  'said-unauthorized': afterHubspotError,
  'login-link': afterLink,
  'check-failed': afterFailedCheck,
  question: whileAsked,
  'question-reminder': whileAsked,
  'answer-failed': whileAsked,
  'answer-too-long': whileAsked,
  resolved: afterResolved,
  'it-failed': afterFailure,
  'hand-over-failed': afterLostHandOver,
  'hand-over-given-up': afterLostHandOver,
  'handed-over': none,
  'already-handed-over': none,
  'hand-over-running': none,
  'no-it-channel': none,
  claimed: none,
  'answer-arrived': none,
  unclaimed: none,
  withdrawn: none,
  'reopened-by-it': none,
  'reopen-arrived': none,
  'reopen-failed': none,
  'it-worked': none,
  gone: none,
  back: none,
  busy: none,
  'busy-values-kept': none,
  stale: none,
  'not-allowed': none,
  status: none,
  language: none,
  'too-many-checks': none,
  'too-many-logins': none,
  'too-many-texts': none,
  'too-many-messages': none,
  forgetting: none,
  joined: none,
  left: none,
  'already-claimed': none,
  answer: none,
  'reopened-by-rep': none,
  'hubspot-said': none,
  'hubspot-said-else': none,
  'checked-again': none,
  'said-after-resolved': none,
  'said-after-withdrawn': none,
  'rep-not-reached': none,
};

/** The buttons of a notice at this moment. */
export const noticeButtons: Offers = (conversation, notice, around) =>
  byKind[notice.kind](conversation, notice, around);
