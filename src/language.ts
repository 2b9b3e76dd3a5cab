/** The languages that the bot speaks: a folder in `locales/` for each. Everybody may ask here, and nobody lists them again. */
export const locales = ['de', 'en'] as const;
export type Locale = (typeof locales)[number];

/** What has to be said for each language; the compiler names the one that lacks. */
export type PerLocale<T> = Readonly<Record<Locale, T>>;

/** Ours of a BCP 47 tag (`de-AT`) or of a POSIX locale (`de_DE.UTF-8`); null: we do not speak it. */
export const localeOf = (tag: string | null | undefined): Locale | null => {
  const language = tag
    ?.trim()
    .split(/[-_.@]/u)[0]
    ?.toLowerCase();
  return locales.find((one) => one === language) ?? null;
};

const longestHeader = 1000;
const tagForm = /^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/iu;

/** The tags of Accept-Language (RFC 9110 §12.5.4), the most wanted first. */
export const acceptedLanguages = (header: string | undefined): string[] =>
  (header ?? '')
    .slice(0, longestHeader)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((one) => /^\s*q=([\d.]+)$/u.exec(one)?.[1]).find(Boolean);
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tagForm.test(tag) && quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
