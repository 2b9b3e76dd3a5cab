export const teamsLocales = ['de', 'en'] as const;
export type TeamsLocale = (typeof teamsLocales)[number];

/** The few lines that only Teams needs; everything else is said by the bot. The app hands them in. */
export const teamsTextKeys = [
  'done',
  'see-chat',
  'failed',
  'form-gone',
  'mention-in-case',
  'not-it',
  'maybe-repeated',
] as const;
export type TeamsTexts = Record<(typeof teamsTextKeys)[number], string>;

export const localeOf = (tag: string | null): TeamsLocale | null => {
  const language = tag?.split(/[-_]/u)[0]?.toLowerCase();
  return teamsLocales.find((one) => one === language) ?? null;
};
