/** The few words that the adapter says itself; the app hands them in. */
export type SlackTexts = Record<
  | 'cut'
  | 'answered-in-dm'
  | 'form-not-opened'
  | 'not-taken'
  | 'form-not-taken'
  | 'members-only'
  | 'membership-unknown'
  | 'mention-in-case'
  | 'not-yet'
  | 'no-guests'
  | 'foreign-team',
  string
>;

export type SlackLocale = 'de' | 'en';

export type TextsOptions = {
  texts: (locale: SlackLocale) => SlackTexts;
  /** For people whose language Slack does not tell. */
  defaultLocale: SlackLocale;
  itLocale: SlackLocale;
};

/** Words in the language of a BCP 47 tag; null or a language that we do not speak: the default. */
export const createSpeech = ({ texts, defaultLocale, itLocale }: TextsOptions) => ({
  in: (tag: string | null | undefined): SlackTexts => {
    const language = tag?.split(/[-_]/u)[0]?.toLowerCase();
    return texts(language === 'de' || language === 'en' ? language : defaultLocale);
  },
  forIt: (): SlackTexts => texts(itLocale),
});
export type Speech = ReturnType<typeof createSpeech>;
