import type { Account } from '../../diagnosis/account/account.ts';
import type { Finding } from '../../diagnosis/finding.ts';
import { requirementOnBoth } from '../../diagnosis/one-cause.ts';
import { commonReasons } from '../../diagnosis/policy.ts';
import type { Locale } from '../../language.ts';
import { isKey, translator, type Values } from '../catalogue/catalogue.ts';
import type { FindingText } from '../wording.ts';
import { entryOf, remedyParts, someAddresses } from './findings.ts';
import { valuesOfBoth } from './values.ts';

const entryOfBoth = ({ requirement, reason }: Finding): string =>
  commonReasons.some((common) => common === reason)
    ? `common.${reason}`
    : `${requirementOnBoth(requirement)}.${reason}`;

/** A hyphen asks for one at the first name too: IMAP- und SMTP-Server. */
const joined = (text: string, locale: Locale): string => {
  const t = translator(locale);
  return text.replaceAll(`${t('both:services')}-`, `${t('both:services-joined')}-`);
};

/**
 * What one cause says that both servers show. `locales/<locale>/both.json` has a title for it, and the rest where the words
 * about one server do not fit two. Null: there is no title, and each server gets its own text.
 */
export const textOfBoth = (
  both: { imap: Finding; smtp: Finding },
  account: Account,
  { locale, isIt }: { locale: Locale; isIt: boolean },
): FindingText | null => {
  const { imap } = both;
  const values: Values = valuesOfBoth(both, account, locale);
  const said = (part: string): string | null => {
    const [key] = [`both:${entryOfBoth(imap)}.${part}`, `findings:${entryOf(imap)}.${part}`].filter(isKey);
    return key ? joined(translator(locale)(key, values), locale) : null;
  };
  if (!isKey(`both:${entryOfBoth(imap)}.title`)) return null;
  return {
    title: said('title') ?? '',
    explanation: [said('explanation') ?? '', ...someAddresses(imap, locale)].join(' '),
    remedy: remedyParts(imap, isIt).flatMap((part) => said(part) ?? [])[0] ?? '',
  };
};
