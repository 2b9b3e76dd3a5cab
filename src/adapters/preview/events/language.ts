import type { AdapterMemory } from '../../../chat/port.ts';
import { type Locale, locales } from '../../../language.ts';
import { preferredLanguage } from './parse.ts';

const key = 'locale';

/** The language of the page: what was chosen in the chat, else the browser's, else the default. */
export type Language = {
  of(acceptLanguage: string | undefined): Promise<{ locale: Locale; tag: string | null }>;
  choose(locale: Locale): Promise<void>;
};

export const createLanguage = (memory: AdapterMemory, defaultLocale: Locale): Language => ({
  of: async (acceptLanguage) => {
    const kept = await memory.get(key);
    const chosen = locales.find((locale) => locale === kept);
    if (chosen) return { locale: chosen, tag: chosen };
    const { tag, locale } = preferredLanguage(acceptLanguage);
    return { locale: locale ?? defaultLocale, tag };
  },
  choose: (locale) => memory.put(key, locale),
});
