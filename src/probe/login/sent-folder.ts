import type { Sighting } from '../context.ts';
import { type Answer, askImap, askImapAll, shownLine, type Talk } from '../session/dialogue.ts';

type SentFolder = Extract<Sighting, { type: 'sent-folder' }>;

/** What mail programs call it in German and English, as the last part of a name; a hyphen counts as a space. */
const usualNames = [
  'sent',
  'sent items',
  'sent messages',
  'sent mail',
  'gesendet',
  'gesendete elemente',
  'gesendete objekte',
  'gesendete nachrichten',
  'gesendete mails',
  'gesendete e mails',
];

type Listed = { attributes: string; name: string; last: string };

/** A name may come as a literal: `{7}` and then, on a line of its own, the name (RFC 9051 §4.3). */
const joinLiterals = (lines: readonly string[]): string[] => {
  const joined: string[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    if (before !== undefined && /\{\d+\}$/u.test(before))
      joined[joined.length - 1] = before.replace(/\{\d+\}$/u, () => `"${line}"`);
    else joined.push(line);
  }
  return joined;
};

/** RFC 9051 §7.3.1: attributes, what separates the levels of a name, the name. */
const listing = /^\* LIST \(([^)]*)\) (?:"(\\?.)"|NIL) (?:"(.*)"|(\S+))\s*$/iu;

const foldersIn = ({ lines }: Answer): Listed[] =>
  joinLiterals(lines).flatMap((line) => {
    const [, attributes = '', delimiter = '', inQuotes, atom] = listing.exec(line) ?? [];
    const name = (inQuotes ?? atom)?.replaceAll(/\\(["\\])/gu, '$1');
    if (name === undefined || /\\Noselect|\\NonExistent/iu.test(attributes)) return [];
    const separator = delimiter.at(-1);
    const last = separator === undefined ? name : (name.split(separator).at(-1) ?? name);
    return [{ attributes, name, last: last.toLowerCase().replaceAll('-', ' ') }];
  });

/** More than these say nothing more. */
const mostFolders = 20;

const bracketed = /^\w+ OK \[CAPABILITY ([^\]]*)\]|^\* CAPABILITY (.*)$/iu;

/** More is listed after the login than before (RFC 9051 §6.2.2), mostly along with the answer. */
const knowsSpecialUse = async (talk: Talk, login: Answer): Promise<boolean> => {
  const listed = ({ lines }: Answer): string | undefined => {
    const found = lines.map((line) => bracketed.exec(line)).find((match) => match !== null);
    return found?.[1] ?? found?.[2];
  };
  const known = listed(login) ?? listed(await askImap(talk, 'a4', 'CAPABILITY')) ?? '';
  return known.toUpperCase().split(/\s+/u).includes('SPECIAL-USE');
};

/** Asks little: an account may have thousands of folders, and only those for sent mail matter. */
const specialUse = [['a5', 'LIST (SPECIAL-USE) "" "*"']] as const;
/** Names are compared with regard to case (RFC 9051 §5.1). */
const byName = [
  ['a6', 'LIST "" "*Sent*"'],
  ['a7', 'LIST "" "*sent*"'],
  ['a8', 'LIST "" "*esendet*"'],
  ['b1', 'LIST "" "*SENT*"'],
  ['b2', 'LIST "" "*ESENDET*"'],
] as const;

/** Looks for the folder of sent mail by its special use (RFC 6154), then by its usual names. */
export const lookForSentFolder = async (talk: Talk, login: Answer): Promise<SentFolder> => {
  const ended = ({ outcome }: Answer): SentFolder => ({
    type: 'sent-folder',
    outcome: outcome === 'ok' || outcome === 'go-on' ? 'refused' : outcome,
    marked: null,
    named: [],
  });
  const marked = (folders: readonly Listed[]): string | null =>
    folders.find(({ attributes }) => /\\Sent(?:\s|$)/iu.test(attributes))?.name ?? null;
  const special = await knowsSpecialUse(talk, login);
  const found: Listed[] = [];
  for (const round of special ? [specialUse, byName] : [byName]) {
    const answers = await askImapAll(talk, round);
    const failed = answers.find(({ outcome }) => outcome !== 'ok');
    if (failed) return ended(failed);
    found.push(...answers.flatMap(foldersIn));
    const name = marked(found);
    if (name !== null)
      return { type: 'sent-folder', outcome: 'listed', marked: shownLine(talk, name), named: [] };
  }
  const names = found
    .filter(({ last }) => usualNames.includes(last))
    .map(({ name }) => shownLine(talk, name));
  return {
    type: 'sent-folder',
    outcome: 'listed',
    marked: null,
    named: [...new Set(names)].slice(0, mostFolders),
  };
};
