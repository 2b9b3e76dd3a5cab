import type { Locale } from '../../language.ts';
import { type catalogues, translator } from './catalogue.ts';

/** What is counted in texts, each with its own singular. */
type Thing = keyof (typeof catalogues)['de']['values']['counted'] extends infer K
  ? K extends `${infer Base}_other`
    ? Base
    : never
  : never;

/** How many of each: 1 account, 12 checks. */
export const counted = (counts: Readonly<Partial<Record<Thing, number>>>, locale: Locale): string[] => {
  const things = Object.keys(counts) as Thing[];
  return things.map((thing) => translator(locale)(`values:counted.${thing}`, { count: counts[thing] ?? 0 }));
};
