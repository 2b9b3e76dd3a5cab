/** The few lines that only Teams needs; everything else is said by the bot. The app hands them in. */
export const teamsTextKeys = [
  'done',
  'see-chat',
  'failed',
  'form-gone',
  'mention-in-case',
  'not-it',
  'maybe-repeated',
  'it-team',
] as const;
export type TeamsTexts = Record<(typeof teamsTextKeys)[number], string>;
