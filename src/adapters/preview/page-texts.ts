export const pageLocales = ['de', 'en'] as const;
export type PageLocale = (typeof pageLocales)[number];

/** The few words that the page has of its own; everything else is said by the bot. The app hands them in. */
export const pageTextKeys = [
  'title',
  'badge',
  'language',
  'panes',
  'repPane',
  'repPaneHint',
  'itPane',
  'itPaneHint',
  'welcomeTitle',
  'welcomeText',
  'welcomeStart',
  'itEmptyTitle',
  'itEmptyText',
  'composerLabel',
  'composerPlaceholder',
  'send',
  'you',
  'reply',
  'replyLabel',
  'replyHint',
  'close',
  'optional',
  'copy',
  'copied',
  'unread',
  'connectionLost',
  'tooSlow',
  'tooLarge',
  'failed',
] as const;
export type PageTexts = Record<(typeof pageTextKeys)[number], string>;
