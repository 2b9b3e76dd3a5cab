/**
 * Whether a line may be shown once a password has been sent: a server may repeat what it was sent, and its words are shown
 * to people and kept. Two rules, since neither alone would do. Whatever shares some signs in a row with the password, in
 * any encoding, is hidden: to keep only codes would take the evidence from everybody for the sake of a few servers. And
 * what servers say to everybody is no evidence of a password: without that, a password of ordinary words would hide honest
 * replies, and tell by it what it is made of.
 */
import { type View, viewsOf } from './decodings.ts';
import { imapCodes, ordinaryPrompts, ordinarySentences, ordinaryWords } from './ordinary-words.ts';

/** Shorter pieces of base64 are found in many lines by chance. */
const pieceLength = 8;
/** So many signs in a row that are the password's own are taken for a piece of it. */
const run = 5;
/** A password of so few signs is part of many words: it counts where it stands by itself. */
const short = 4;

/** The same for all who write it in capitals, in other forms of one letter, or both. */
const fold = (text: string): string =>
  text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ');

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/u, '');

/** Every way to see the text in base64 that holds something else in front of it; at its edges stands what is not its own. */
const alignedBase64 = (text: string): string[] => {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].map((shift) =>
    base64(Buffer.concat([Buffer.alloc(shift), bytes])).slice(shift === 0 ? 0 : shift + 1, -1),
  );
};

const piecesOf = (text: string, length: number): string[] =>
  text.length < length
    ? []
    : Array.from({ length: text.length - length + 1 }, (_, start) => text.slice(start, start + length));

const holdsPiece = (text: string, pieces: ReadonlySet<string>, length: number): boolean => {
  for (let start = 0; start + length <= text.length; start += 1)
    if (pieces.has(text.slice(start, start + length))) return true;
  return false;
};

const standsAlone = (text: string, word: string): boolean => {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before = '', after = ''] = [text.slice(0, at).at(-1), text.at(at + word.length)];
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
};

const lettersOf = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Tag and status, SMTP's codes, and a response code that is registered (RFC 5530): their grammar carries nothing else. */
const opening =
  /^(?:(?:[a-z]\d|\*) (?:ok|no|bad|bye)\b ?|(?:[245]\d\d|334)(?:[ -]|$)(?:[245]\.\d\.\d{1,2}(?: |$))?)?(?:\[([a-z-]+)\] ?)?/iu;

const withoutOpening = (line: string): string => {
  const [whole = '', code] = opening.exec(line) ?? [];
  if (code === undefined || imapCodes.has(code.toUpperCase())) return line.slice(whole.length);
  return line.slice(line.indexOf('['));
};

const isSaidToAll = (words: string): boolean =>
  ordinarySentences.has(
    words
      .trim()
      .toLowerCase()
      .replace(/[.!]+$/u, ''),
  );

/** In characters, of one line with all that is decoded from it; an honest one needs a fifth. What needs more is hidden. */
const mostOfLine = 20_000;
/** The same for all lines of one conversation. */
const mostOfAll = 400_000;

type Known = {
  /** What else was sent that holds the password. */
  carriers: readonly string[];
  /** What is no secret and may well be repeated: user name and address. */
  names: readonly string[];
};

const wordsOf = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.flatMap((name) => name.match(/[\p{L}\p{N}]+/gu) ?? []));

/** One view of a line, made ready once for all forms of the password. */
type Prepared = View & {
  /** Without what is said to everybody or known anyway. */
  own: string;
  /** Its letters and digits alone, as where something stands between those of the password. */
  spelt: string;
};

const prepare = ({ text, isLine }: View, known: ReadonlySet<string>): Prepared => {
  const folded = fold(text);
  const without = (fewest: number): string =>
    folded.replaceAll(/[\p{L}\p{N}]+/gu, (word) =>
      word.length >= fewest && (ordinaryWords.has(word) || known.has(word)) ? '\0' : word,
    );
  return { text: folded, isLine, own: without(1), spelt: lettersOf(without(3)) };
};

/** Whether a password of several signs, or a piece of it, is in what a line is meant to say. */
const findsLong = (form: string, names: readonly string[]) => {
  const length = Math.min(run, form.length - 1);
  // Nearly all of it tells it too, unless that is a word of its own or what is known anyway.
  const whole = [form, form.slice(1), form.slice(0, -1)].filter(
    (part) => part === form || !(ordinaryWords.has(part) || names.some((name) => name.includes(part))),
  );
  const pieces = new Set(piecesOf(form, length));
  const letters = lettersOf(form);
  const spelling = letters.length > run ? [letters.slice(1), letters.slice(0, -1)] : [];
  return ({ text, own, spelt }: Prepared): boolean =>
    whole.some((part) => text.includes(part)) ||
    holdsPiece(own, pieces, length) ||
    spelling.some((part) => spelt.includes(part));
};

/** The same for a password of few signs: whole, or one sign less where three remain, and by itself. */
const findsShort = (form: string) => {
  const parts = form.length === short ? [form, form.slice(1), form.slice(0, -1)] : [form];
  return ({ text, isLine }: Prepared): boolean =>
    // By chance a few signs are in any bytes; only what is text as a whole was meant.
    (isLine || /^[\0\p{L}\p{N}\p{P}\p{S}\p{Zs}]+$/u.test(text)) &&
    parts.some((part) => standsAlone(text, part));
};

/** Tells whether a line holds the password or a piece of it, plain or in any encoding that a server might use. */
export const createConcealment = (
  password: string,
  { carriers, names }: Known,
): ((line: string) => boolean) => {
  const whole = fold(password);
  const forms = new Set([whole, Array.from(whole).reverse().join('')]);
  forms.add(fold(Buffer.from(password, 'utf8').toString('latin1')));
  const folded = names.map(fold);
  const known = wordsOf(folded);
  const finders = [...forms].map((form) =>
    form.length > short ? findsLong(form, folded) : findsShort(form),
  );
  // Base64 that has lost its capitals cannot be decoded any more, but still be recognised.
  const encoded = [
    ...alignedBase64(password),
    ...carriers.map((carrier) => base64(Buffer.from(carrier, 'utf8'))),
  ];
  const traces = new Set(encoded.flatMap((text) => piecesOf(text.toLowerCase(), pieceLength)));
  let left = mostOfAll;
  return (line) => {
    const said = withoutOpening(line).replaceAll(ordinaryPrompts, '');
    if (isSaidToAll(said)) return false;
    if (holdsPiece(said.toLowerCase(), traces, pieceLength)) return true;
    const views = viewsOf(said, Math.min(mostOfLine, left));
    left -= views?.reduce((sum, { text }) => sum + text.length, 0) ?? mostOfLine;
    return (
      views === null ||
      views.some((view) => {
        const prepared = prepare(view, known);
        return finders.some((finds) => finds(prepared));
      })
    );
  };
};
