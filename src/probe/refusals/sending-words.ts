/**
 * What the words of a refusal to take a mail may speak of and say of it, beside those that refusals of logins share with
 * them (`topics.ts`, `states.ts`); in the same languages, written without accents.
 */
import { anyOf, eachOf, type State } from './clauses.ts';

const words = (list: string): State => ({ is: eachOf(list) });

export const about = {
  /** An address of a machine, IPv4 or IPv6, written out. */
  literal: /(?<![\w.@])(?:(?:\d{1,3}\.){3}\d{1,3}|[\da-f]{1,4}(?::[\da-f]{0,4}){2,7})(?!\w)/u,
  machine: anyOf(String.raw`
    mta; (?:sending|client|remote) (?:mail ?)?(?:server|host|system); your (?:mail ?)?server; dynamic;
    residential; dial-?up; ihr\w* (?:mail-?)?server; adresses ip; direcciones ip; indirizzi ip; adresem ip
  `),
  /** The name that belongs to an address. */
  reverseName: anyOf(String.raw`
    ptr; r-?dns; reverse (?:dns|host ?names?|names?|look-?ups?|records?|mapping|resolution); reverse-dns;
    dns inverse; inverse dns; dns invers[oae]; (?:resolution|resolucion|risoluzione) invers\w*; odwrotn\w* dns;
    revdns; ruckwartsauflosung; reverse-?eintrag\w*
  `),
  /** Lists of senders of spam. */
  list: anyOf(String.raw`
    (?:dns|r|u|s)bls?; black ?-?list\w*; block ?-?list\w*; deny ?-?list\w*; sperrlisten?; schwarz\w* listen?;
    blockierliste\w*; listes? (?:noires?|de blocage); listas? (?:negras?|de bloqueo); list\w+ ner[ae];
    czarn\w+ li\w+; spamhaus; spamcop; sorbs; barracuda; uceprotect; fail2ban
  `),
  /** That one of them speaks of something else than where the mail comes from. */
  listed: anyOf(String.raw`
    domain\w*; domaine; dominio; domen\w*; senders?; absender\w*; expediteur; remitente; mittente; nadawc\w*;
    recipients?; empfanger\w*; destinata\w+; odbiorc\w*; url\w*; links?; content; attachments?; inhalt\w*;
    accounts?; konto; compte; cuenta; users?; dbl; surbl; uribl
  `),
  connecting: anyOf(String.raw`
    connect; connections?; verbind\w*; connexions?; connecter; conexion\w*; conectar\w*; connession\w*;
    connetter\w*; polacz\w*
  `),
  /** What an address may send for; whoever checks it looks at where the mail comes from. */
  spf: anyOf(`
    spf; sender policy framework
  `),
  /** The name with which a client introduces itself. */
  ourName: anyOf(String.raw`
    helo; ehlo; \w*helo; fully-?qualified host ?name; (?:ip|address|domain)[- ]literal
  `),
  outgoing: anyOf(String.raw`
    send; sending; outgoing; outbound; outmail; submission\w*; \w*versand\w*; ausgehend\w*; senden; envois?;
    sortant\w*; envios?; salientes?; invi[oi]; in uscita; wysyl\w*; wychodzac\w*
  `),
  /** What an account is barred from; a single message that is blocked bars nobody. */
  right: anyOf(String.raw`
    send; sending; sent; sender; outgoing; outbound; outmail; submission\w*; \w*versand\w*; ausgehend\w*;
    senden; envoi\w*; envio\w*; sortant\w*; salientes?; invi\w*; in uscita; wysyl\w*; wychodzac\w*; smtp; relay
  `),
  mailbox: anyOf(String.raw`
    mailbox; postfach\w*; boite; buzon; casella; skrzynk\w*
  `),
} as const;

/** What a link says of which the words around it do not speak. */
export const linksToSpf = /openspf\.(?:org|net)\/why/iu;

export const full = words(String.raw`
  mailbox (?:is )?full; over ?quota; quota; insufficient storage; no space; storage; voll; pleine; llen[oa];
  pien[oa]; przepelnion\w*; pelna
`);
/** The store of the server itself, which all accounts share. */
export const store = anyOf(String.raw`
  \w*disk\w*; spool; queue; mail system; system; temp(?:orary)? files?; server; festplatte\w*; datentrager\w*;
  warteschlange; disque; serveur; disco; servidor; dysk\w*; serwer\w*
`);
export const scarce = words(String.raw`
  full; insufficient; no (?:space|room); not enough; out of; low on; lacks?; exhausted; voll; nicht genug\w*;
  kein (?:speicher)?platz; zu wenig; plein; satur\w*; insuffisan\w*; llen[oa]; insuficient\w*; sin espacio;
  pien[oa]; insufficient\w*; esaurit\w*; pelny; pelna; brak miejsca; za malo; przepelnion\w*
`);

