import { readableName } from './folder-name.ts';

/** One folder of a LIST answer. `raw`: as the server names it and wants it named. */
export type Listed = { raw: string; name: string; last: string; isSent: boolean };

/** RFC 9051 §7.3.1: attributes, what separates the levels of a name, the name; old servers answer XLIST in the same form. */
const listing =
  /^\* X?LIST \(([^)]*)\) (?:"(\\?.)"|NIL) (?:"((?:[^"\\]|\\.)*)"|([^\s"(){]\S*))(?: .*)?\s*$/iu;

/** A name may come as a literal: `{7}` and then, on a line of its own, the name (RFC 9051 §4.3). */
export const announcesLiteral = (line: string): boolean =>
  /^\* X?LIST \([^)]*\) (?:"\\?."|NIL) \{\d{1,6}\+?\}$/iu.test(line);

export const joinLiteral = (line: string, literal: string): string =>
  line.replace(/\{\d+\+?\}$/u, () => `"${literal.replaceAll(/["\\]/gu, String.raw`\$&`)}"`);

/** The folder that a line names; null where it names none that could be opened. */
export const readListing = (line: string): Listed | null => {
  const [, attributes = '', delimiter = '', inQuotes, atom] = listing.exec(line) ?? [];
  const raw = inQuotes === undefined ? atom : inQuotes.replaceAll(/\\(["\\])/gu, '$1');
  if (raw === undefined || raw === '' || /\\(?:Noselect|NonExistent)\b/iu.test(attributes)) return null;
  const separator = delimiter.at(-1);
  const name = readableName(raw);
  const last = separator === undefined ? name : (name.split(separator).at(-1) ?? name);
  return { raw, name, last, isSent: /\\Sent(?:\s|$)/iu.test(attributes) };
};
