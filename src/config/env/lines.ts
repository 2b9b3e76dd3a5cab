import type { EnvFault } from './fault.ts';
import { likelyName } from './likely-name.ts';

type Entry = { name: string; line: number; value: string };
type Read = {
  faults: EnvFault[];
  entries: Entry[];
  /** For Node's reader, which would take the next line for the value of one that sets nothing; null: leave it out. */
  text: string | null;
  /** Index of the last line that belongs to it. */
  last: number;
};

/** Before the first sign of equality; Node ends a value at the line's end or its closing quotation mark. */
const assignment = /^(?:export\s+)?([^=]*?)\s*=\s*(.*)$/u;
const plainName = /^[A-Za-z_][\w.-]*$/u;
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029\ufffd]/u;
const typographic = /^[“”„‟«»‘’‚‹›]/u;

/** What runtime and libraries read for themselves. */
const ofOthers =
  /^(?:NODE_|NPM_|HTTPS?_PROXY$|NO_PROXY$|ALL_PROXY$|TZ$|LANG$|LC_|PATH$|HOME$|PG[A-Z]+$|SSL_CERT_|UV_|DEBUG$|NO_COLOR$|FORCE_COLOR$|TERM$|COMPOSE_)/iu;
/** Node has read these by the time that anybody looks at the file. */
const readBefore = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE'];
/** Whatever begins so is meant for this program. */
const ofOurs = /^(?:SLACK|MICROSOFT|TEAMS|CHECK|METRICS|WATCH|RETENTION)_[A-Z_]{1,40}$/u;

/** `SLACK_BOT_TOKEN: …`, `set SLACK_BOT_TOKEN=…`, `- SLACK_BOT_TOKEN=…`: a setting in the form of another tool. */
const settingIn = (text: string, names: readonly string[]): string | undefined =>
  text
    .split(/\W+/u)
    .slice(0, 3)
    .find((word) => names.includes(word));

const faultOfPlainValue = (raw: string, afterSign: string): EnvFault['what'] | null => {
  const at = raw.indexOf('#');
  if (at < 0) return null;
  if (at > 0) return /\s/u.test(raw[at - 1] ?? '') ? null : 'read-as-comment';
  if (afterSign.startsWith('#')) return 'read-as-comment';
  return /^#[\s#]/u.test(raw) || raw === '#' ? null : 'maybe-comment';
};

type Place = { lines: readonly string[]; at: number; names: readonly string[] };

const readQuoted = (name: string, raw: string, { lines, at, names }: Place): Read => {
  const [mark = ''] = raw;
  const line = at + 1;
  const wrong = (last: number): Read => ({
    faults: [{ what: 'quotes', name, line }],
    entries: [],
    text: null,
    last,
  });
  const isOurs = names.includes(name);
  const end = raw.indexOf(mark, 1);
  if (end > 0) {
    const rest = raw.slice(end + 1).trim();
    if (isOurs && rest !== '' && !rest.startsWith('#')) return wrong(at);
    return {
      faults: [],
      entries: [{ name, line, value: raw.slice(1, end) }],
      text: `${name}=${raw.slice(0, end + 1)}`,
      last: at,
    };
  }
  const closing = lines.findIndex((text, index) => index > at && text.includes(mark));
  const swallowed = lines.slice(line, closing + 1);
  const swallowsOurs = swallowed.some((text) => names.includes(assignment.exec(text.trim())?.[1] ?? ''));
  const last = closing < 0 ? at : closing;
  if (isOurs || swallowsOurs) return wrong(last);
  const text = [`${name}=${raw}`, ...lines.slice(line, last + 1)].join('\n');
  return { faults: [], entries: [{ name, line, value: raw }], text, last };
};

const readPlain = (
  name: string,
  raw: string,
  { afterSign, at, names }: Place & { afterSign: string },
): Read => {
  const line = at + 1;
  const what = names.includes(name) ? faultOfPlainValue(raw, afterSign) : null;
  const value = raw.replace(/#.*$/u, '').trim();
  return {
    faults: what ? [{ what, name, line }] : [],
    entries: [{ name, line, value }],
    text: `${name}=${value}`,
    last: at,
  };
};

const readLine = (place: Place): Read => {
  const { lines, at, names } = place;
  const text = lines[at]?.trim() ?? '';
  if (text === '' || text.startsWith('#')) return { faults: [], entries: [], text: null, last: at };
  const [, name = '', raw = ''] = assignment.exec(text) ?? [];
  const line = at + 1;
  if (!plainName.test(name)) {
    const meant = settingIn(text, names);
    const fault: EnvFault = meant
      ? { what: 'not-assigned', name: meant, line }
      : { what: 'unknown-line', line };
    return { faults: [fault], entries: [], text: null, last: at };
  }
  if (/^["'`]/u.test(raw)) return readQuoted(name, raw, place);
  return readPlain(name, raw, { ...place, afterSign: text.slice(text.indexOf('=') + 1) });
};

const faultOfName = ({ name, line }: Entry, names: readonly string[]): EnvFault[] => {
  if (names.includes(name)) return [];
  if (readBefore.includes(name)) return [{ what: 'set-too-late', name, line }];
  if (ofOthers.test(name)) return [];
  const likely = likelyName(name, names);
  if (likely !== null) return [{ what: 'likely-name', name, likely, line }];
  return [{ what: 'unknown-name', line, ...(ofOurs.test(name) ? { name } : {}) }];
};

const faultsOfRepeats = (entries: readonly Entry[], names: readonly string[]): EnvFault[] =>
  names.flatMap((name): EnvFault[] => {
    const given = entries.filter((entry) => entry.name === name);
    const [last, ...earlier] = given.toReversed();
    const differing = earlier.filter(({ value }) => value !== '' && value !== last?.value);
    if (last === undefined || differing.length === 0) return [];
    return [{ what: last.value === '' ? 'emptied' : 'set-twice', name, line: last.line }];
  });

const isOdd = ({ name, value }: Entry, names: readonly string[]): boolean =>
  names.includes(name) && (invisible.test(value) || typographic.test(value));

/**
 * The lines of a file `.env` that set something, as Node's reader takes them for what they are, and what is wrong with all
 * of them. `names`: the settings that there are.
 */
export const readLines = (whole: string, names: readonly string[]): { text: string; faults: EnvFault[] } => {
  const lines = whole.split('\n');
  const reads: Read[] = [];
  for (let at = 0; at < lines.length; at = (reads.at(-1)?.last ?? at) + 1)
    reads.push(readLine({ lines, at, names }));
  const entries = reads.flatMap((read) => read.entries);
  const faults: EnvFault[] = [
    ...reads.flatMap((read) => read.faults),
    ...entries
      .filter((entry) => isOdd(entry, names))
      .map(({ name, line }): EnvFault => ({ what: 'character', name, line })),
    ...faultsOfRepeats(entries, names),
    ...entries.flatMap((entry) => faultOfName(entry, names)),
  ];
  return { text: reads.flatMap(({ text }) => text ?? []).join('\n'), faults };
};

/** Names in the surroundings of the process that can only be meant for this program, and are no setting of it. */
export const faultsOfNames = (given: readonly string[], names: readonly string[]): EnvFault[] =>
  given
    .filter((name) => ofOurs.test(name) && !names.includes(name))
    .map((name): EnvFault => {
      const likely = likelyName(name, names);
      return likely === null ? { what: 'unknown-name', name } : { what: 'likely-name', name, likely };
    });
