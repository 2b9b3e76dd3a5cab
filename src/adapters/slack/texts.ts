import { type Locale, localeOf } from '../../language.ts';

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

export type TextsOptions = {
  texts: (locale: Locale) => SlackTexts;
  /** For people whose language Slack does not tell. */
  defaultLocale: Locale;
  itLocale: Locale;
};

/** Words in the language of a BCP 47 tag; null or a language that we do not speak: the default. */
export const createSpeech = ({ texts, defaultLocale, itLocale }: TextsOptions) => ({
  in: (tag: string | null | undefined): SlackTexts => texts(localeOf(tag) ?? defaultLocale),
  forIt: (): SlackTexts => texts(itLocale),
});
export type Speech = ReturnType<typeof createSpeech>;
