/** What an operator's commands say. */
import type { Block } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import { found } from '../../doctor/examination.ts';
import type { Restored } from '../../operator/archive.ts';
import type { Audit } from '../../operator/audit.ts';
import type { ListedEscalation } from '../../operator/cases.ts';
import type { Fault } from '../../operator/fault.ts';
import type { Forgotten } from '../../operator/forget.ts';
import type { RowCounts } from '../../store/archive/archive.ts';
import type { GivenUpJob, WaitingJob } from '../../store/ports.ts';
import { isKey, translator } from '../catalogue/catalogue.ts';
import { counted } from '../catalogue/counted.ts';
import { nameInWords } from '../catalogue/names.ts';
import { foundText } from './doctor.ts';

const dayMs = 86_400_000;

const paragraph = (text: string) => ({ label: null, text });

/** One that has not arrived is nobody's work yet, whatever its state. */
const stateOf = ({ state, delivery }: ListedEscalation): string =>
  delivery === 'arrived' || state === 'withdrawn' ? state : delivery;

const escalationBlock = (one: ListedEscalation, now: number, locale: Locale): Block => {
  const t = translator(locale);
  const [state] = [`operator:state.${stateOf(one)}`].filter(isKey);
  const causes = one.causes.map(({ host, requirement, reason }) => {
    const [name] = [`findings:${requirement}.name`].filter(isKey);
    const values = { host, requirement: name ? t(name) : requirement, reason };
    return t(host === null ? 'operator:cases.cause-without-host' : 'operator:cases.cause', values);
  });
  const lines = [
    ...causes,
    ...(one.claimedBy === null
      ? []
      : [t('operator:cases.claimed', { name: nameInWords(one.claimedBy, locale) })]),
    ...(one.joined === null ? [] : [t('operator:cases.joined', { id: one.joined })]),
    t('operator:cases.id', { id: one.id }),
  ];
  const { name, person } = one;
  const days = Math.max(0, Math.floor((now - one.openedAt) / dayMs));
  return {
    type: 'finding',
    tone: one.delivery === 'failed' ? 'bad' : 'neutral',
    title: t('operator:cases.line', { state: state ? t(state) : one.state, days, name, person }),
    paragraphs: lines.map(paragraph),
  };
};

export const casesBlocks = (
  { cases, unreadable }: { cases: readonly ListedEscalation[]; unreadable: number },
  now: number,
  locale: Locale,
): Block[] => {
  const t = translator(locale);
  return [
    { type: 'heading', tone: 'neutral', text: t('operator:cases.title', { count: cases.length }) },
    ...cases.map((one) => escalationBlock(one, now, locale)),
    ...(unreadable === 0
      ? []
      : [{ type: 'note', text: t('operator:cases.unreadable', { count: unreadable }) } as const]),
  ];
};

/** To the second, and the same in every language and place: logs are written so. */
const moment = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace(/\.\d+Z$/u, ' UTC')
    .replace('T', ' ');

type Jobs = { waiting: readonly WaitingJob[]; givenUp: readonly GivenUpJob[] };

/** `waiting` null: only those that were given up were asked for. */
export const jobsBlocks = (
  { waiting, givenUp }: { waiting: Jobs['waiting'] | null; givenUp: Jobs['givenUp'] },
  locale: Locale,
): Block[] => {
  const t = translator(locale);
  const heading = (text: string): Block => ({ type: 'heading', tone: 'neutral', text });
  const line = (text: string): Block => ({ type: 'text', text });
  return [
    ...(waiting === null ? [] : [heading(t('operator:jobs.waiting', { count: waiting.length }))]),
    ...(waiting ?? []).map(({ conversationId: conversation, dueAt, isRunning, ...job }) =>
      line(
        t(isRunning ? 'operator:jobs.running-line' : 'operator:jobs.waiting-line', {
          ...job,
          conversation,
          at: moment(dueAt),
        }),
      ),
    ),
    heading(t('operator:jobs.given-up', { count: givenUp.length })),
    ...givenUp.map(({ conversationId: conversation, givenUpAt, ...job }) =>
      line(t('operator:jobs.given-up-line', { ...job, conversation, at: moment(givenUpAt) })),
    ),
    ...(givenUp.length === 0 ? [] : [{ type: 'note', text: t('operator:jobs.how') } as const]),
  ];
};

/** Who acted: by id, since names are not kept for this. */
const actorInWords = ({ who }: Audit['history'][number], locale: Locale): string => {
  if (!who) return translator(locale)('operator:audit.bot');
  return who.id === '' ? (nameInWords('', locale) ?? '') : `${who.platform}:${who.id}`;
};

export const auditBlocks = ({ id, thread, history }: Audit, locale: Locale): Block[] => {
  const t = translator(locale);
  return [
    { type: 'heading', tone: 'neutral', text: t('operator:cases.id', { id }) },
    ...lines([
      ...(thread === id ? [] : [t('operator:cases.joined', { id: thread })]),
      ...history.map((entry) =>
        t('operator:audit.line', {
          at: moment(entry.at),
          act: t(`operator:act.${entry.act}`),
          who: actorInWords(entry, locale),
        }),
      ),
      ...(history.length === 0 ? [t('operator:audit.nothing')] : []),
    ]),
  ];
};

const lines = (texts: readonly string[]): Block[] => texts.map((text) => ({ type: 'text', text }));

export const retriedBlocks = (retried: { id: number; job: number }, locale: Locale): Block[] =>
  lines([translator(locale)('operator:jobs.retried', retried)]);

export const forgottenBlocks = (
  { person, isDone, counts, elsewhere }: Forgotten,
  locale: Locale,
): Block[] => {
  const t = translator(locale);
  return lines([
    t(isDone ? 'operator:forget.done' : 'operator:forget.waiting', {
      person,
      what: counted(counts, locale),
    }),
    ...(elsewhere > 0 && isDone ? [t('operator:forget.elsewhere', { count: elsewhere })] : []),
    t('operator:forget.backups'),
  ]);
};

export const backupBlocks = (file: string, counts: RowCounts, locale: Locale): Block[] =>
  lines([translator(locale)('operator:backup.done', { file, what: counted(counts, locale) })]);

export const restoredBlocks = (file: string, { counts, aside }: Restored, locale: Locale): Block[] => {
  const t = translator(locale);
  return lines([
    t('operator:restore.done', { file, what: counted(counts, locale) }),
    aside === null ? t('operator:restore.nothing-aside') : t('operator:restore.aside', { file: aside }),
    t('operator:restore.forgotten'),
  ]);
};

/** One line. */
export const faultInWords = (fault: Fault, locale: Locale): string => {
  const t = translator(locale);
  switch (fault.type) {
    case 'wrong-setting':
      return foundText(found('configuration', 'wrong', { variable: fault.variable }), locale);
    case 'store':
      return foundText(found('store', 'not-usable', { place: fault.place, code: fault.code }), locale);
    case 'archive':
      return t(`operator:fault.archive.${fault.code}`, { file: fault.file });
    case 'several':
      return t('operator:fault.several', { person: fault.person, ids: fault.ids });
    default:
      return t(`operator:fault.${fault.type}`, fault);
  }
};
