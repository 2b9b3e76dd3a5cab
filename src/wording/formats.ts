import type { Locale } from '../conversation/conversation.ts';

const tags = { de: 'de-DE', en: 'en-GB' } as const satisfies Record<Locale, string>;

const dateStyles = {
  de: { day: '2-digit', month: '2-digit', year: 'numeric' },
  en: { day: 'numeric', month: 'long', year: 'numeric' },
} as const satisfies Record<Locale, Intl.DateTimeFormatOptions>;

export const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/u.test(text) && !Number.isNaN(Date.parse(text));

/** 23.11.2026 or 23 November 2026, by UTC. */
export const dateOf = (iso: string, locale: Locale): string =>
  new Intl.DateTimeFormat(tags[locale], { ...dateStyles[locale], timeZone: 'UTC' }).format(new Date(iso));

export const listOf = (names: readonly string[], locale: Locale): string =>
  new Intl.ListFormat(tags[locale], { type: 'conjunction' }).format(names);

const relative = (days: number, locale: Locale): string =>
  new Intl.RelativeTimeFormat(tags[locale], { numeric: 'auto' }).format(days, 'day');

/** Days back: today, yesterday, 12 days ago. */
export const ago = (days: number, locale: Locale): string => relative(-days, locale);

/** Days ahead: today, tomorrow, in 12 days. */
export const ahead = (days: number, locale: Locale): string => relative(days, locale);

/** 1 second, 10 seconds. */
export const seconds = (count: number, locale: Locale): string =>
  new Intl.NumberFormat(tags[locale], { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(count);
