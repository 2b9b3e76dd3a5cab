import type { Locale } from '../conversation/conversation.ts';

const englishMonths =
  'January February March April May June July August September October November December'.split(' ');

export const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/u.test(text) && !Number.isNaN(Date.parse(text));

/** 23.11.2026 or 23 November 2026, by UTC. By hand, as below: Intl takes the terminal command a quarter of its time to load. */
export const dateOf = (iso: string, locale: Locale): string => {
  const date = new Date(iso);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const two = (count: number) => String(count).padStart(2, '0');
  return locale === 'de' ? `${two(day)}.${two(month + 1)}.${year}` : `${day} ${englishMonths[month]} ${year}`;
};

const and = { de: ' und ', en: ' and ' } as const satisfies Record<Locale, string>;

export const listOf = (names: readonly string[], locale: Locale): string =>
  [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(and[locale]);

/** Days back: today, yesterday, 12 days ago. */
export const ago = (days: number, locale: Locale): string => {
  if (days === 0) return locale === 'de' ? 'heute' : 'today';
  if (days === 1) return locale === 'de' ? 'gestern' : 'yesterday';
  return locale === 'de' ? `vor ${days} Tagen` : `${days} days ago`;
};

/** Days ahead: today, tomorrow, in 12 days. */
export const ahead = (days: number, locale: Locale): string => {
  if (days === 0) return locale === 'de' ? 'heute' : 'today';
  if (days === 1) return locale === 'de' ? 'morgen' : 'tomorrow';
  return locale === 'de' ? `in ${days} Tagen` : `in ${days} days`;
};

/** 1 second, 10 seconds. */
export const seconds = (count: number, locale: Locale): string => {
  const unit = locale === 'de' ? 'Sekunde' : 'second';
  const many = locale === 'de' ? 'Sekunden' : 'seconds';
  return `${count} ${count === 1 ? unit : many}`;
};
