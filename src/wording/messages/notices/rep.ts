import type { Block } from '../../../chat/view.ts';
import { isWatchable, loginCauses } from '../../../conversation/check/causes.ts';
import type { Conversation, Locale, Notice } from '../../../conversation/state/conversation.ts';
import { findCheck, findEscalation } from '../../../conversation/state/selectors.ts';
import { longestText } from '../../../conversation/view/forms.ts';
import { translator } from '../../catalogue/catalogue.ts';
import { withNames } from '../../catalogue/names.ts';
import { mayLieInWords } from '../../findings/test-mail.ts';
import type { ForPerson } from '../../wording.ts';
import { ownBlocks, queueCommand } from '../home.ts';
import type { Content } from '../it.ts';
import { guidingNotice, plain, quoted } from './guiding.ts';

/** What a notice depends on besides the conversation. */
export type AroundNotice = Pick<ForPerson, 'command' | 'isOfIt'> & { now: number };

/** With the words as she types them on her platform; what is for IT alone only IT reads. */
const help = (locale: Locale, { command, isOfIt = false }: AroundNotice): Content => {
  const t = translator(locale);
  const heading = t('views:notice.help');
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: 'neutral' },
      ...(command === undefined
        ? [t('views:notice.help-text'), t('views:notice.help-words')]
        : [
            t('views:notice.help-text-command', { command }),
            t('views:notice.help-words-command', { command }),
          ]
      ).map((text, index): Block => ({ type: index === 0 ? 'text' : 'note', text })),
      ...(isOfIt
        ? [{ type: 'note', text: t('views:notice.help-it', { command: queueCommand(command) }) } as const]
        : []),
    ],
  };
};

const status = (conversation: Conversation, now: number): Content => {
  const { locale } = conversation;
  const heading = translator(locale)('views:notice.status');
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: 'neutral' },
      ...ownBlocks(conversation, { locale, now }),
    ],
  };
};

type RepNotice = Extract<Notice, { to: 'rep' }>;

/** Whether it is looked at again by ourselves is said once, when IT has got it. */
const handedOver = (conversation: Conversation, { escalationId }: RepNotice): Content => {
  const t = translator(conversation.locale);
  const text = t('views:notice.handed-over');
  const escalation = escalationId === null ? null : findEscalation(conversation, escalationId);
  if (!escalation) return plain(text);
  const notes = [
    ...(isWatchable(conversation, escalation) ? [t('views:notice.watched')] : []),
    ...(loginCauses(conversation, escalation).length > 0 ? [t('views:notice.not-watched')] : []),
  ];
  return { summary: text, blocks: [text, ...notes].map((line) => ({ type: 'text', text: line })) };
};

/** Where only a login shows whether it holds, that is what the rep is asked for. */
const resolved = (conversation: Conversation, { by: name, escalationId }: RepNotice): Content => {
  const t = translator(conversation.locale);
  const escalation = escalationId === null ? null : findEscalation(conversation, escalationId);
  const needsLogin = escalation !== null && loginCauses(conversation, escalation).length > 0;
  return plain(
    t(needsLogin ? 'views:notice.resolved-login' : 'views:notice.resolved', { name }),
    t('views:notice.did-it-work'),
  );
};

/** What had not arrived yet, IT was not going to do anything about. */
const withdrawn = (conversation: Conversation, { escalationId }: RepNotice): Content => {
  const t = translator(conversation.locale);
  const escalation = escalationId === null ? null : findEscalation(conversation, escalationId);
  const hasArrived = escalation === null || escalation.delivery === 'arrived';
  return plain(t(hasArrived ? 'views:notice.withdrawn' : 'views:notice.withdrawn-unseen'));
};

/** There is no report in which it could stand that a mail of ours may still lie somewhere. */
const failedCheck = (conversation: Conversation, { checkId }: RepNotice): Content => {
  const { locale } = conversation;
  const text = translator(locale)('views:notice.check-failed');
  const check = checkId === null ? null : findCheck(conversation, checkId);
  const mayLie = check && mayLieInWords(check, locale);
  return mayLie ? plain(text, mayLie) : plain(text);
};

type QuestionKind = 'question' | 'question-reminder' | 'answer-failed' | 'answer-too-long';

/** What IT asks, and what has become of the answer. */
const aboutQuestion = (conversation: Conversation, { by, text }: RepNotice, kind: QuestionKind): Content => {
  const t = translator(conversation.locale);
  switch (kind) {
    case 'question':
    case 'question-reminder':
      return quoted(t(`views:notice.${kind}`), by, text, t('views:notice.question-how'));
    case 'answer-failed':
      return quoted(t('views:notice.answer-failed'), conversation.person.name, text);
    case 'answer-too-long':
      return plain(t('views:notice.answer-too-long', { max: longestText }));
    default:
      return kind satisfies never;
  }
};

/** A line for the rep. */
export const repNotice = (conversation: Conversation, kept: RepNotice, around: AroundNotice): Content => {
  const t = translator(conversation.locale);
  const notice = withNames(kept, conversation.locale);
  const { kind, by } = notice;
  switch (kind) {
    case 'help':
      return help(conversation.locale, around);
    case 'status':
      return status(conversation, around.now);
    case 'question':
    case 'question-reminder':
    case 'answer-failed':
    case 'answer-too-long':
      return aboutQuestion(conversation, notice, kind);
    case 'use-native-google':
    case 'use-native-microsoft':
    case 'no-public-imap':
    case 'said-imap-settings':
    case 'said-imap-login':
    case 'said-smtp-settings':
    case 'said-unauthorized':
    case 'too-many-checks':
    case 'too-many-logins':
    case 'too-many-texts':
    case 'too-many-messages':
    case 'login-link':
      return guidingNotice(conversation, notice, kind);
    case 'handed-over':
      return handedOver(conversation, notice);
    case 'resolved':
      return resolved(conversation, notice);
    case 'withdrawn':
      return withdrawn(conversation, notice);
    case 'it-failed':
      return plain(t('views:notice.it-failed'), t('views:notice.it-failed-how'));
    case 'check-failed':
      return failedCheck(conversation, notice);
    case 'hand-over-failed':
    case 'hand-over-given-up':
    case 'already-handed-over':
    case 'hand-over-running':
    case 'no-it-channel':
    case 'claimed':
    case 'answer-arrived':
    case 'gone':
    case 'back':
    case 'reopened-by-it':
    case 'reopen-arrived':
    case 'reopen-failed':
    case 'it-worked':
    case 'busy':
    case 'busy-values-kept':
    case 'forgetting':
    case 'stale':
    case 'not-allowed':
    case 'language':
      return plain(t(`views:notice.${kind}`, { name: by }));
    default:
      return kind satisfies never;
  }
};
