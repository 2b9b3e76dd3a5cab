import { type Locale, locales, type PerLocale } from '../../language.ts';

export const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/u.test(text) && !Number.isNaN(Date.parse(text));

const two = (count: number): string => String(count).padStart(2, '0');
const englishMonths =
  'January February March April May June July August September October November December'.split(' ');

/** By hand: Intl would take the terminal command several milliseconds for a date, and these forms never change. */
const dates: PerLocale<(year: number, month: number, day: number) => string> = {
  de: (year, month, day) => `${two(day)}.${two(month)}.${year}`,
  en: (year, month, day) => `${day} ${englishMonths[month - 1]} ${year}`,
};

/** The tag by which Intl writes as we do: British, without the comma before the last of a list. */
const tags: PerLocale<string> = { de: 'de', en: 'en-GB' };

/** Made when somebody first needs one: loading it costs more than using it. */
const lazily = <T>(make: (tag: string) => T): ((locale: Locale) => T) => {
  const made: Partial<Record<Locale, T>> = {};
  return (locale) => (made[locale] ??= make(tags[locale]));
};
const lists = lazily((tag) => new Intl.ListFormat(tag, { type: 'conjunction' }));
const times = lazily((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));

/** 23.11.2026 or 23 November 2026, by UTC. */
export const dateOf = (iso: string, locale: Locale): string => {
  const date = new Date(iso);
  return dates[locale](date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
};

export const listOf = (names: readonly string[], locale: Locale): string => lists(locale).format(names);

/** What `{{days, ago}}` and `{{days, ahead}}` of a text become: today, yesterday, 12 days ago; tomorrow, in 12 days. */
export const relativeDays = {
  ago: (days: number, locale: Locale): string => times(locale).format(days === 0 ? 0 : -days, 'day'),
  ahead: (days: number, locale: Locale): string => times(locale).format(days, 'day'),
} as const;

const durations = lazily(
  (tag) =>
    new Intl.NumberFormat(tag, {
      ...{ style: 'unit', unit: 'second', unitDisplay: 'long' },
      ...{ minimumFractionDigits: 1, maximumFractionDigits: 1 },
    }),
);

/** What `{{afterMs, duration}}` becomes: 0,6 Sekunden. */
export const durationOf = (ms: number, locale: Locale): string =>
  durations(locale).format(Math.max(0.1, ms / 1_000));

/** Of what a library hands us as the language that it works in. */
export const knownLocale = (tag: string | undefined): Locale => {
  const locale = locales.find((one) => one === tag);
  if (!locale) throw new RangeError(`expected one of ${locales.join(', ')}, got ${tag}`);
  return locale;
};
