/**
 * Reasons that the words of a refused login may give, from the most exact to the least. What a clause speaks of is in
 * `topics.ts`, what it says of that in `states.ts`.
 */
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { LoginRefusal } from '../../diagnosis/observed/refusal.ts';
import { type Clause, says } from './clauses.ts';
import { states } from './states.ts';
import { topics } from './topics.ts';

/** `unclear`: the words give a reason of their own that we have no name for, so the code behind them does not count. */
export type Meaning = LoginRefusal | 'unclear';

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

/** Shut by who runs the server, for as long as he works on it. */
const upkeep =
  /\b(?:maintenance|\w*wartung\w*|mantenimiento|manutenzione|konserwacj\w*|onderhoud|manutencao|migrat\w*|migracion)\b/u;

/** An address of a machine, IPv4 or IPv6, written out. Whose else than ours would the server name to us? */
const addressLiteral = /(?<![\w.])(?:(?:\d{1,3}\.){3}\d{1,3}|[\da-f]{1,4}(?::[\da-f]{0,4}){2,7})(?![\w])/u;
/** "… failed for rep from IP 203.0.113.9": whoever came is named beside the reason, and is not the reason. */
const namedOrigin = new RegExp(
  String.raw`\b(?:(?:adresse|direccion|indirizzo|endereco|adres\w*) ip|ip(?:v[46])?(?:[- ]?ad+res\w*)?|(?:remote|client|source) (?:host|address|ip)|hostname)[\s:=[]*${addressLiteral.source}`,
  'u',
);
const ofUser =
  /\b(?:for|fur|pour|para|per|dla|voor) (?:\w+ )?(?:user|benutzer|utilisateur|usuario|utente|uzytkownika|gebruiker|utilizador)\b/u;
const ofOneLogin = (clause: string): boolean =>
  topics.credentials.test(clause) || topics.password.test(clause) || ofUser.test(clause);
const withoutOrigin = (clause: string): string =>
  ofOneLogin(clause) ? clause.replace(namedOrigin, ' ') : clause;
const accessRefused =
  /\b(?:access|connection|host|client|zugriff|zugang|verbindung|acces|connexion|acceso|conexion|accesso|connessione|dostep|polaczenie)\b.*\b(?:denied|rejected|refused|verweigert|abgelehnt|refusee?|denegad[oa]|rechazad[oa]|negat[oa]|rifiutat[oa]|odrzucon[oe])\b/u;

const isListed = (clause: string): boolean => /\b(?:listed|blacklisted|blocklisted|lookup)\b/u.test(clause);

const isShut = (clause: string): boolean => says(clause, states.off) || says(clause, states.locked);
const isOff = (clause: string): boolean => isShut(clause) || says(clause, states.barred);
const isAccountShut = (clause: string): boolean => topics.account.test(clause) && isShut(clause);

/** What is off is off on a line like ours alone: "IMAP access disabled via insecure connection". */
const openLine = /\b(?:in|un|non-?)secured?\b/u;

/** A switch that is spoken of as off, or that one is asked to turn on. */
const isSwitchedOff = (clause: string): boolean => isOff(clause) || says(clause, states.switchedOn);

const aboutImap = (clause: string, service: Service): boolean =>
  service === 'imap' && (topics.imap.test(clause) || topics.clients.test(clause));

const wants = (clause: string): boolean => says(clause, states.needed);

const tooManyAttempts = (clause: string): boolean =>
  says(clause, states.tooMuch) && topics.attempts.test(clause);

/** What is said most exactly stands first: of several that hold in one reply, that one is the reason. */
export const rules: readonly Rule[] = [
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
    meaning: 'too-many-connections',
    holds: (clause) => topics.connections.test(clause) && says(clause, states.tooMuch),
  },
  {
    meaning: 'our-address-refused',
    // "Access denied for user anna from 203.0.113.9" only reports who came.
    holds: (clause) =>
      addressLiteral.test(clause) && (isOff(clause) || (accessRefused.test(clause) && !ofUser.test(clause))),
  },
  {
    meaning: 'our-address-refused',
    holds: (clause) =>
      (topics.ourAddress.test(clause) && (isOff(clause) || wants(clause) || isListed(clause))) ||
      (topics.ourAddress.test(withoutOrigin(clause)) &&
        (says(clause, states.wrong) || says(clause, states.failed))),
  },
  {
    meaning: 'unavailable',
    // What is off for a time is on again by itself. Of an account that is said of locks, too.
    holds: (clause, { service }) =>
      (aboutImap(clause, service) || topics.smtp.test(clause) || topics.passwordLogin.test(clause)) &&
      !topics.account.test(clause) &&
      isOff(clause) &&
      says(clause, states.forNow),
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
    meaning: 'password-expired',
    holds: (clause) =>
      says(clause, states.expired) && (topics.password.test(clause) || topics.credentials.test(clause)),
  },
  {
    meaning: 'web-login-required',
    holds: (clause) =>
      topics.browser.test(clause) && says(clause, states.confirmed) && !says(clause, states.wrong),
  },
  {
    meaning: 'web-login-required',
    // Where the account was locked for it, suspicion is the cause and no way out.
    holds: (clause, { all }) =>
      topics.suspicion.test(clause) &&
      says(clause, states.confirmed) &&
      !says(clause, states.wrong) &&
      !all.some(({ text }) => isAccountShut(text)),
  },
  {
    meaning: 'unavailable',
    holds: (clause) => says(clause, states.tooMuch) && says(clause, states.rate),
  },
  {
    meaning: 'unavailable',
    holds: (clause, { all }) =>
      (topics.account.test(clause) && inUse.test(clause)) ||
      (isAccountShut(clause) && all.some(({ text }) => upkeep.test(text))),
  },
  {
    meaning: 'locked',
    holds: (clause) =>
      isAccountShut(clause) ||
      (topics.credentials.test(clause) && isShut(clause)) ||
      (topics.account.test(clause) && says(clause, states.expired)),
  },
  {
    meaning: 'unavailable',
    holds: (clause) => says(clause, states.tooMuch) && !topics.attempts.test(clause),
  },
  {
    meaning: 'password-expired',
    holds: (clause) => says(clause, states.renewal),
  },
  {
    meaning: 'unclear',
    holds: (clause) => topics.password.test(clause) && says(clause, states.weak),
  },
  {
    meaning: 'unclear',
    holds: (clause) => topics.account.test(clause) && says(clause, states.unentitled),
  },
  {
    meaning: 'our-address-refused',
    holds: (clause) =>
      tooManyAttempts(clause) && (topics.ourAddress.test(clause) || addressLiteral.test(clause)),
  },
  {
    meaning: 'unavailable',
    // Only what speaks of the account is a lock on it.
    holds: tooManyAttempts,
  },
];

/**
 * Reasons without a name of ours, which count where the words speak of neither a wrong pair nor a fault: who reads them
 * knows better than "authentication failed" beside them.
 */
export const isUnnamed = (clause: string): boolean =>
  (topics.account.test(clause) || topics.credentials.test(clause)) && says(clause, states.barred);
