import type { Spoken } from '../../diagnosis/observed/observation.ts';
import { clean, decode } from './clean.ts';
import { readRefusal } from './turned-away.ts';

type Kind = 'ready' | 'preauth' | 'refusal' | 'later';
type Pattern = { match: RegExp; protocol: Spoken['protocol']; kind: Kind };

/**
 * First match wins. FTP and LMTP share codes with SMTP and are told apart by their words. NO and BAD are no greetings (RFC
 * 9051 §7.1), but servers that are in trouble give them.
 */
const patterns: readonly Pattern[] = [
  { match: /^\* OK\b/iu, protocol: 'imap', kind: 'ready' },
  { match: /^\* PREAUTH\b/iu, protocol: 'imap', kind: 'preauth' },
  { match: /^\* (?:BYE|NO|BAD)\b/iu, protocol: 'imap', kind: 'refusal' },
  {
    match: /^\d{3}[ -](?!.*SMTP).*(?:\b\w*FTPd?\b(?![.-]\w)|\bLMTP\b(?![.-]\w)|\bFileZilla\b|\bServ-U\b)/iu,
    protocol: 'other',
    kind: 'ready',
  },
  { match: /^220(?:[ -]|$)/u, protocol: 'smtp', kind: 'ready' },
  { match: /^4\d\d(?:[ -]|$)/u, protocol: 'smtp', kind: 'later' },
  { match: /^5\d\d(?:[ -]|$)/u, protocol: 'smtp', kind: 'refusal' },
  { match: /^\+OK\b/u, protocol: 'pop3', kind: 'ready' },
  { match: /^-ERR\b/u, protocol: 'pop3', kind: 'refusal' },
  { match: /^HTTP\/\d|^<(?:!doctype|html)/iu, protocol: 'http', kind: 'ready' },
];

/** What a server can do is read elsewhere; here it would only push its name out of sight. */
const words = (line: string): string => decode(line.replace(/\[CAPABILITY [^\]]*\] ?/iu, ''));

const withoutCode = (line: string): string =>
  words(line)
    .replace(/^\d{3}[ -]/u, '')
    .trim();

/**
 * What kind of server speaks like this. All lines of a reply are read (RFC 5321 §4.2); of a refusal the one that gives the
 * reason is quoted, else all in a row. `asked`: it answers a question in which we gave a name.
 */
export const recogniseGreeting = (
  line: string,
  { more = [], asked = false }: { more?: readonly string[]; asked?: boolean } = {},
): Spoken => {
  // The last line of a reply says how it is meant (RFC 5321 §4.2.1).
  const last = more.at(-1);
  const decisive =
    last === undefined ? line : `${last.slice(0, 4)}${[line, ...more].map(withoutCode).join(' ')}`;
  const found = patterns.find(({ match }) => match.test(decisive));
  const protocol = found?.protocol ?? 'other';
  const all = clean([words(line), ...more.map(withoutCode)].join(' '));
  if (found?.kind !== 'refusal' && found?.kind !== 'later')
    return { protocol, state: found?.kind ?? 'ready', about: null, text: all };
  const isLater = found.kind === 'later';
  const { state, about, saying } = readRefusal([line, ...more].map(withoutCode), { isLater, asked });
  const code = /^\d{3}/u.exec(decisive)?.[0];
  const quoted = saying === null || more.length === 0 ? all : clean([code ?? '', saying].join(' '));
  return { protocol, state, about, text: quoted };
};
