import { parseAddress } from '../diagnosis/parse.ts';
import type { Locale } from './conversation.ts';

/** What a person wants who types instead of pressing a button. */
export type Intent =
  | { type: 'start' }
  | { type: 'start-with'; address: string }
  | { type: 'help' }
  | { type: 'status' }
  | { type: 'language'; locale: Locale }
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
} as const satisfies Record<Recognised, Intent>;

/** Both languages are understood at any time. An address, even a wrong one, is taken as typed: the form will say what is wrong. */
export const recognise = (text: string): Intent => {
  const typed = text.trim();
  const known = byWord.get(typed.toLowerCase().replaceAll(/\s+/gu, ' ').replace(/[.!]$/u, ''));
  if (known) return meaning[known];
  const address = parseAddress(typed);
  if (address.ok) return { type: 'start-with', address: address.value };
  return /^\S+@\S*$/u.test(typed) ? { type: 'start-with', address: typed } : { type: 'unknown' };
};
