import type { Spoken } from '../../diagnosis/observed/observation.ts';

/** `asked`: it is the answer to a question in which we gave a name, and no longer the greeting. */
type Refusal = { words: string; isLater: boolean; asked: boolean };

/** IMAP says BYE for many reasons (RFC 9051 §7.1.5, RFC 5530); these mean "later", not "not you". */
const busy =
  /\[(?:LIMIT|UNAVAILABLE|INUSE)\]|too many|(?:connection|session|rate) limit|try (?:again|later)|temporar|\bbusy\b|overload|später|réessayer|plus tard|más tarde|più tardi/iu;

const ourName =
  /\b(?:helo|ehlo)\b|fully[- ]qualified|\bFQDN\b|(?:ip|address|domain)[- ]literal|\b5\.5\.4\b|(?:invalid|illegal|bad|bogus|malformed) (?:host|domain|argument)|(?:host|domain) ?name (?:is )?(?:invalid|not valid|required|rejected|not found|unknown)|host ?name\b.{0,20}\b(?:resolve|lookup)/iu;

/** Whoever is told this stands on a list of senders of spam, has no name in the DNS, or was locked out for attempts of his own. */
const listed =
  /black-?\s?list|block-?\s?list|deny-?\s?list|liste noire|lista n(?:eg)?ra|sperrliste|\b(?:dns|r|u|s)bls?\b|\bdnsbl|spam(?:haus|cop)?\b|\b(?:sorbs|barracuda|uceprotect|abuseipdb|fail2ban|crowdsec)\b|reputation|\babus|malware|infected|\bbotnet|brute|\bPTR\b|\br-?dns\b|reverse[- ](?:dns|host|name|look-?up|map|record|resol)|bad dns|(?:cannot|can't|could not|unable to) (?:find|resolve|verify|look ?up) your|\bhost ?name\b.{0,20}\b(?:resolved?|not found|unknown)|dynamic (?:ip|address|range|pool)|dial-?up|residential|too many (?:\w+ )?(?:failed|failures|bad|invalid|wrong|incorrect|unsuccessful|failures?|auth\w*|logins?\b|attempts)|(?:failed|invalid|unsuccessful|fehlgeschlagene) (?:log-?ins?|auth\w*|attempts|anmeldung\w*|versuche)/iu;
const blocked = /block|\bbann|\blisted\b|lock(?:ed)? ?out|gesperrt|bloqu|bloccat|zablokowan/iu;
const place =
  /\bip\b|\bIPs\b|\bIPv[46]\b|address|adress|direcci|indirizz|\bhosts?\b|\bclients?\b|network|netzwerk|subnet|\brange\b|countr|location|geo|\bréseau|\bred\b|\brete\b|\bsieć|\badres\b|(?:allow|white|access)[- ]?list|\bacl\b|freigabeliste|liste blanche|lista blanca|lista bianca|biał\w+ li|\[?(?:\d{1,3}\.){3}\d{1,3}\]?|\b(?:[0-9a-f]{1,4}:){2,}[0-9a-f:]*/iu;
const exclusion =
  /\bnot\b|n't\b|\bno\b|never|\bonly\b|denied|deny|reject|refus|unauthor|forbid|prohibit|restrict|permi|allow|accept|authori|trusted|white-?list|access[- ]list|\bacl\b|nicht|kein|verweiger|abgelehnt|zugelassen|erlaubt|interdit|autoris|denegad|permitid|negato|consentit|niedozwol/iu;
/** At this point nothing is known of us but where we come from, so access that is denied to us is denied to an address. */
const bareDenial =
  /access (?:is )?(?:denied|restricted|forbidden|not)|not (?:allowed|authori[sz]ed|permitted|welcome)|connect(?:ion)?s? (?:is |was )?(?:refused|rejected|denied|not)|unauthori[sz]ed|forbidden|zugriff verweigert|zugang verweigert|accès (?:refusé|interdit)|acceso denegado|accesso negato|odmowa dostępu/iu;
const otherSubject =
  /account|\buser|log-?in|\bauth(?!ori)|password|licen[cs]e|maintenance|disabled|\btls\b|\bssl\b|encrypt|certificate|mailbox|konto|postfach/iu;

const isListed = (words: string): boolean => listed.test(words) || (blocked.test(words) && place.test(words));

const namesAddresses = (words: string): boolean =>
  (place.test(words) && exclusion.test(words)) || (bareDenial.test(words) && !otherSubject.test(words));

/** What the words of a refusal speak of, and whether they mean later. Of what is not known nothing is guessed. */
const meaningOf = ({ words, isLater, asked }: Refusal): Pick<Spoken, 'state' | 'about'> => {
  if (asked && ourName.test(words)) return { state: 'refusing', about: 'our-name' };
  if (isListed(words)) return { state: 'refusing', about: 'our-address' };
  // RFC 5321 §4.2.1: 4yz is a matter of this moment, whatever it speaks of; no allow list says that.
  if (isLater || busy.test(words)) return { state: 'busy', about: null };
  return { state: 'refusing', about: namesAddresses(words) ? 'addresses' : null };
};

/** `lines` without their codes. `saying`: the line that gives the reason; null where only all together do, or none does. */
export const readRefusal = (
  lines: readonly string[],
  { isLater, asked }: Omit<Refusal, 'words'>,
): Pick<Spoken, 'state' | 'about'> & { saying: string | null } => {
  const meaning = meaningOf({ words: lines.join(' '), isLater, asked });
  const telling =
    meaning.about === null
      ? undefined
      : lines.find((words) => meaningOf({ words, isLater, asked }).about === meaning.about);
  return { ...meaning, saying: telling ?? null };
};
