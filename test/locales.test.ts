import { describe, expect, test } from 'vitest';
import { catalogues, prepare, translator } from '../src/wording/catalogue/catalogue.ts';
import {
  all,
  english,
  keys,
  type Locale,
  placeholders,
  subjects,
  texts,
  written,
} from './wording/locale-files.ts';

describe('every language', () => {
  test('has the same subjects, and the catalogue knows them', () => {
    expect(subjects('en')).toEqual(subjects('de'));
    expect(Object.keys(catalogues.de).sort()).toEqual(subjects('de'));
    expect(Object.keys(catalogues.en).sort()).toEqual(subjects('de'));
  });

  test('has the same keys', () => {
    expect(keys('de').filter((key) => !english.has(key))).toEqual([]);
    expect(keys('en').filter((key) => !keys('de').includes(key))).toEqual([]);
  });

  test('has the same placeholders', () => {
    const other = texts.de.filter(
      ({ key, text }) => placeholders(text).join() !== placeholders(english.get(key) ?? '').join(),
    );
    expect(other.map(({ key }) => key)).toEqual([]);
  });

  test('writes placeholders in the one form that is filled', () => {
    const form = /^\w+(, (ago|ahead|seconds|number|duration))?$/u;
    const wrong = all.filter(
      ({ text }) =>
        placeholders(text).some((one) => !form.test(one)) ||
        /\{\{|\}\}|\$t\(/u.test(text.replaceAll(/\{\{[^{}]+\}\}/gu, '')),
    );
    expect(wrong).toEqual([]);
  });

  test('is written, not copied', () => {
    /** Names of protocols, and words that German has taken over as they are. */
    const same = new Set(['IMAP', 'SMTP', 'SSL/TLS', 'STARTTLS', 'Port', 'Status']);
    const copied = texts.de.filter(
      ({ key, text }) =>
        // HubSpot shows some of its words in English only.
        !key.startsWith('hubspot:') &&
        english.get(key) === text &&
        /\p{L}/u.test(text.replaceAll(/\{\{.*?\}\}/gu, '')) &&
        !same.has(text),
    );
    expect(copied).toEqual([]);
  });

  test.each(['de', 'en'] as const)('quotes HubSpot from one place, in %s', (locale) => {
    const isOwn = ({ key }: { key: string }) => key.startsWith('hubspot:');
    const own = written[locale].filter(isOwn).map(({ text }) => text);
    const quoted = written[locale].filter(
      (entry) => !isOwn(entry) && own.some((words) => new RegExp(`[„“]${words}[“”]`, 'u').test(entry.text)),
    );
    expect(quoted).toEqual([]);
  });

  test('leaves no text empty or with loose spaces', () => {
    expect(
      all.filter(
        ({ text }) => text.trim() !== text || text === '' || / {2}/u.test(text.replaceAll(/\n[^\n]*/gu, '')),
      ),
    ).toEqual([]);
  });

  test('uses none of the words we do not say', () => {
    const unsaid = /white-?list|black-?list|eskalier|\boops\b|\bhoppla\b/iu;
    const familiar = { de: /\b(du|dein\w*|dir|dich|ihr habt|euch|euer\w*)\b/iu, en: /\b(gonna|guys)\b/iu };
    expect(all.filter(({ locale, text }) => unsaid.test(text) || familiar[locale].test(text))).toEqual([]);
  });

  test('says ready only where a login was tested', () => {
    const claims = /\b(bereit|ready)\b/iu;
    const afterLogin = /^(?!findings:).*[:.](login-)?tested(\.|$)/u;
    expect(all.filter(({ key, text }) => claims.test(text) && !afterLogin.test(key))).toEqual([]);
  });

  test('uses its own quotation marks', () => {
    const foreign = { de: /["”]|“[^“]*“/u, en: /["„]/u };
    const strip = (locale: Locale, text: string) =>
      locale === 'de' ? text.replaceAll(/„[^“]*“/gu, '') : text;
    expect(all.filter(({ locale, text }) => foreign[locale].test(strip(locale, text)))).toEqual([]);
  });
});

describe('values', () => {
  test('are dates as people write them', () => {
    const values = { at: '2026-11-23T23:30:00.000Z', day: '2026-03-01' };
    expect(prepare(values, 'de')).toEqual({ at: '23.11.2026', day: '01.03.2026' });
    expect(prepare(values, 'en')).toEqual({ at: '23 November 2026', day: '1 March 2026' });
  });

  test('are lists that end', () => {
    const many = Array.from({ length: 17 }, (_, index) => `name${index + 1}`);
    expect(prepare({ one: ['a'], two: ['a', 'b'], none: [], many }, 'de')).toEqual({
      one: 'a',
      two: 'a und b',
      none: '–',
      many: 'name1, name2, name3, name4, name5 und noch 12',
    });
    expect(prepare({ many }, 'en')).toEqual({ many: 'name1, name2, name3, name4, name5 and 12 more' });
  });

  test('show what is absent as a dash and a number without grouping', () => {
    expect(prepare({ nobody: null, empty: '', port: 10143 }, 'de')).toEqual({
      nobody: '–',
      empty: '–',
      port: 10143,
    });
  });

  test('that a server sends are shown as they are', () => {
    const hostile = '220 {{host}} $t(values:nothing) <b>&amp; $& $1';
    expect(translator('de')('values:list-with-more', { names: hostile, count: 2 })).toBe(
      `${hostile} und noch 2`,
    );
  });
});
