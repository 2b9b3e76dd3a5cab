/**
 * What can be wrong with the file `.env` itself. `stops`: a setting of ours would not count as it is written; else what
 * is there does nothing, and is named.
 */
export const envFaults = {
  folder: 'stops',
  'not-readable': 'stops',
  'leads-nowhere': 'stops',
  'utf-16': 'stops',
  'line-ends': 'stops',
  'not-assigned': 'stops',
  'read-as-comment': 'stops',
  quotes: 'stops',
  character: 'stops',
  emptied: 'stops',
  'set-twice': 'note',
  'empty-outside': 'note',
  'maybe-comment': 'note',
  'set-too-late': 'note',
  'unknown-line': 'note',
  'unknown-name': 'note',
  'likely-name': 'note',
  'other-file': 'note',
} as const;

/** Names and places only: what a line holds may be secret, and so may a name that looks like none of ours. */
export type EnvFault = {
  what: keyof typeof envFaults;
  /** From 1; absent where it is not in the file. */
  line?: number;
  name?: string;
  likely?: string;
  code?: string;
};

export const stopsTheStart = ({ what }: EnvFault): boolean => envFaults[what] === 'stops';

const sentences: Readonly<Record<EnvFault['what'], (fault: EnvFault) => string>> = {
  folder: () => 'expected a file, but it is a folder',
  'not-readable': ({ code }) => `expected a file that this user may read (${code})`,
  'leads-nowhere': () => 'expected a file, but it is a link to one that is not there',
  'utf-16': () => 'expected UTF-8, but it is written in UTF-16; please save it as UTF-8',
  'line-ends': () => 'expected lines that end in LF or CR LF, but some end in CR alone',
  'not-assigned': ({ name }) => `expected ${name}=value`,
  'read-as-comment': () =>
    'what follows the # is read as a comment; please put the value in quotes, or a space before the #',
  quotes: () => 'expected one value between two quotation marks of one kind, in one line',
  character: () =>
    'expected no invisible character and no typographic quotation mark; please type the value again',
  emptied: () => 'it empties what an earlier line sets; please remove one of the two',
  'set-twice': ({ name }) => `${name} is set before, to something else; this line counts`,
  'empty-outside': ({ name }) => `${name} is set here, but empty in the environment, which counts`,
  'maybe-comment': ({ name }) => `${name} is empty, since what follows the # is read as a comment`,
  'set-too-late': ({ name }) => `${name} does nothing here; Node reads it before`,
  'unknown-line': () => 'this is no NAME=value and no comment, and does nothing',
  'unknown-name': ({ name }) => `${name ?? 'this'} is no setting, and does nothing`,
  'likely-name': ({ name, likely }) => `${name} is no setting, and does nothing; is ${likely} meant?`,
  'other-file': ({ name }) => `there is no such file, but ${name}; settings are read from .env only`,
};

const placeOf = ({ what, line, name }: EnvFault): string => {
  if (line === undefined) return what === 'likely-name' || what === 'unknown-name' ? 'environment' : '.env';
  // As with a wrong value, the setting stands first.
  return envFaults[what] === 'stops' && name !== undefined
    ? `${name}: line ${line} of .env`
    : `.env line ${line}`;
};

/** One line for whoever starts the program, as that of a wrong value. */
export const faultLine = (fault: EnvFault): string => `${placeOf(fault)}: ${sentences[fault.what](fault)}`;
