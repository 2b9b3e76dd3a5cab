/** A person's own page, and what IT has to do. */
import type { Block, Message, Tone } from '../../chat/view.ts';
import { mailboxesOf, ownCasesOf } from '../../conversation/home/mailboxes.ts';
import type { Check, Conversation, Escalation, Locale } from '../../conversation/state/conversation.ts';
import { checksOfEscalation, isFinished, newestCheck, threadOf } from '../../conversation/state/selectors.ts';
import { translator } from '../catalogue/catalogue.ts';
import { unmetInWords } from '../findings/finding-blocks.ts';
import type { Queued, QueueRefusal, QueueView } from '../wording.ts';
import { escalationInWords } from './escalation.ts';
import { concerned, stateInWords } from './escalation-state.ts';
import type { Content } from './it.ts';
import { plain } from './notices/guiding.ts';
import { verdictInWords } from './report.ts';

const dayMs = 86_400_000;
/** Whole days between two moments; what was yesterday evening is not yet a day ago. */
const daysBetween = (then: number, now: number): number => Math.max(0, Math.floor((now - then) / dayMs));

/** The word for the queue as it is typed where a command begins every word. */
export const queueCommand = (command: string | undefined): string =>
  command === undefined ? 'queue' : `${command} queue`;

type Reading = { locale: Locale; now: number };

const paragraph = (text: string) => ({ label: null, text });

const mailbox = (check: Check, { locale, now }: Reading): Block => {
  const t = translator(locale);
  const state = isFinished(check) ? verdictInWords(check, locale) : null;
  const running: { text: string; tone: Tone } =
    check.state === 'running'
      ? { text: t('home:running'), tone: 'neutral' }
      : { text: t('home:failed'), tone: 'open' };
  const { text, tone } = state ?? running;
  const checked = t('home:checked', { days: daysBetween(check.startedAt, now) });
  // In one breath, so that nobody takes it for the report.
  const line = check.state === 'running' ? text : `${text} ${checked}`;
  return {
    type: 'finding',
    tone,
    title: check.account.address,
    paragraphs: [paragraph(line)],
  };
};

/** Her mailboxes with their state, and her cases. */
export const ownBlocks = (conversation: Conversation | null, reading: Reading): Block[] => {
  const { locale, now } = reading;
  const t = translator(locale);
  const mailboxes = conversation ? mailboxesOf(conversation) : [];
  const cases = conversation ? ownCasesOf(conversation, now) : [];
  return [
    { type: 'heading', text: t('home:mailboxes'), tone: 'neutral' },
    ...mailboxes.map((check) => mailbox(check, reading)),
    ...(mailboxes.length > 0 ? [] : [{ type: 'text', text: t('views:notice.status-no-check') } as const]),
    { type: 'heading', text: t('home:cases'), tone: 'neutral' },
    ...cases.map(({ escalation, address }): Block => {
      return { type: 'text', text: `${address}: ${escalationInWords(escalation, locale)}` };
    }),
    ...(cases.length > 0 ? [] : [{ type: 'text', text: t('views:notice.status-no-case') } as const]),
  ];
};

const causeInWords = (conversation: Conversation, escalation: Escalation, locale: Locale): string => {
  const { first } = checksOfEscalation(conversation, escalation);
  const unmet = first ? unmetInWords(first, locale) : [];
  const blockers = unmet.filter(({ finding }) => finding.severity === 'blocker');
  const [cause, ...more] = blockers.length > 0 ? blockers : unmet;
  const title = cause?.text.title ?? '';
  return more.length === 0 ? title : translator(locale)('home:cause', { title, count: more.length });
};

const queued = ({ conversation, escalation, openedAt }: Queued, { locale, now }: Reading): Block => {
  const t = translator(locale);
  const { first } = checksOfEscalation(conversation, escalation);
  const by = {
    names: concerned(conversation, escalation).names,
    address: first?.account.address ?? null,
    days: daysBetween(openedAt, now),
  };
  return {
    type: 'finding',
    tone: threadOf(escalation).state === 'open' ? 'open' : 'neutral',
    title: causeInWords(conversation, escalation, locale),
    paragraphs: [
      paragraph(t('home:handed-over', by)),
      paragraph(stateInWords(conversation, escalation, locale)),
    ],
  };
};

const headingOf = ({ cases, more, query }: QueueView, locale: Locale): string => {
  const count = cases.length + more;
  const t = translator(locale);
  return query === null ? t('home:open', { count }) : t('home:found', { count, query });
};

/** What IT has to do: by age, with cause and owner. */
export const queueContent = (view: QueueView, reading: Reading & { command: string }): Content => {
  const { locale, command } = reading;
  const t = translator(locale);
  const heading = headingOf(view, locale);
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: 'neutral' },
      ...view.cases.map((one) => queued(one, reading)),
      ...(view.more > 0 ? [{ type: 'text', text: t('home:more', { count: view.more }) } as const] : []),
      ...(view.query === null ? [{ type: 'note', text: t('home:search', { command }) } as const] : []),
    ],
  };
};

export const homeContent = (
  conversation: Conversation | null,
  queue: QueueView | null,
  reading: Reading & { command: string },
): Content => ({
  summary: translator(reading.locale)('home:summary'),
  blocks: [...ownBlocks(conversation, reading), ...(queue ? queueContent(queue, reading).blocks : [])],
});

/** Ids only. A page has no conversation before its person has said anything. */
export const homeButtons = (conversation: Conversation | null, locale: Locale): Message['buttons'] => {
  const t = translator(locale);
  const newest = conversation && newestCheck(conversation);
  const ofCheck = newest && isFinished(newest) ? (['check-again', 'edit'] as const) : [];
  return [
    {
      action: 'start',
      label: t('views:button.start'),
      value: `${conversation?.id ?? ''}/`,
      style: 'primary',
    },
    ...ofCheck.map((action) => ({
      action,
      label: t(`views:button.${action}`),
      value: `${conversation?.id ?? ''}/${newest?.id ?? ''}`,
      style: 'plain' as const,
    })),
  ];
};

const minutesUntil = (until: number, now: number): number => Math.max(1, Math.ceil((until - now) / 60_000));

export const refusedContent = (refusal: QueueRefusal, { locale, now }: Reading): Content => {
  const t = translator(locale);
  return refusal.reason === 'too-many'
    ? plain(t('home:too-many', { count: minutesUntil(refusal.until, now) }))
    : plain(t(`home:${refusal.reason}`));
};
