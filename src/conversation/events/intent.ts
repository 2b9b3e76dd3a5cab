import { parseAddress } from '../../diagnosis/account/parse.ts';
import { type Locale, locales, type PerLocale } from '../../language.ts';

/** What a person wants who types instead of pressing a button. */
export type Intent =
  | { type: 'start' }
  | { type: 'start-with'; address: string }
  | { type: 'help' }
  | { type: 'status' }
  /** What IT has to do; `query`: only what concerns this host or address. */
  | { type: 'queue'; query: string | null }
  | { type: 'language'; locale: Locale }
  | { type: 'forget' }
  /** An error as HubSpot names it. */
  | { type: 'hubspot-error'; error: HubspotError }
  | { type: 'unknown' };

type Command = 'start' | 'help' | 'status' | 'queue' | 'forget';

/** What people say in each language. All are understood at any time, whatever language the conversation is held in. */
const commands: PerLocale<Record<Command, readonly string[]>> = {
  de: {
    start: [
      ...['starten', 'los', 'verbinden', 'email verbinden', 'e-mail verbinden', 'mail verbinden'],
      'konto prüfen',
    ],
    help: ['hilfe'],
    status: ['stand'],
    queue: ['warteschlange', 'offene fälle'],
    forget: ['vergessen', 'daten löschen', 'meine daten löschen'],
  },
  en: {
    start: [
      ...['start', 'connect', 'connect email', 'connect e-mail', 'connect-email', 'connect my email'],
      'check account',
    ],
    help: ['help'],
    status: ['status'],
    queue: ['queue', 'open cases'],
    forget: ['forget', 'forget me', 'delete data', 'delete my data'],
  },
};
/** Said in no language. */
const wordless: Partial<Record<Command, readonly string[]>> = { start: [''], help: ['?'] };

/** How each language calls the word for language, itself and the others. */
const languageNames: PerLocale<{ word: string; names: PerLocale<string> }> = {
  de: { word: 'sprache', names: { de: 'deutsch', en: 'englisch' } },
  en: { word: 'language', names: { de: 'german', en: 'english' } },
};

const wordsFor = (command: Command): string[] => [
  ...(wordless[command] ?? []),
  ...locales.flatMap((locale) => commands[locale][command]),
];

/** `language de`, `language german`, `sprache deutsch`, and a language's own name alone. */
const wordsForLanguage = (locale: Locale): string[] => [
  ...locales.flatMap((said) => {
    const { word, names } = languageNames[said];
    return [`${word} ${locale}`, `${word} ${names[locale]}`];
  }),
  languageNames[locale].names[locale],
];

const byWord: ReadonlyMap<string, Intent> = new Map([
  ...(['start', 'help', 'status', 'forget'] as const).flatMap((type) =>
    wordsFor(type).map((words): [string, Intent] => [words, { type }]),
  ),
  ...wordsFor('queue').map((words): [string, Intent] => [words, { type: 'queue', query: null }]),
  ...locales.flatMap((locale) =>
    wordsForLanguage(locale).map((words): [string, Intent] => [words, { type: 'language', locale }]),
  ),
]);

export type HubspotError = 'imap-settings' | 'imap-login' | 'smtp-settings' | 'unauthorized';

/** Names of HubSpot's errors as people paste them: any case, any quotes, words before and behind. */
const errorNames: readonly (readonly [RegExp, HubspotError])[] = [
  [/imap[\s-]*authenti(?:cation|fizierungs)[\s-]*(?:error|fehler)/iu, 'imap-login'],
  [/(?:falsche|ungültige|inkorrekte)\s+imap[\s-]*einstellungen/iu, 'imap-settings'],
  [/imap[\s-]*settings\s+(?:are\s+)?incorrect|incorrect\s+imap[\s-]*settings/iu, 'imap-settings'],
  [/(?:falsche|ungültige|inkorrekte)\s+smtp[\s-]*einstellungen/iu, 'smtp-settings'],
  [/smtp[\s-]*settings\s+(?:are\s+)?incorrect|incorrect\s+smtp[\s-]*settings/iu, 'smtp-settings'],
  [/\bunauthori[sz]ed\b/iu, 'unauthorized'],
];

const errorIn = (text: string): HubspotError | null => {
  const plain = text.replaceAll(/["'„“”‚‘’«»`*_]/gu, '').replaceAll(/\s+/gu, ' ');
  return errorNames.find(([name]) => name.test(plain))?.[1] ?? null;
};

/** Where a platform has no commands, the command's name is written before its words: `connect-email status`. */
const commandName = /^\/?(?:connect[\s-]?e-?mail|e-?mail verbinden)[\s:]+(?=\S)/iu;

/** A host or an address behind the word for the queue; anything else behind it is ordinary talk. */
const search = new RegExp(
  `^(?:${wordsFor('queue').join('|')})\\s+(?<query>[^\\s.@]*[.@:][^\\s]*[^\\s.!?]|localhost)$`,
  'iu',
);

/** An address, even a wrong one, is taken as typed: the form will say what is wrong. */
export const recognise = (text: string): Intent => {
  const typed = text.trim().replace(commandName, '');
  const known = byWord.get(
    typed
      .toLowerCase()
      .replaceAll(/\s+/gu, ' ')
      .replace(/(?<=.)[.!?]$/u, ''),
  );
  if (known) return known;
  const query = search.exec(typed)?.groups?.query;
  if (query) return { type: 'queue', query };
  const error = errorIn(typed);
  if (error) return { type: 'hubspot-error', error };
  const address = parseAddress(typed);
  if (address.ok) return { type: 'start-with', address: address.value };
  return /^\S+@\S*$/u.test(typed) ? { type: 'start-with', address: typed } : { type: 'unknown' };
};
