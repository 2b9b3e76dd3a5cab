import { parseAddress } from '../diagnosis/parse.ts';
import type { Locale } from './conversation.ts';

/** What a person wants who types instead of pressing a button. */
export type Intent =
  | { type: 'start' }
  | { type: 'start-with'; address: string }
  | { type: 'help' }
  | { type: 'status' }
  | { type: 'language'; locale: Locale }
  | { type: 'forget' }
  /** An error as HubSpot names it. */
  | { type: 'hubspot-error'; error: HubspotError }
  | { type: 'unknown' };

const intents = {
  start: [
    '',
    'start',
    'starten',
    'los',
    'connect',
    'connect email',
    'connect e-mail',
    'connect-email',
    'connect my email',
    'verbinden',
    'email verbinden',
    'e-mail verbinden',
    'mail verbinden',
    'konto prüfen',
    'check account',
  ],
  help: ['help', 'hilfe', '?'],
  status: ['status', 'stand'],
  'language de': ['language de', 'sprache de', 'deutsch', 'sprache deutsch', 'language german'],
  'language en': ['language en', 'sprache en', 'english', 'language english', 'sprache englisch'],
  forget: [
    'forget',
    'forget me',
    'vergessen',
    'daten löschen',
    'meine daten löschen',
    'delete data',
    'delete my data',
  ],
} as const;
type Recognised = keyof typeof intents;

const byWord: ReadonlyMap<string, Recognised> = new Map(
  (Object.keys(intents) as Recognised[]).flatMap((intent) =>
    intents[intent].map((words) => [words, intent] as const),
  ),
);

const meaning = {
  start: { type: 'start' },
  help: { type: 'help' },
  status: { type: 'status' },
  'language de': { type: 'language', locale: 'de' },
  'language en': { type: 'language', locale: 'en' },
  forget: { type: 'forget' },
} as const satisfies Record<Recognised, Intent>;

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

/** Both languages are understood at any time. An address, even a wrong one, is taken as typed: the form will say what is wrong. */
export const recognise = (text: string): Intent => {
  const typed = text.trim().replace(commandName, '');
  const known = byWord.get(
    typed
      .toLowerCase()
      .replaceAll(/\s+/gu, ' ')
      .replace(/(?<=.)[.!?]$/u, ''),
  );
  if (known) return meaning[known];
  const error = errorIn(typed);
  if (error) return { type: 'hubspot-error', error };
  const address = parseAddress(typed);
  if (address.ok) return { type: 'start-with', address: address.value };
  return /^\S+@\S*$/u.test(typed) ? { type: 'start-with', address: typed } : { type: 'unknown' };
};
