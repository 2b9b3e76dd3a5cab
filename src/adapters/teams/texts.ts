export const teamsLocales = ['de', 'en'] as const;
export type TeamsLocale = (typeof teamsLocales)[number];

/** The few lines that only Teams needs; everything else is said by the bot. The app hands them in. */
export const teamsTextKeys = ['done', 'see-chat', 'failed', 'form-gone', 'maybe-repeated'] as const;
export type TeamsTexts = Record<(typeof teamsTextKeys)[number], string>;

const languageCommand = /^(?:(?:language|sprache)\s+)?(de|en|deutsch|german|english|englisch)[.!]?$/iu;
const named: Readonly<Record<string, TeamsLocale>> = {
  de: 'de',
  deutsch: 'de',
  german: 'de',
  en: 'en',
  english: 'en',
  englisch: 'en',
};

/** The language that somebody chooses in the chat, so that the lines of the client's own windows follow. */
export const chosenLocale = (typed: string): TeamsLocale | null => {
  const name = languageCommand.exec(typed.trim())?.[1]?.toLowerCase() ?? '';
  return named[name] ?? null;
};

export const localeOf = (tag: string | null): TeamsLocale | null => {
  const language = tag?.split(/[-_]/u)[0]?.toLowerCase();
  return teamsLocales.find((one) => one === language) ?? null;
};
