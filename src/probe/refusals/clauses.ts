import { decode } from '../session/clean.ts';

/**
 * What a server says, cut into clauses: statements that stand for themselves. A clause that only names a condition or asks
 * to look after something states nothing, and is left out.
 */
export type Clause = {
  /** In lower case, without accents and marks of punctuation inside words. */
  text: string;
  /** Joins causes by "or": none of them is certain but the first that the server thinks of. */
  isAlternative: boolean;
  /** One of several causes that a list ends with "or": the server names all that it can think of, and none is certain. */
  isListed: boolean;
};

/** Longer replies say nothing more, and none is longer than what is kept of a line. */
export const mostRead = 2_000;

/** Letters as they are compared: Hasło, contraseña and Kennwört as haslo, contrasena and kennwort. */
export const plainLetters = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('đ', 'd')
    .replaceAll('ħ', 'h')
    .replaceAll('ß', 'ss')
    .replaceAll(/[’‘`´]/gu, "'");

/** A link is no statement, and neither is a name in quotation marks: their words are not the server's. */
const links = /<?\bhttps?:\/\/[^\s>]+>?|["“„][^"“”„]{0,100}["“”]/gu;

const sentenceEnds = /[.;:!?]+(?=\s|$)/u;
const boundaries = new RegExp(
  [
    '[,()<>]',
    String.raw`\s[-–—/|]+\s`,
    String.raw`\b(?:but|because|since|however|please|aber|weil|denn|bitte|mais(?! tarde)|car|veuillez|pero|porque|por favor|perche|per favore|si prega|ale|poniewaz|prosimy|prosze)\b`,
  ].join('|'),
  'u',
);

/**
 * "If …", "make sure that …": what may be, not what is. The short ones are words of other languages elsewhere: Spanish says
 * with "se" and Italian with "si" what is ("se ha superado el límite", "si richiede").
 */
const conditions =
  /^(?:and |or |und |oder |et |ou )?(?:when|ob|se(?! (?:han? \w+[ai]do|supero|excedio|alcanzo|deniega|denego|requier|necesit|exig|permite|bloque|rechaz|debe|produ))|si(?! (?:richied|deve|consigl|e verific))|jesli|jezeli|gdy)\b|\b(?:if|whether|unless|wenn|falls|sofern|in case|make sure|ensure|check (?:that|whether|the|your (?!(?:e-?)?mails?|inbox))|verify (?:that|your (?:user|pass|cred|sett|login|details))|stellen sie sicher|(?:uber)?prufen sie|vergewissern|assurez|verifiez|compruebe|verifique|asegurese|verifica(?:re|te)|assicura\w*|controlla\w*|sprawdz|upewnij)\b/u;

const alternatives = /\s(?:or|oder|ou|oppure|lub)\s/u;
const endOfList = /^(?:or|oder|ou|oppure|lub)\s/u;

/** What a sentence states: its clauses up to a condition, since what follows that one hangs on it. */
const statementsOf = (sentence: string): string[] => {
  const clauses = sentence
    .split(boundaries)
    .map((part) => part.replaceAll(/\s+/gu, ' ').trim())
    .filter((text) => text !== '');
  const conditional = clauses.findIndex((text) => conditions.test(text));
  return conditional < 0 ? clauses : clauses.slice(0, conditional);
};

/** The clauses of a reply. `words`: the lines as they came, without tag and code. */
export const clausesOf = (words: string): Clause[] =>
  plainLetters(decode(words.slice(0, mostRead)))
    .replaceAll(links, ' ')
    .split(sentenceEnds)
    .map(statementsOf)
    .flatMap((statements) => {
      // "A, or B" is still two; three and more are a list.
      const isListed = statements.length > 2 && statements.some((text) => endOfList.test(text));
      return statements.map((text) => ({ text, isListed, isAlternative: alternatives.test(` ${text} `) }));
    });

const negations =
  /^(?:not|no|never|will|cannot|\w+n't|without|neither|nor|yet|nicht|kein\w*|nie|ne|n'\w*|pas|non|plus|sin|senza|bez|nunca|mai|longer|niet|geen|nao)$/u;
const joins = /^(?:and|und|et|y|oraz|then|so)$/u;

/** Words between a negation and what it denies: "is not currently enabled", "n'est pas encore activé". */
const reach = 4;

/** Whether what stands at this place of the clause is denied there. */
const isDenied = (clause: string, at: number): boolean => {
  const before = clause.slice(0, at).trim().split(' ').slice(-reach);
  const near = before.slice(before.findLastIndex((word) => joins.test(word)) + 1);
  // German and Dutch may deny at the end: "gesperrt ist es nicht".
  return near.some((word) => negations.test(word)) || / ni(?:cht|et)$/u.test(clause.slice(at));
};

/** Whole words, divided by semicolons, of which each may be a pattern for several. */
const patternsIn = (list: string): string => {
  const patterns = list.split(';').map((pattern) => pattern.trim());
  // \b knows the letters of English alone.
  return String.raw`(?<![\p{L}\p{N}_])(?:${patterns.join('|')})(?![\p{L}\p{N}_])`;
};

/** Whether any of them is there. */
export const anyOf = (list: string): RegExp => new RegExp(patternsIn(list), 'u');
/** Each of them, wherever it is. */
export const eachOf = (list: string): RegExp => new RegExp(patternsIn(list), 'gu');

/** A state that something can be in, as words for it and words for its opposite. */
export type State = { is: RegExp; isNot?: RegExp };

/** Whether the clause says that something is so: by its own words not denied, or by their opposite denied. */
export const says = (clause: string, { is, isNot }: State): boolean =>
  [...clause.matchAll(is)].some(({ index }) => !isDenied(clause, index)) ||
  (isNot !== undefined && [...clause.matchAll(isNot)].some(({ index }) => isDenied(clause, index)));
