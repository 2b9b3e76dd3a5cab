/** What the operator's figures say. */
import type { Block } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import type { Figures, Period, Spread, Stats } from '../../operator/stats.ts';
import { isKey, type Translate, translator } from '../catalogue/catalogue.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** In the unit in which people would say it. */
const lasting = (ms: number | null, t: Translate): string => {
  if (ms === null) return t('values:nothing');
  if (ms < 2 * hourMs) return t('operator:stats.minutes', { count: Math.round(ms / minuteMs) });
  if (ms < 2 * dayMs) return t('operator:stats.hours', { count: Math.round(ms / hourMs) });
  return t('operator:stats.days', { count: Math.round(ms / dayMs) });
};

const spread = ({ count, medianMs, p90Ms }: Spread, t: Translate): string =>
  count === 0
    ? t('operator:stats.no-times')
    : t('operator:stats.spread', { median: lasting(medianMs, t), most: lasting(p90Ms, t), count });

const percent = (rate: number): number => Math.round(rate * 100);

const rowsOf = (figures: Figures, t: Translate): { label: string; value: string }[] => {
  const { cases, people, open, resolved, withdrawn, reopened, reopenRate, worked, failed } = figures;
  const again = reopenRate === null ? null : { count: reopened, percent: percent(reopenRate) };
  return [
    {
      label: t('operator:stats.cases'),
      value: t('operator:stats.cases-value', { cases, people, open, resolved, withdrawn }),
    },
    { label: t('operator:stats.to-claim'), value: spread(figures.toClaim, t) },
    { label: t('operator:stats.to-fix'), value: spread(figures.toFix, t) },
    {
      label: t('operator:stats.reopened'),
      value: again ? t('operator:stats.reopened-value', again) : t('values:nothing'),
    },
    { label: t('operator:stats.outcome'), value: t('operator:stats.outcome-value', { worked, failed }) },
  ];
};

const causeRows = ({ causes }: Period, t: Translate): { label: string; value: string }[] =>
  causes.map(({ requirement, reason, cases, toFix }) => {
    const [name] = [`findings:${requirement}.name`].filter(isKey);
    return {
      label: t('operator:stats.cause', { requirement: name ? t(name) : requirement, reason }),
      value: t('operator:stats.cause-value', { count: cases, fix: lasting(toFix.medianMs, t) }),
    };
  });

const periodBlocks = (period: Period, t: Translate): Block[] => [
  { type: 'values', title: period.month ?? t('operator:stats.all'), rows: rowsOf(period, t) },
  ...(period.causes.length === 0
    ? []
    : [{ type: 'values', title: t('operator:stats.causes'), rows: causeRows(period, t) } as const]),
];

export const statsBlocks = ({ since, months, all, unreadable }: Stats, locale: Locale): Block[] => {
  const t = translator(locale);
  const date = since === null ? null : new Date(since).toISOString().slice(0, 10);
  const heading = date === null ? t('operator:stats.title') : t('operator:stats.title-since', { date });
  const notes = [
    ...(all.lacksTimes > 0 ? [t('operator:stats.lacks-times', { count: all.lacksTimes })] : []),
    ...(unreadable > 0 ? [t('operator:cases.unreadable', { count: unreadable })] : []),
  ];
  const isEmpty = all.cases === 0;
  return [
    { type: 'heading', tone: 'neutral', text: heading },
    ...(isEmpty ? [{ type: 'text', text: t('operator:stats.none') } as const] : []),
    ...months.flatMap((month) => periodBlocks(month, t)),
    ...(months.length > 1 ? periodBlocks(all, t) : []),
    ...notes.map((text): Block => ({ type: 'note', text })),
  ];
};
