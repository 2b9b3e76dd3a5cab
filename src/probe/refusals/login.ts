/**
 * What a refused login means. First the codes that are registered for one reason, then what the words speak of, clause by
 * clause, then the codes that say no more than "no". Words that are not known mean nothing: they are quoted, not guessed.
 * How this reads, with examples, stands in docs/refusals.md; its corpus is test/probe/refusals/.
 */
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { LoginRefusal } from '../../diagnosis/observed/refusal.ts';
import { type Clause, clausesOf, says } from './clauses.ts';
import { imapCodeFallback, imapCodeMeaning, smtpCodeFallback, smtpStatusMeaning } from './codes.ts';
import { states } from './states.ts';
import { topics } from './topics.ts';

/** `unclear`: the words give a reason of their own that we have no name for, so the code behind them does not count. */
type Meaning = LoginRefusal | 'unclear';

type Said = { service: Service; all: readonly Clause[] };
type Rule = { meaning: Meaning; holds(clause: string, said: Said): boolean };

/** Only who runs the domain can change it. */
const domainAdministrator = /\b(?:domain|workspace|tenant)[ -]?admin/u;

const unknownMechanism = /\binvalid (?:\w+ )?(?:mechanism|method|type)\b/u;

/** Said of logins as such, not of an account: "503 AUTH not available", "authentication not enabled". */
const noLoginAtAll =
  /^(?:error )?(?:auth|authentication|login)(?: command)?(?: is| are)? (?:disabled|not (?:currently )?(?:available|enabled|supported|offered))$/u;

/** Held by somebody else for the moment, which is no lock on the account: "locked by POP3 session", "being moved". */
const inUse =
  /\blocked by (?:\w+ ){0,2}(?:pop3?|pop server|session|process|connection|client|program)\b|\bin use\b|\bunable to lock\b|\bbeing (?:moved|migrated|relocated)\b|\bwird (?:gerade |derzeit )?(?:verschoben|umgezogen|verwendet)\b/u;

/** An address of a machine, IPv4 or IPv6, written out. Whose else than ours would the server name to us? */
const addressLiteral = /(?<![\w.])(?:(?:\d{1,3}\.){3}\d{1,3}|[\da-f]{1,4}(?::[\da-f]{0,4}){2,7})(?![\w])/u;
const accessRefused =
  /\b(?:access|connection|host|client|zugriff|zugang|verbindung|acces|connexion|acceso|conexion|accesso|connessione|dostep|polaczenie)\b.*\b(?:denied|rejected|refused|verweigert|abgelehnt|refusee?|denegad[oa]|rechazad[oa]|negat[oa]|rifiutat[oa]|odrzucon[oe])\b/u;

const isOff = (clause: string): boolean => says(clause, states.off) || says(clause, states.locked);

/** What is off is off on a line like ours alone: "IMAP access disabled via insecure connection". */
const openLine = /\b(?:in|un|non-?)secured?\b/u;

/** A switch that is spoken of as off, or that one is asked to turn on. */
const isSwitchedOff = (clause: string): boolean => isOff(clause) || says(clause, states.switchedOn);

const aboutImap = (clause: string, service: Service): boolean =>
  service === 'imap' && (topics.imap.test(clause) || topics.clients.test(clause));

const wants = (clause: string): boolean => says(clause, states.needed);

