import type { Block, Message } from '../../chat/view.ts';
import { loginCauses } from '../../conversation/check/causes.ts';
import type { Conversation, Escalation, Locale } from '../../conversation/state/conversation.ts';
import {
  checksOfEscalation,
  type FinishedCheck,
  findEscalation,
  isOutdated,
  isThreadActive,
  threadOf,
} from '../../conversation/state/selectors.ts';
import { type Finding, unmet } from '../../diagnosis/finding.ts';
import { translator } from '../catalogue/catalogue.ts';
import { accountRows } from '../findings/account-blocks.ts';
import { checkBlocks } from '../findings/command-blocks.ts';
import { inWords, toneOf, unmetInWords } from '../findings/finding-blocks.ts';
import { concerned, isOverdue, stateBlocks, stateInWords, withMember } from './escalation-state.ts';

export type Content = Omit<Message, 'buttons'>;

/** What looking again by ourselves has shown. */
const watchBlocks = ({ watch }: Escalation, locale: Locale): Block[] => {
  const t = translator(locale);
  if (watch?.told === 'back') return [{ type: 'text', text: t('views:root.back') }];
  const isGone = watch?.told === 'gone' || watch?.told === 'gone-again';
  return isGone ? [{ type: 'text', text: t('views:root.gone') }] : [];
};

/** What will be looked at again, and what only a login would show. */
const watchNotes = (conversation: Conversation, escalation: Escalation, locale: Locale): Block[] => {
  const t = translator(locale);
  const needsLogin = loginCauses(conversation, escalation).length > 0;
  return [
    ...(escalation.watch?.told === 'nothing' ? [t('views:root.watched')] : []),
    ...(needsLogin ? [t('views:root.not-watched')] : []),
  ].map((text) => ({ type: 'note', text }));
};

const isSame = (one: Finding, other: Finding): boolean =>
  one.requirement === other.requirement &&
  one.reason === other.reason &&
  one.endpoint?.service === other.endpoint?.service;

/** The titles of what was handed over and of what came up since; what is met by now says so. */
const causeBlocks = (first: FinishedCheck, newest: FinishedCheck | null, locale: Locale): Block[] => {
  const t = translator(locale);
  const before = first.assessment.findings.filter(unmet);
  const since = newest ? newest.assessment.findings.filter(unmet) : before;
  const isIn = (one: Finding, others: readonly Finding[]) => others.some((other) => isSame(one, other));
  // Sorted out before they are worded: what both servers had may be met by now at one of them.
  const titled = (findings: readonly Finding[], { account }: FinishedCheck, note: Note | null): Block[] =>
    inWords(findings, account, { locale, isIt: true }).map(({ finding, text }) => ({
      type: 'finding',
      tone: note === 'fixed' ? 'good' : toneOf(finding),
      title: text.title,
      paragraphs: note === null ? [] : [{ label: null, text: t(`views:root.${note}`) }],
    }));
  const open = before.filter((one) => isIn(one, since));
  const fixed = before.filter((one) => !isIn(one, since));
  const added = since.filter((one) => !isIn(one, before));
  return [
    ...titled(open, first, null),
    ...titled(added, newest ?? first, 'new'),
    ...titled(fixed, first, 'fixed'),
  ];
};

type Note = 'fixed' | 'new';

/** One sentence about the newest check that IT asked for. */
export const recheckInWords = (check: FinishedCheck, locale: Locale): string =>
  translator(locale)('views:root.rechecked', { count: unmetInWords(check, locale).length });

/** The message in the IT channel itself: who, what, and where the case stands. */
export const rootContent = (conversation: Conversation, escalation: Escalation, locale: Locale): Content => {
  const t = translator(locale);
  const { first, newest: latest, running } = checksOfEscalation(conversation, escalation);
  const newest = latest && isOutdated(latest, escalation) ? null : latest;
  const rep = conversation.person.name;
  const { names, isSeveral } = concerned(conversation, escalation);
  const [name = rep, ...others] = names;
  const isResolved = threadOf(escalation).state === 'resolved';
  const heading = isResolved
    ? t(others.length > 0 ? 'views:root.heading-resolved-several' : 'views:root.heading-resolved', { names })
    : others.length > 0
      ? t('views:root.heading-several', { name, count: others.length })
      : t('views:root.heading', { name });
  const state = stateInWords(conversation, escalation, locale);
  const isLate = isOverdue(escalation);
  const comment: Block[] =
    escalation.comment === '' ? [] : [{ type: 'quote', by: rep, text: escalation.comment }];
  return {
    summary: `${heading}. ${state}`,
    blocks: [
      { type: 'heading', text: heading, tone: isLate ? 'warning' : isResolved ? 'good' : 'neutral' },
      ...stateBlocks(escalation, state, { rep, locale }),
      ...(others.length > 0
        ? [{ type: 'text', text: t('views:root.people', { count: names.length, names }) } as const]
        : []),
      ...(running ? [{ type: 'text', text: t('views:root.running') } as const] : []),
      ...(newest ? [{ type: 'text', text: recheckInWords(newest, locale) } as const] : []),
      ...(isThreadActive(escalation) ? watchBlocks(escalation, locale) : []),
      ...(first ? causeBlocks(first, newest, locale) : []),
      ...comment,
      ...(first
        ? [
            {
              type: 'values',
              title: t('views:root.account'),
              rows: withMember(accountRows(first.account, rep, locale), conversation, escalation),
            } as const,
          ]
        : []),
      {
        type: 'note',
        text: isSeveral ? t('views:root.only-questions-several') : t('views:root.only-questions', { rep }),
      },
      ...(isThreadActive(escalation) ? watchNotes(conversation, escalation, locale) : []),
    ],
  };
};

/** One more person below a root that stands: who, what she wrote, and what was seen of hers. */
export const joinedContent = (conversation: Conversation, escalationId: string, locale: Locale): Content => {
  const t = translator(locale);
  const rep = conversation.person.name;
  const summary = t('views:thread.joined', { name: rep });
  const escalation = findEscalation(conversation, escalationId);
  const { first } = escalation ? checksOfEscalation(conversation, escalation) : { first: null };
  if (!escalation || !first) return { summary, blocks: [{ type: 'text', text: summary }] };
  const comment: Block[] =
    escalation.comment === '' ? [] : [{ type: 'quote', by: rep, text: escalation.comment }];
  return {
    summary,
    blocks: [
      { type: 'text', text: summary },
      ...comment,
      ...causeBlocks(first, null, locale),
      { type: 'values', title: t('views:root.account'), rows: accountRows(first.account, rep, locale) },
      ...checkBlocks(first.account, t('views:evidence.repeat-all'), { locale }),
    ],
  };
};
