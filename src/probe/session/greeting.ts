import type { Spoken } from '../../diagnosis/observed/observation.ts';
import { clean, decode } from './clean.ts';

/** IMAP says BYE for many reasons (RFC 9051 §7.1.5, RFC 5530); these mean "later", not "not you". */
const busy = /\[(?:LIMIT|UNAVAILABLE|INUSE)\]|too many|connection limit|try again|temporar|busy|overload/iu;

type Pattern = { match: RegExp; protocol: Spoken['protocol']; state: (line: string) => Spoken['state'] };

/** First match wins. FTP and NNTP share codes with SMTP and are told apart by their words. */
const patterns: readonly Pattern[] = [
  { match: /^\* OK\b/iu, protocol: 'imap', state: () => 'ready' },
  { match: /^\* PREAUTH\b/iu, protocol: 'imap', state: () => 'preauth' },
  { match: /^\* BYE\b/iu, protocol: 'imap', state: (line) => (busy.test(line) ? 'busy' : 'refusing') },
  { match: /^\d{3}[ -].*\bFTP\b(?!.*SMTP)/iu, protocol: 'other', state: () => 'ready' },
  { match: /^220(?:[ -]|$)/u, protocol: 'smtp', state: () => 'ready' },
  { match: /^4\d\d(?:[ -]|$)/u, protocol: 'smtp', state: () => 'busy' },
  { match: /^5\d\d(?:[ -]|$)/u, protocol: 'smtp', state: (line) => (busy.test(line) ? 'busy' : 'refusing') },
  { match: /^\+OK\b/u, protocol: 'pop3', state: () => 'ready' },
  { match: /^-ERR\b/u, protocol: 'pop3', state: () => 'refusing' },
  { match: /^HTTP\/\d|^<(?:!doctype|html)/iu, protocol: 'http', state: () => 'ready' },
];

/** What kind of server speaks a first line like this. */
export const recogniseGreeting = (line: string): Spoken => {
  const found = patterns.find(({ match }) => match.test(line));
  return {
    protocol: found?.protocol ?? 'other',
    state: found?.state(line) ?? 'ready',
    // What a server can do is read elsewhere; here it would only push its name out of sight.
    text: clean(decode(line.replace(/\[CAPABILITY [^\]]*\] ?/iu, ''))),
  };
};
