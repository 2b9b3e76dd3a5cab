import type { Locale } from '../conversation/conversation.ts';

const tags = { de: 'de-DE', en: 'en-GB' } as const satisfies Record<Locale, string>;

/** Made once for each language: a formatter is slow to make, and holds memory that the collector does not see. */
const forLocales = <T>(make: (locale: Locale) => T): ((locale: Locale) => T) => {
  const made: Partial<Record<Locale, T>> = {};
  return (locale) => {
    const known = made[locale] ?? make(locale);
    made[locale] = known;
    return known;
  };
};

const dateStyles = {
  de: { day: '2-digit', month: '2-digit', year: 'numeric' },
  en: { day: 'numeric', month: 'long', year: 'numeric' },
} as const satisfies Record<Locale, Intl.DateTimeFormatOptions>;

export const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/u.test(text) && !Number.isNaN(Date.parse(text));

const dates = forLocales(
  (locale) => new Intl.DateTimeFormat(tags[locale], { ...dateStyles[locale], timeZone: 'UTC' }),
);
const lists = forLocales((locale) => new Intl.ListFormat(tags[locale], { type: 'conjunction' }));
const days = forLocales((locale) => new Intl.RelativeTimeFormat(tags[locale], { numeric: 'auto' }));
const durations = forLocales(
  (locale) => new Intl.NumberFormat(tags[locale], { style: 'unit', unit: 'second', unitDisplay: 'long' }),
);

/** 23.11.2026 or 23 November 2026, by UTC. */
export const dateOf = (iso: string, locale: Locale): string => dates(locale).format(new Date(iso));

export const listOf = (names: readonly string[], locale: Locale): string => lists(locale).format(names);

/** Days back: today, yesterday, 12 days ago. */
export const ago = (count: number, locale: Locale): string => days(locale).format(-count, 'day');

/** Days ahead: today, tomorrow, in 12 days. */
export const ahead = (count: number, locale: Locale): string => days(locale).format(count, 'day');

/** 1 second, 10 seconds. */
export const seconds = (count: number, locale: Locale): string => durations(locale).format(count);
