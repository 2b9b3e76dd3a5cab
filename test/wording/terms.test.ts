import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { all, type Locale } from './locale-files.ts';

const readme = readFileSync(fileURLToPath(new URL('../../locales/README.md', import.meta.url)), 'utf8');
const section = readme.split('## One word for each thing')[1]?.split('\n## ')[0] ?? '';
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map((line) => line.split('|').map((cell) => cell.trim()));

const listed = (cell = ''): string[] => cell.split(/, (?!die )/u).filter((term) => term !== '');

/** What is said in other words, by language. */
const unsaid: Readonly<Record<Locale, readonly string[]>> = {
  de: rows.flatMap(([, , , , german]) => listed(german)),
  en: rows.flatMap(([, , , , , english]) => listed(english)),
};

/** Labels of others and of ours stand as they are written. */
const unquoted = (text: string): string => text.replaceAll(/„[^“]*“|“[^”]*”/gu, '');

const contains = (text: string, term: string): boolean =>
  new RegExp(`(?<![\\p{L}-])${term}(?![\\p{L}])`, 'u').test(text);

/** Turns that only somebody thinking in the other language would use. */
const calques: Readonly<Record<Locale, readonly RegExp[]>> = {
  de: [
    /HubSpot hindert|ist HubSpot gleich\b/u,
    /stimmen .* nicht zusammen/u,
    /an der Reihe:/u,
    /im Angebot/u,
    /die Tür offen|reißt .* ab/u,
    /\bam Ende des Tages\b|\bmacht Sinn\b/u,
    /noch einmal tun/u,
    /^(Die )?IT (öffnet|prüft|schaltet|sucht|sieht)/u,
  ],
  en: [
    /(^|[.:;] )(Whether|How \w+ .*,|What .*,) .*\bwe (do not|don't|cannot|can't)\b/u,
    /counts? as insecure|way round|above all with|speaks? against|fares? differently/u,
    /can be told by|for all to read|in this place|not released|drops the need|by a way that/u,
    /takes? no (further )?(login|mail|e-mail|password)|one's own/u,
    /broke off through|[Aa]ll is well|turns? \w+ \w+ down|have it in hand|has it in hand/u,
    /^IT [a-z]+s /u,
    /grants more|without end|at last with/u,
  ],
};

describe('every text', () => {
  test('calls each thing by its one name', () => {
    expect(rows.length).toBeGreaterThan(10);
    const other = all.flatMap(({ locale, key, text }) =>
      unsaid[locale]
        .filter((term) => contains(unquoted(text), term))
        .map((term) => `${locale} ${key}: ${term}`),
    );
    expect(other).toEqual([]);
  });

  test('is thought in its own language', () => {
    const borrowed = all.filter(({ locale, text }) =>
      calques[locale].some((turn) => turn.test(unquoted(text))),
    );
    expect(borrowed).toEqual([]);
  });
});
