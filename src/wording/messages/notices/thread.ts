import type { Block } from '../../../chat/view.ts';
import type { Conversation, Locale, Notice } from '../../../conversation/state/conversation.ts';
import { findCheck, findEscalation, isFinished } from '../../../conversation/state/selectors.ts';
import { isKey, translator } from '../../catalogue/catalogue.ts';
import { withNames } from '../../catalogue/names.ts';
import { unmetInWords } from '../../findings/finding-blocks.ts';
import { type Content, joinedContent, recheckInWords } from '../it.ts';
import { plain, quoted } from './guiding.ts';

type ThreadNotice = Extract<Notice, { to: 'thread' }>;

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
