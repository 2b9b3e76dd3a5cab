import type { Block } from '../../chat/view.ts';
import { isWatchable, loginCauses } from '../../conversation/check/causes.ts';
import type { Conversation, Locale, Notice } from '../../conversation/state/conversation.ts';
import { findCheck, findEscalation, isFinished } from '../../conversation/state/selectors.ts';
import { longestText } from '../../conversation/view/forms.ts';
import { isKey, translator } from '../catalogue/catalogue.ts';
import { withNames } from '../catalogue/names.ts';
import { unmetInWords } from '../findings/finding-blocks.ts';
import type { ForPerson } from '../wording.ts';
import { guidingNotice, plain } from './guiding-notices.ts';
import { ownBlocks, queueCommand } from './home.ts';
import type { Content } from './it.ts';
import { joinedContent, recheckInWords } from './it.ts';

const quoted = (summary: string, by: string | null, text: string | null, hint?: string): Content => ({
  summary,
  blocks: [
    { type: 'text', text: summary },
    ...(text === null ? [] : [{ type: 'quote', by: by ?? '', text } as const]),
    ...(hint === undefined ? [] : [{ type: 'note', text: hint } as const]),
  ],
});

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
type ThreadNotice = Extract<Notice, { to: 'thread' }>;

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

/** A line for the rep. */
export const repNotice = (conversation: Conversation, kept: RepNotice, around: AroundNotice): Content => {
  const t = translator(conversation.locale);
  const notice = withNames(kept, conversation.locale);
  const { kind, by, text } = notice;
  switch (kind) {
    case 'help':
      return help(conversation.locale, around);
    case 'status':
      return status(conversation, around.now);
    case 'question':
      return quoted(t('views:notice.question'), by, text, t('views:notice.question-how'));
    case 'question-reminder':
      return quoted(t('views:notice.question-reminder'), by, text, t('views:notice.question-how'));
    case 'answer-failed':
      return quoted(t('views:notice.answer-failed'), conversation.person.name, text);
    case 'answer-too-long':
      return plain(t('views:notice.answer-too-long', { max: longestText }));
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
    case 'check-failed':
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

const checkedAgain = (conversation: Conversation, { checkId, by }: ThreadNotice, locale: Locale): Content => {
  const t = translator(locale);
  const heading =
    by === null ? t('views:thread.checked-again') : t('views:thread.checked-again-for', { name: by });
  const check = checkId === null ? null : findCheck(conversation, checkId);
  if (!check || !isFinished(check)) return plain(heading);
  const result = recheckInWords(check, locale);
  return {
    summary: `${heading} ${result}`,
    blocks: [
      { type: 'text', text: `${heading} ${result}` },
      ...unmetInWords(check, locale).map(
        ({ finding, text }): Block => ({
          type: 'finding',
          tone: finding.verdict === 'fail' ? 'bad' : 'open',
          title: text.title,
          paragraphs: [{ label: null, text: text.explanation }],
        }),
      ),
    ],
  };
};

/** Whoever has the case is called by the first words; a change of the message later calls nobody again. */
const calling = (content: Content, { kind, calls }: ThreadNotice): Content => {
  const [first, ...rest] = content.blocks;
  const whom = calls && ({ type: 'person', person: calls } as const);
  const to = kind === 'unclaimed' ? ({ type: 'it' } as const) : whom;
  return to && first?.type === 'text' ? { ...content, blocks: [{ ...first, to }, ...rest] } : content;
};

/** The error that she has chosen, by HubSpot's name for it, and which step of its test that is. */
const hubspotSaid = ({ by, text }: ThreadNotice, locale: Locale): Content => {
  const t = translator(locale);
  const [error] = [`views:button.said-${text}`].filter(isKey);
  const [meaning] = [`views:notice.said-${text}`].filter(isKey);
  const summary = t('views:thread.hubspot-said', { name: by, error: error ? t(error) : text });
  return meaning ? plain(summary, t(meaning)) : plain(summary);
};

/** A line in the thread of a case. */
export const threadNotice = (conversation: Conversation, notice: ThreadNotice, locale: Locale): Content =>
  calling(threadContent(conversation, notice, locale), notice);

const threadContent = (conversation: Conversation, kept: ThreadNotice, locale: Locale): Content => {
  const t = translator(locale);
  const notice = withNames(kept, locale);
  const { kind, by, text } = notice;
  switch (kind) {
    case 'answer': {
      const question = findEscalation(conversation, notice.escalationId)?.question ?? null;
      return quoted(t('views:thread.answer', { name: by }), by, text, question ?? undefined);
    }
    case 'checked-again':
      return checkedAgain(conversation, notice, locale);
    case 'hubspot-said':
      return hubspotSaid(notice, locale);
    case 'hubspot-said-else':
      return quoted(t('views:thread.hubspot-said-else', { name: by }), by, text);
    case 'already-claimed':
      return plain(t('views:thread.already-claimed', { name: by, other: text }));
    case 'too-many-checks':
    case 'too-many-texts':
      return plain(t(`views:thread.${kind}`, { count: Number(text) }));
    case 'joined':
      return joinedContent(conversation, notice.escalationId, locale);
    case 'gone':
    case 'back':
    case 'left':
    case 'unclaimed':
    case 'withdrawn':
    case 'reopened-by-rep':
    case 'it-worked':
    case 'it-failed':
    case 'check-failed':
    case 'busy':
    case 'stale':
    case 'said-after-resolved':
    case 'said-after-withdrawn':
    case 'rep-not-reached':
      return plain(t(`views:thread.${kind}`, { name: by }));
    default:
      return kind satisfies never;
  }
};
