/**
 * What a refused login means. First the codes that are registered for one reason, then what the words speak of, clause by
 * clause, then the codes that say no more than "no". Words that are not known mean nothing: they are quoted, not guessed.
 * How this reads, with examples, stands in docs/refusals.md; its corpus is test/probe/refusals/.
 */
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { LoginRefusal } from '../../diagnosis/observed/refusal.ts';
import { type Clause, clausesOf, mostRead, says } from './clauses.ts';
import { imapCodeFallback, imapCodeMeaning, smtpCodeFallback, smtpStatusMeaning } from './codes.ts';
import { isUnnamed, type Meaning, rules } from './rules.ts';
import { isImapOff, linkMark } from './sayings.ts';
import { states } from './states.ts';
import { topics } from './topics.ts';

const isWrongPair = ({ text }: Clause): boolean =>
  (topics.password.test(text) || topics.credentials.test(text) || topics.account.test(text)) &&
  !topics.files.test(text) &&
  says(text, states.wrong);

const isFailure = ({ text }: Clause): boolean =>
  (topics.credentials.test(text) || topics.password.test(text)) && says(text, states.failed);

const isOutage = ({ text }: Clause): boolean => says(text, states.later) || says(text, states.broken);

/** What the clauses say; null: nothing that is known. */
const spokenMeaning = (clauses: readonly Clause[], service: Service): Meaning | null => {
  // "Invalid credentials or IMAP is disabled": only the first is certain to be thought of.
  const certain = clauses.filter(
    (clause) => !clause.isListed && !(clause.isAlternative && isWrongPair(clause)),
  );
  const found = rules.find(({ holds }) => certain.some(({ text }) => holds(text, { service, all: clauses })));
  if (found) return found.meaning;
  const wrongPair = clauses.filter(isWrongPair);
  if (wrongPair.length > 0)
    return wrongPair.some(({ text, isAlternative }) => isAlternative && isImapOff(text, service))
      ? 'wrong-credentials-or-imap-disabled'
      : 'wrong-credentials';
  if (clauses.some(isOutage)) return 'unavailable';
  if (certain.some(({ text }) => isUnnamed(text))) return 'unclear';
  return clauses.some(isFailure) ? 'wrong-credentials' : null;
};

/** Names of help pages and of settings that say what the words around them leave out. */
const telltales: readonly (readonly [RegExp, LoginRefusal])[] = [
  [/InvalidSecondFactor/iu, 'app-password'],
  [/smtp_auth_disabled/iu, 'basic-auth-disabled'],
];

const named = (words: string): LoginRefusal | null =>
  telltales.find(([pattern]) => pattern.test(words))?.[1] ?? null;

const known = (meaning: Meaning | null): LoginRefusal | null => (meaning === 'unclear' ? null : meaning);

const responseCode = /^(?:\S+ )?(?:NO|BAD|BYE) \[([A-Z][A-Z0-9-]*)/iu;
const opening = /^(?:\S+ (?:NO|BAD|BYE)\b ?(?:\[[^\]]*\] ?)?|\d{3}[ -]?(?:\d\.\d{1,3}\.\d{1,3}\b)?)/iu;
const wordsOf = (lines: readonly string[], between: string): string =>
  lines.map((line) => line.replace(opening, '').trim()).join(between);

const link = /<?\bhttps?:\/\/[^\s>]+>?/giu;
const mailAddress = /[^\s<>@"'(),;:]+@[^\s<>"'(),;:]+/gu;
/** A sentence that begins right behind a full stop is no part of a name, and a block list is known by its name. */
const hostName =
  /(?<![\w@/.-])(?![\w.-]*(?:spamhaus|spamcop|dnsbl|rbl|blocklist))(?:[\w-]+\.)+(?![A-Z][a-z])[A-Za-z]{2,}(?![\w-])/gu;

/** Names of hosts and people are not the server's words: "invalid password on blocked-mail.example" blocks nothing. */
const withoutNames = (words: string): string =>
  words
    .slice(0, mostRead)
    .replaceAll(link, ` ${linkMark} `)
    .replaceAll(mailAddress, ' ')
    .replaceAll(hostName, ' ');

/** RFC 9051 §7.1.3: BAD is about the command, unless its words are about something else. */
const isNotUnderstood = (lines: readonly string[]): boolean =>
  lines.some((line) =>
    /^(?!\*)\S+ BAD\b(?:.*\b(?:command|syntax|arguments?|pars\w+|protocol|authenticate)\b|\s*$)/iu.test(line),
  );

/**
 * A temporary code is a matter of time, whatever is said beside it (RFC 5321 §4.2.1, RFC 5530). Dovecot refuses one
 * connection too many with UNAVAILABLE.
 */
const meaningForNow = (spoken: Meaning | null): LoginRefusal =>
  spoken === 'too-many-connections' || spoken === 'our-address-refused' || spoken === 'tls-required'
    ? spoken
    : 'unavailable';

const meaningOnImap = (lines: readonly string[]): LoginRefusal | null => {
  const said = lines.filter((line) => /^\S+ (?:NO|BAD|BYE)\b/iu.test(line));
  const codes = said.flatMap((line) => responseCode.exec(line)?.[1]?.toUpperCase() ?? []);
  const [settled] = codes.flatMap((code) => imapCodeMeaning[code] ?? []);
  // Each line of IMAP is a statement of its own.
  const words = wordsOf(said, '. ');
  const spoken = named(words) ?? spokenMeaning(clausesOf(withoutNames(words)), 'imap');
  if (settled === 'unavailable') return meaningForNow(spoken);
  // RFC 5530 has LIMIT for limits of every kind, not of connections alone.
  if (settled) return settled === 'too-many-connections' && spoken === 'unclear' ? null : settled;
  // RFC 2221: the mailbox is on another server.
  if (codes.includes('REFERRAL')) return null;
  // RFC 5530: the password was right and did not help.
  if (codes.includes('AUTHORIZATIONFAILED') && spoken === 'wrong-credentials') return 'locked';
  if (spoken) return known(spoken);
  const [left] = codes.flatMap((code) => imapCodeFallback[code] ?? []);
  return left ?? (isNotUnderstood(said) ? 'mechanism-unknown' : null);
};

const meaningOnSmtp = (lines: readonly string[]): LoginRefusal | null => {
  const said = lines.filter((line) => !/^334\b/u.test(line));
  const [, code = '', status = ''] = /^(\d{3})[ -]?(\d\.\d{1,3}\.\d{1,3}\b)?/u.exec(said[0] ?? '') ?? [];
  const words = wordsOf(said, ' ');
  const spoken = named(words) ?? spokenMeaning(clausesOf(withoutNames(words)), 'smtp');
  // RFC 4954 §6: a password is to be renewed. Microsoft says 432 4.3.2 of connections.
  if (code === '432' && (status === '' || status === '4.7.12')) return 'password-expired';
  if (code.startsWith('4')) return smtpStatusMeaning[status] ?? meaningForNow(spoken);
  const settled = smtpStatusMeaning[status];
  if (settled) return settled;
  // 530 asks for something first (RFC 4954 §6, RFC 3207 §4): behind a login that can only be the encryption.
  return spoken
    ? known(spoken)
    : (smtpCodeFallback[code] ?? (status === '5.7.8' ? 'wrong-credentials' : null));
};

/** What a refusal of a login is known to mean; null: the words are not known. `lines`: every line of the answer. */
export const meaningOfLogin = (service: Service, lines: readonly string[]): LoginRefusal | null =>
  service === 'imap' ? meaningOnImap(lines) : meaningOnSmtp(lines);
