import type { Locale, Notice } from '../../conversation/state/conversation.ts';
import { translator } from './catalogue.ts';

/** Whoever has been forgotten has no name left. */
export const nameInWords = (name: string | null, locale: Locale): string | null =>
  name === '' ? translator(locale)('views:former-member') : name;

/** As above, for all names in a notice. */
export const withNames = <N extends Notice>(notice: N, locale: Locale): N => ({
  ...notice,
  by: nameInWords(notice.by, locale),
  text: nameInWords(notice.text, locale),
});
