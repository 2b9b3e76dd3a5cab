/** What a clause may say in set words, and what several topics and states make together. */
import type { Service } from '../../diagnosis/account/endpoint.ts';
import { says } from './clauses.ts';
import { states } from './states.ts';
import { topics } from './topics.ts';

/** Only who runs the domain can change it. */
export const domainAdministrator = /\b(?:domain|workspace|tenant)[ -]?admin/u;

/** Who did it, not whom to turn to. */
export const byAdministrator =
  /(?<!\b(?:contact\w*|ask|see|call|an|sie|kontaktieren|wenden|demander|prevenez|contatta\w*|skontaktuj\w*) (?:\S+ ){0,2})\b(?:administrator\w*|(?:l')?administrateur|administrador\w*|(?:dall')?amministratore|beheerder)\b/u;

export const unknownMechanism = /\binvalid (?:\w+ )?(?:mechanism|method|type)\b/u;

/** Said of logins as such, not of an account: "503 AUTH not available", "authentication not enabled". */
export const noLoginAtAll =
  /^(?:error )?(?:auth|authentication|login)(?: command)?(?: is| are)? (?:disabled|not (?:currently )?(?:available|enabled|supported|offered))$/u;

/** Held by somebody else for the moment, which is no lock on the account: "locked by POP3 session", "being moved". */
export const inUse =
  /\blocked by (?:\w+ ){0,2}(?:pop3?|pop server|session|process|connection|client|program)\b|\bin use\b|\bunable to lock\b|\bbeing (?:moved|migrated|relocated)\b|\bwird (?:gerade |derzeit )?(?:verschoben|umgezogen|verwendet)\b/u;

/** Stands where a link was. */
export const linkMark = 'weblink';
export const link = new RegExp(String.raw`\b${linkMark}\b`, 'u');

export const onThisServer =
  /\b(?:on|auf|sur|en|su|na|op|em) (?:this|diesem|ce|este|questo|tym|deze) (?:server|serveur|servidor|serwerze|host)\b/u;
/** What is left of "use imap2.mail.example", since names are taken out. */
export const pointsElsewhere =
  /^(?:use|try|connect to|log ?in (?:to|at)|verwenden sie|nutzen sie|utilisez|utilice|usa|usi|uzyj|gebruik)(?: instead| stattdessen)?$/u;

/** App passwords or the second factor are what the clause makes a statement on: "two-factor login is not enabled". */
export const aboutAppPasswords = new RegExp(
  String.raw`${topics.appPassword.source}(?: \w+)? (?:is|are|has|have|ist|sind|wurden?|est|sont|esta|estan|e|sono|jest|sa|zijn|estao)\b`,
  'u',
);

/** Something is asked for before a login: RFC 2476 §3.3 and RFC 6409 §3.3 know of "POP before SMTP". */
export const demands =
  /\b(?:must|have to|mussen|devez|debe|deve|devi|musisz|nalezy|moet|pop[- ]before[- ]smtp)\b/u;

/** Shut by who runs the server, for as long as he works on it. */
export const upkeep =
  /\b(?:maintenance|\w*wartung\w*|mantenimiento|manutenzione|konserwacj\w*|onderhoud|manutencao|migrat\w*|migracion)\b/u;

/** An address of a machine, IPv4 or IPv6, written out. Whose else than ours would the server name to us? */
export const addressLiteral =
  /(?<![\w.])(?:(?:\d{1,3}\.){3}\d{1,3}|[\da-f]{1,4}(?::[\da-f]{0,4}){2,7})(?![\w])/u;
/** "… failed for rep from IP 203.0.113.9": whoever came is named beside the reason, and is not the reason. */
const namedOrigin = new RegExp(
  String.raw`\b(?:(?:adresse|direccion|indirizzo|endereco|adres\w*) ip|ip(?:v[46])?(?:[- ]?ad+res\w*)?|(?:remote|client|source) (?:host|address|ip)|hostname)[\s:=[]*${addressLiteral.source}`,
  'u',
);
export const ofUser =
  /\b(?:for|fur|pour|para|per|dla|voor) (?:\w+ )?(?:user|benutzer|utilisateur|usuario|utente|uzytkownika|gebruiker|utilizador)\b/u;
const ofOneLogin = (clause: string): boolean =>
  topics.credentials.test(clause) || topics.password.test(clause) || ofUser.test(clause);
export const withoutOrigin = (clause: string): string =>
  ofOneLogin(clause) ? clause.replace(namedOrigin, ' ') : clause;
export const accessRefused =
  /\b(?:access|connection|host|client|zugriff|zugang|verbindung|acces|connexion|acceso|conexion|accesso|connessione|dostep|polaczenie)\b.*\b(?:denied|rejected|refused|verweigert|abgelehnt|refusee?|denegad[oa]|rechazad[oa]|negat[oa]|rifiutat[oa]|odrzucon[oe])\b/u;

export const isListed = (clause: string): boolean =>
  /\b(?:listed|blacklisted|blocklisted|lookup)\b/u.test(clause);

export const isShut = (clause: string): boolean => says(clause, states.off) || says(clause, states.locked);
export const isOff = (clause: string): boolean => isShut(clause) || says(clause, states.barred);
export const isAccountShut = (clause: string): boolean => topics.account.test(clause) && isShut(clause);

/** What is off is off on a line like ours alone: "IMAP access disabled via insecure connection". */
export const openLine = /\b(?:in|un|non-?)secured?\b/u;

/** A switch that is spoken of as off, or that one is asked to turn on. */
export const isSwitchedOff = (clause: string): boolean => isOff(clause) || says(clause, states.switchedOn);

export const aboutImap = (clause: string, service: Service): boolean =>
  service === 'imap' && (topics.imap.test(clause) || topics.clients.test(clause));

export const isUsedUp = (clause: string): boolean =>
  says(clause, states.expired) || says(clause, states.tooMuch) || isOff(clause);

/** Switched off, or yet to be switched on. */
export const isImapOff = (clause: string, service: Service): boolean =>
  aboutImap(clause, service) && isSwitchedOff(clause);

export const wants = (clause: string): boolean => says(clause, states.needed);

export const tooManyAttempts = (clause: string): boolean =>
  says(clause, states.tooMuch) && topics.attempts.test(clause);