export const sending = words(String.raw`
  send; sending; sent; sender; outgoing; outbound; outmail; submission\w*; messages?; mails?; e-?mails?;
  recipients?; versand\w*; senden; nachrichten; envoi\w*; envio\w*; mensajes; correos; invi\w*; messaggi;
  wysyl\w*; wiadomosci; smtp; relay; empfanger\w*; destinata\w+; odbiorc\w*
`);
export const refuses = words(String.raw`
  rejected; blocked; denied; refused; listed; blacklisted; blocklisted; cannot find; not allowed; reputation;
  banned; abgelehnt; gesperrt; refuse\w*; bloque\w*; rechazad\w*; bloquead\w*; rifiutat\w*; bloccat\w*;
  odrzucon\w*; zablokowan\w*; service unavailable; policy; verification; found; lookup; using
`);
export const unresolved = words(String.raw`
  must resolve; (?:not|cannot be|could not be) (?:resolve\w*|found); unresolvable; nicht auflosbar;
  nicht auf(?:ge)?lo\w+; non resolue?
`);
export const barred = words(String.raw`
  suspen[ds]\w*; barred; disabled; blocked; locked; revoked; restricted; bad outbound; compromised; on hold;
  (?:outgoing|outbound) (?:e-?mail|mail) hold; prevented from; gesperrt; deaktiviert; abgeschaltet; unterbunden; eingestellt; gestoppt; stopped; paused;
  ausgesetzt; eingeschrankt; bloque\w*; suspendu\w*; desactive\w*; bloquead\w*; suspendid\w*; desactivad\w*;
  deshabilitad\w*; inhabilitad\w*; bloccat\w*; sospes\w*; disabilitat\w*; disattivat\w*; zablokowan\w*;
  zawieszon\w*; wstrzyman\w*; wylaczon\w*
`);
export const sendWord = anyOf(`
  send; sending; senden; versenden; verschicken; envoyer; emettre; enviar; inviare; spedire; wysylac
`);
/** Denied, it bars whoever it speaks of. */
export const send: State = { is: /(?!)/gu, isNot: new RegExp(sendWord, 'gu') };
/** Not at all, but in this way or to them. */
export const inOneWay = anyOf(String.raw`
  as; from; to; on behalf; in the name; with; via; address; als; von; an; mit; im namen; absender\w*;
  en tant; depuis; avec; adresse; como; desde; a nombre; direccion; come; da; dal; per conto; indirizzo; jako;
  z; w imieniu; adres\w*
`);
export const addressOfMail = words(`
  (?:sender|recipient|from|e-?mail) address; alias; absenderadresse
`);
/** Behaviour that a server takes for that of a stranger. */
export const unusual = anyOf(String.raw`
  (?:unusual|suspicious|abnormal) (?:\w+ )?activity; (?:ungewohnliche|verdachtige|auffallige)\w* (?:\w+ )?aktivitat\w*;
  activite (?:\w+ )?(?:inhabituelle|suspecte|anormale); actividad (?:\w+ )?(?:inusual|sospechosa|anormal);
  attivita (?:\w+ )?(?:insolita|sospetta|anomala); (?:nietypow|podejrzan)\w+ aktywnosc\w*
`);
export const inAWhile = anyOf(`
  after ?some ?time; nach einiger zeit; apres quelque temps; dopo qualche tempo; po pewnym czasie
`);
/** How much there may be, and that it is. */
export const amount = anyOf(String.raw`
  quota; \w*kontingent\w*; (?:max\w* )?anzahl; \w*limit\w*; number; nombre; numero; liczb\w*; max\w*; plafond;
  cupo; cuota; allowance
`);
export const usedUp = words(String.raw`
  used up; exhausted; reached; hit; \w*reicht; aufgebraucht; ausgeschopft; atteinte?; epuise\w*; alcanzad\w*;
  agotad\w*; raggiunt\w*; esaurit\w*; wyczerpan\w*; osiagniet\w*; exceeded
`);
