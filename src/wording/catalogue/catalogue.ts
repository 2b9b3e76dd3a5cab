import { createInstance } from 'i18next';
import deBoth from '../../../locales/de/both.json' with { type: 'json' };
import deChat from '../../../locales/de/chat.json' with { type: 'json' };
import deDialogs from '../../../locales/de/dialogs.json' with { type: 'json' };
import deDiscovery from '../../../locales/de/discovery.json' with { type: 'json' };
import deDoctor from '../../../locales/de/doctor.json' with { type: 'json' };
import deFindings from '../../../locales/de/findings.json' with { type: 'json' };
import deFixes from '../../../locales/de/fixes.json' with { type: 'json' };
import deForms from '../../../locales/de/forms.json' with { type: 'json' };
import deHome from '../../../locales/de/home.json' with { type: 'json' };
import deHubspot from '../../../locales/de/hubspot.json' with { type: 'json' };
import deLogin from '../../../locales/de/login.json' with { type: 'json' };
import deOperator from '../../../locales/de/operator.json' with { type: 'json' };
import dePreview from '../../../locales/de/preview.json' with { type: 'json' };
import deTerminal from '../../../locales/de/terminal.json' with { type: 'json' };
import deTestMail from '../../../locales/de/test-mail.json' with { type: 'json' };
import deValues from '../../../locales/de/values.json' with { type: 'json' };
import deViews from '../../../locales/de/views.json' with { type: 'json' };
import enBoth from '../../../locales/en/both.json' with { type: 'json' };
import enChat from '../../../locales/en/chat.json' with { type: 'json' };
import enDialogs from '../../../locales/en/dialogs.json' with { type: 'json' };
import enDiscovery from '../../../locales/en/discovery.json' with { type: 'json' };
import enDoctor from '../../../locales/en/doctor.json' with { type: 'json' };
import enFindings from '../../../locales/en/findings.json' with { type: 'json' };
import enFixes from '../../../locales/en/fixes.json' with { type: 'json' };
import enForms from '../../../locales/en/forms.json' with { type: 'json' };
import enHome from '../../../locales/en/home.json' with { type: 'json' };
import enHubspot from '../../../locales/en/hubspot.json' with { type: 'json' };
import enLogin from '../../../locales/en/login.json' with { type: 'json' };
import enOperator from '../../../locales/en/operator.json' with { type: 'json' };
import enPreview from '../../../locales/en/preview.json' with { type: 'json' };
import enTerminal from '../../../locales/en/terminal.json' with { type: 'json' };
import enTestMail from '../../../locales/en/test-mail.json' with { type: 'json' };
import enValues from '../../../locales/en/values.json' with { type: 'json' };
import enViews from '../../../locales/en/views.json' with { type: 'json' };
import { type Locale, locales, type PerLocale } from '../../language.ts';
import { dateOf, durationOf, isDate, knownLocale, listOf, relativeDays } from './formats.ts';

/** A subject is a file `locales/<locale>/<subject>.json`; its name is the part of a key before the colon. */
const de = {
  both: deBoth,
  chat: deChat,
  discovery: deDiscovery,
  doctor: deDoctor,
  dialogs: deDialogs,
  findings: deFindings,
  fixes: deFixes,
  forms: deForms,
  home: deHome,
  hubspot: deHubspot,
  login: deLogin,
  operator: deOperator,
  preview: dePreview,
  terminal: deTerminal,
  'test-mail': deTestMail,
  values: deValues,
  views: deViews,
};
const en = {
  both: enBoth,
  chat: enChat,
  discovery: enDiscovery,
  doctor: enDoctor,
  dialogs: enDialogs,
  findings: enFindings,
  fixes: enFixes,
  forms: enForms,
  home: enHome,
  hubspot: enHubspot,
  login: enLogin,
  operator: enOperator,
  preview: enPreview,
  terminal: enTerminal,
  'test-mail': enTestMail,
  values: enValues,
  views: enViews,
};

/** Each language must have the keys of the other, so the compiler names the one that lacks. */
export type Catalogue = typeof de & typeof en;

/**
 * HubSpot's own words stand in `hubspot.json` alone, and other texts name them as i18next nests texts. They are set in once,
 * as each language is loaded: i18next would do it after it has filled in what servers say, which must stay as it is.
 */
const setIn = (texts: object, labels: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text !== 'string') setIn(text, labels);
    else if (text.includes('$t('))
      Reflect.set(
        texts,
        name,
        text.replaceAll(/\$t\(hubspot:([\w-]+)\)/gu, (named, label) => labels[label] ?? named),
      );
  }
};
for (const catalogue of [de, en]) setIn(catalogue, catalogue.hubspot);

export const catalogues: PerLocale<Catalogue> = { de, en };

type Singular<K extends string> = K extends `${infer Base}_${Intl.LDMLPluralRule}` ? Base : K;
type Leaf<T> = {
  [K in keyof T & string]: T[K] extends string ? Singular<K> : `${K}.${Leaf<T[K]>}`;
}[keyof T & string];
type KeyIn<C> = { [S in keyof C & string]: `${S}:${Leaf<C[S]>}` }[keyof C & string];

/** `subject:path.to.text`. Of texts by number (`days_one`, `days_other`) the key is the part before `_`. */
export type Key = KeyIn<typeof de>;

/** What a text may be filled with. `count` (a number) chooses between `_one` and `_other`. */
export type Values = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export type Translate = (key: Key, values?: Values) => string;

const i18n = createInstance({
  resources: catalogues,
  ns: Object.keys(de),
  lng: locales[0],
  fallbackLng: false,
  initAsync: false,
  // Texts are plain; each platform's adapter escapes for itself.
  interpolation: { escapeValue: false },
  missingInterpolationHandler: () => deValues.nothing,
});
await i18n.init();

const formatter = i18n.services.formatter;
for (const [name, format] of Object.entries(relativeDays))
  formatter?.add(name, (value: unknown, tag) => format(Number(value), knownLocale(tag)));
formatter?.add('duration', (value: unknown, tag) => durationOf(Number(value), knownLocale(tag)));
formatter?.add('seconds', (value: unknown, tag) =>
  i18n.getFixedT(knownLocale(tag))('values:seconds', { count: Number(value) }),
);

/** More names than these say nothing more to a reader. */
const mostNames = 5;

const prepareList = (names: readonly string[], locale: Locale): string =>
  names.length <= mostNames
    ? listOf(names, locale)
    : i18n.getFixedT(locale)('values:list-with-more', {
        names: names.slice(0, mostNames).join(', '),
        count: names.length - mostNames,
      });

const prepareValue = (value: Values[string], locale: Locale): string | number => {
  if (value === null || value === '') return catalogues[locale].values.nothing;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return isDate(value) ? dateOf(value, locale) : value;
  return value.length === 0 ? catalogues[locale].values.nothing : prepareList(value, locale);
};

/** ISO dates, lists and absent values as people of this language write them. Numbers stay: a port is never grouped. */
export const prepare = (values: Values, locale: Locale): Record<string, string | number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, prepareValue(value, locale)]));

/** For keys that are put together at run time; a branch of texts is not a key. All languages have the same. */
export const isKey = (text: string): text is Key => {
  const [subject = '', path = ''] = text.split(':');
  return [path, `${path}_other`].some(
    (leaf) => typeof i18n.getResource(locales[0], subject, leaf) === 'string',
  );
};

/** The voice of one language; wrong keys do not compile. */
export const translator = (locale: Locale): Translate => {
  const translate = i18n.getFixedT(locale);
  return (key, values = {}) => translate(key, prepare(values, locale));
};
