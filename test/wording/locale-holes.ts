import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const localization = z.object({
  localizationInfo: z.object({
    defaultLanguageTag: z.string(),
    additionalLanguages: z.array(z.object({ languageTag: z.string(), file: z.string() })),
  }),
});

/** Places outside the compiler's reach that must name every language: those that lack one of these. */
export const localeHoles = (root: string, locales: readonly string[]): string[] => {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const lacks = (file: string, names: (locale: string) => boolean): string[] =>
    locales.every(names) ? [] : [file];
  const help = (locale: string): string =>
    (JSON.parse(read(`locales/${locale}/terminal.json`)) as { help: string }).help;
  const settings = read('.env.example');
  const { localizationInfo } = localization.parse(JSON.parse(read('manifests/teams/manifest.json')));
  const teams = [
    localizationInfo.defaultLanguageTag,
    ...localizationInfo.additionalLanguages.map(({ languageTag }) => languageTag),
  ];
  const spoken = (text: string): RegExp => new RegExp(`\\b${text}\\b`, 'u');
  return [
    ...lacks('src/adapters/preview/render/page/index.html', (locale) =>
      read('src/adapters/preview/render/page/index.html').includes(`data-locale="${locale}"`),
    ),
    ...lacks('manifests/teams/manifest.json', (locale) => teams.includes(locale)),
    ...lacks('locales/*/terminal.json', (locale) =>
      spoken(locale).test(/--locale [^\n]*/u.exec(help(locale))?.[0] ?? ''),
    ),
    ...lacks('.env.example', (locale) =>
      spoken(locale).test(/^#[^\n]*\n(?:#[^\n]*\n)*DEFAULT_LOCALE/mu.exec(settings)?.[0] ?? ''),
    ),
  ];
};