/** What is said most exactly stands first: of several that hold in one reply, that one is the reason. */
const rules: readonly Rule[] = [
  {
    meaning: 'app-password',
    holds: (clause) =>
      (topics.appPassword.test(clause) && (wants(clause) || !says(clause, states.wrong))) ||
      (topics.mailPassword.test(clause) && wants(clause)),
  },
  {
    meaning: 'tls-required',
    holds: (clause) =>
      topics.encryption.test(clause) && (wants(clause) || (openLine.test(clause) && isOff(clause))),
  },
  {
    meaning: 'imap-disabled-for-domain',
    holds: (clause, { service, all }) =>
      aboutImap(clause, service) &&
      isSwitchedOff(clause) &&
      (topics.domain.test(clause) || all.some(({ text }) => domainAdministrator.test(text))),
  },
  {
    meaning: 'imap-disabled',
    holds: (clause, { service }) => aboutImap(clause, service) && isSwitchedOff(clause),
  },
  {
    meaning: 'basic-auth-disabled',
    holds: (clause, { service }) =>
      (topics.passwordLogin.test(clause) && (isSwitchedOff(clause) || says(clause, states.unknown))) ||
      (topics.oauth.test(clause) && wants(clause)) ||
      (topics.organisation.test(clause) && isOff(clause)) ||
      (service === 'smtp' &&
        (topics.smtp.test(clause) || topics.clients.test(clause) || topics.imap.test(clause)) &&
        isSwitchedOff(clause)) ||
      /\b(?:did not meet the criteria to be authenticated|mechanism (?:is )?too weak)\b/u.test(clause),
  },
  {
    meaning: 'mechanism-unknown',
    holds: (clause) =>
      unknownMechanism.test(clause) ||
      noLoginAtAll.test(clause) ||
      (topics.mechanism.test(clause) &&
        !topics.password.test(clause) &&
        !topics.account.test(clause) &&
        says(clause, states.unknown)),
  },
  {
    meaning: 'web-login-required',
    holds: (clause) =>
      topics.browser.test(clause) && says(clause, states.confirmed) && !says(clause, states.wrong),
  },
  {
    meaning: 'too-many-connections',
    holds: (clause) => topics.connections.test(clause) && says(clause, states.tooMuch),
  },
  {
    meaning: 'unavailable',
    holds: (clause) =>
      says(clause, states.tooMuch) && (says(clause, states.rate) || !topics.attempts.test(clause)),
  },
  {
    meaning: 'unavailable',
    holds: (clause) => topics.account.test(clause) && inUse.test(clause),
  },
  {
    meaning: 'our-address-refused',
    // "Login failed for user anna from 203.0.113.9" only reports who came.
    holds: (clause) => addressLiteral.test(clause) && (isOff(clause) || accessRefused.test(clause)),
  },
  {
    meaning: 'our-address-refused',
    holds: (clause) =>
      topics.ourAddress.test(clause) &&
      (isOff(clause) ||
        says(clause, states.wrong) ||
        says(clause, states.failed) ||
        wants(clause) ||
        /\b(?:listed|blacklisted|blocklisted|lookup)\b/u.test(clause)),
  },
  {
    meaning: 'password-expired',
    holds: (clause) =>
      says(clause, states.expired) && (topics.password.test(clause) || topics.credentials.test(clause)),
  },
  {
    meaning: 'unclear',
    holds: (clause) => topics.password.test(clause) && says(clause, states.weak),
  },
  {
    meaning: 'locked',
    holds: (clause) =>
      (topics.account.test(clause) || topics.credentials.test(clause)) &&
      (isOff(clause) || (topics.account.test(clause) && says(clause, states.expired))),
  },
];

/** Too many attempts: the account is shut where no time is named, else it is a matter of time. */
const isShutByAttempts = (clause: string): boolean =>
  says(clause, states.tooMuch) && topics.attempts.test(clause);

const isWrongPair = ({ text }: Clause): boolean =>
  (topics.password.test(text) || topics.credentials.test(text) || topics.account.test(text)) &&
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
  if (certain.some(({ text }) => isShutByAttempts(text)))
    return certain.some(isOutage) ? 'unavailable' : 'locked';
  if (clauses.some(isWrongPair)) return 'wrong-credentials';
  if (clauses.some(isOutage)) return 'unavailable';
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
const wordsOf = (lines: readonly string[]): string =>
  lines.map((line) => line.replace(opening, '').trim()).join(' ');

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
  const words = wordsOf(said);
  const spoken = named(words) ?? spokenMeaning(clausesOf(words), 'imap');
  if (settled === 'unavailable') return meaningForNow(spoken);
  if (settled) return settled;
  // RFC 5530: the password was right and did not help.
  if (codes.includes('AUTHORIZATIONFAILED') && spoken === 'wrong-credentials') return 'locked';
  if (spoken) return known(spoken);
  const [left] = codes.flatMap((code) => imapCodeFallback[code] ?? []);
  return left ?? (isNotUnderstood(said) ? 'mechanism-unknown' : null);
};

const meaningOnSmtp = (lines: readonly string[]): LoginRefusal | null => {
  const said = lines.filter((line) => !/^334\b/u.test(line));
  const [, code = '', status = ''] = /^(\d{3})[ -]?(\d\.\d{1,3}\.\d{1,3}\b)?/u.exec(said[0] ?? '') ?? [];
  const words = wordsOf(said);
  const spoken = named(words) ?? spokenMeaning(clausesOf(words), 'smtp');
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
