/** Every text of every language, from `locales/`. */
import { readdirSync, readFileSync } from 'node:fs';

export const locales = ['de', 'en'] as const;
export type Locale = (typeof locales)[number];
export type Entry = { key: string; text: string };

const folder = new URL('../../locales/', import.meta.url);
export const subjects = (locale: Locale): string[] =>
  readdirSync(new URL(`${locale}/`, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();

const leaves = (value: unknown, key: string): Entry[] => {
  if (typeof value === 'string') return [{ key, text: value }];
  if (typeof value !== 'object' || value === null) throw new Error(`expected a text or a group at ${key}`);
  return Object.entries(value).flatMap(([name, below]) => leaves(below, key ? `${key}.${name}` : name));
};
const read = (locale: Locale): Entry[] =>
  subjects(locale).flatMap((subject) => {
    const json: unknown = JSON.parse(readFileSync(new URL(`${locale}/${subject}.json`, folder), 'utf8'));
    return leaves(json, '').map(({ key, text }) => ({ key: `${subject}:${key}`, text }));
  });
/** As they stand in the files. */
export const written = { de: read('de'), en: read('en') };

/** As they are said: with HubSpot's own words set in. */
const said = (entries: readonly Entry[]): Entry[] => {
  const own = new Map(entries.map(({ key, text }) => [`$t(${key})`, text]));
  return entries.map(({ key, text }) => ({
    key,
    text: text.replaceAll(/\$t\(hubspot:[\w.-]+\)/gu, (named) => own.get(named) ?? named),
  }));
};
export const texts = { de: said(written.de), en: said(written.en) };
export const all = locales.flatMap((locale) => texts[locale].map((entry) => ({ locale, ...entry })));
export const keys = (locale: Locale): string[] => texts[locale].map(({ key }) => key);
export const english = new Map(texts.en.map(({ key, text }) => [key, text]));

/** With the format, so that both languages also treat a value alike: `{{days, ago}}`. */
export const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{([^{}]+)\}\}/gu)].map(([, inside = '']) => inside))].sort();
export const names = (text: string): string[] => placeholders(text).map((one) => one.replace(/,.*/u, ''));
