import type { SendingRefusal } from '../../diagnosis/observed/refusal.ts';
import { clausesOf, says } from './clauses.ts';
import {
  about,
  addressOfMail,
  amount,
  barred,
  full,
  inAWhile,
  inOneWay,
  linksToSpf,
  refuses,
  scarce,
  send,
  sending,
  sendWord,
  store,
  unresolved,
  unusual,
  usedUp,
} from './sending-words.ts';
import { states } from './states.ts';
import { topics } from './topics.ts';

/** X.2.2 of RFC 3463 §3.3 is a full mailbox; so is 552 (RFC 5321 §4.2.3) where no such code is given. */
const fullCodes = /^(?:552(?! \d\.)|\d{3} \d\.2\.2\b)/u;
/** RFC 3463 §3.4: X.3.1 is a full system. RFC 5321 §4.2.3 gives 452 to it, which others use for many reasons. */
const storeCodes = /^(?:\d{3} \d\.3\.1\b|452(?! \d\.))/u;
/**
 * RFC 7372: the client's reverse DNS, and SPF, which looks at where a mail comes from. Microsoft bars addresses with
 * 5.7.511, 5.7.606 to 649 and 5.7.708.
 */
const addressCodes = /^\d{3} (?:\d\.7\.2[35]|5\.7\.(?:511|60[6-9]|6[1-4]\d|708))\b/u;
/** Microsoft bars a sender with 5.1.8 and 5.7.501 to 503, and a tenant with 5.7.705. */
const suspendedCodes = /^\d{3} (?:5\.1\.8|5\.7\.50[1-3]|5\.7\.705)\b/u;
/**
 * Google says 5.4.5 of a day's worth, Microsoft 5.1.90 and 5.2.2; the words of the latter tell it from a full mailbox.
 */
const limitCodes = /^\d{3} 5\.(?:4\.5|1\.90)\b/u;
/** RFC 3463 §3.2, RFC 7505: the domain of the sender is not known, or takes no mail. */
const senderCodes = /^\d{3} \d\.(?:1\.8|7\.27)\b/u;

/** By the enhanced code alone, which leaves no doubt; null: it says nothing of this. */
export const meaningOfCode = (code: string | null): SendingRefusal | null => {
  const status = code ?? '';
  if (addressCodes.test(status)) return 'our-address-refused';
  if (suspendedCodes.test(status)) return 'sending-suspended';
  return limitCodes.test(status) ? 'limit-reached' : null;
};

const wordsOf = (lines: readonly string[]): string =>
  lines.map((line) => line.replace(/^\d{3}[ -]?(?:\d\.\d{1,3}\.\d{1,3}\b)?/u, '').trim()).join(' ');

/** "503 Send EHLO first" asks for an order of commands; Exim's own 503 may also come from a rule about the name. */
const asksForOrder = /\b(?:first|required|expected|missing|before|sequence|needed)\b/u;
const speaksOfOurName = (code: string, clause: string): boolean =>
  about.ourName.test(clause) && !(code.startsWith('503') && asksForOrder.test(clause));

/** Whether the name is refused that we gave in EHLO, which many servers tell only the sender or the recipient. */
export const mindsOurName = (code: string | null, lines: readonly string[]): boolean =>
  clausesOf(wordsOf(lines)).some(({ text }) => speaksOfOurName(code ?? '', text));

/** Switched off, or a right that is lacking. */
const isOffOrBarred = (clause: string): boolean => says(clause, states.off) || says(clause, states.barred);

/** The names of lists are left out: other things than addresses stand on them, too. */
const namesOurAddress = (clause: string): boolean =>
  about.literal.test(clause) ||
  about.machine.test(clause) ||
  topics.ourAddress.test(clause.replaceAll(new RegExp(about.list, 'gu'), ''));

/** Where a mail comes from, and that nothing is taken from there. */
const refusesOurAddress = (clause: string): boolean => {
  const isNamed = namesOurAddress(clause);
  if (about.reverseName.test(clause)) return true;
  if (isNamed && (about.list.test(clause) || says(clause, refuses) || says(clause, unresolved))) return true;
  if (isNamed && (isOffOrBarred(clause) || says(clause, states.wrong))) return true;
  if (about.list.test(clause) && !about.listed.test(clause) && !says(clause, addressOfMail)) return true;
  return (
    about.spf.test(clause) &&
    (says(clause, states.failed) || isOffOrBarred(clause) || says(clause, refuses)) &&
    !/\brecord\b/u.test(clause)
  );
};

/** Said for good: "connection refused" may be trouble of the moment inside the server. */
const refusesConnection = (clause: string): boolean =>
  about.connecting.test(clause) &&
  (isOffOrBarred(clause) || says(clause, states.wrong) || says(clause, states.failed)) &&
  !says(clause, states.tooMuch);

type Read = { code: string; clauses: readonly string[]; words: string };

const isOurAddress = ({ code, clauses, words }: Read): boolean =>
  addressCodes.test(code) ||
  linksToSpf.test(words) ||
  clauses.some((clause) => speaksOfOurName(code, clause) || refusesOurAddress(clause)) ||
  (code.startsWith('5') && clauses.some(refusesConnection));

const isLater = (clause: string): boolean =>
  says(clause, states.later) || says(clause, states.broken) || inAWhile.test(clause);

/** "You may not send" bars an account, "you may not send as …" does not. */
const maySendNothing = (clause: string): boolean => {
  const [, after] = clause.split(sendWord, 2);
  return after !== undefined && says(clause, send) && !inOneWay.test(after);
};

/** Microsoft's 5.1.8 speaks of an account that is barred, everybody else's of a domain that is not known. */
const isSuspended = ({ code, clauses }: Read): boolean => {
  const account = clauses.some((clause) => topics.account.test(clause));
  const isForNow = code.startsWith('4') || clauses.some(isLater);
  return (
    (suspendedCodes.test(code) &&
      !(senderCodes.test(code) && clauses.some((one) => says(one, addressOfMail)))) ||
    clauses.some(
      (clause) =>
        !says(clause, addressOfMail) &&
        ((says(clause, barred) && (topics.account.test(clause) || about.right.test(clause))) ||
          (account && maySendNothing(clause)) ||
          (unusual.test(clause) && !isForNow)),
    )
  );
};

const isFullStore = ({ code, clauses }: Read): boolean => {
  const ofMailbox = clauses.some((clause) => about.mailbox.test(clause) || says(clause, states.tooMuch));
  return (
    (storeCodes.test(code) && !ofMailbox) ||
    clauses.some((clause) => store.test(clause) && says(clause, scarce) && !about.mailbox.test(clause))
  );
};

const isTooMuch = (clause: string): boolean =>
  says(clause, states.tooMuch) || (amount.test(clause) && says(clause, usedUp));

const isLimit = ({ clauses }: Read): boolean =>
  clauses.some((clause) => {
    if (about.mailbox.test(clause) && says(clause, full) && !about.outgoing.test(clause)) return false;
    return (isTooMuch(clause) && says(clause, sending)) || unusual.test(clause);
  });

/** What a server says that does not take a mail from the account to itself; null: words that are not known. */
export const meaningOfSending = (code: string | null, lines: readonly string[]): SendingRefusal | null => {
  const words = wordsOf(lines);
  const read: Read = { code: code ?? '', words, clauses: clausesOf(words).map(({ text }) => text) };
  const { clauses } = read;
  if (isOurAddress(read)) return 'our-address-refused';
  if (isSuspended(read)) return 'sending-suspended';
  if (isFullStore(read)) return 'try-later';
  if (limitCodes.test(read.code) || isLimit(read)) return 'limit-reached';
  if (fullCodes.test(read.code) || clauses.some((clause) => says(clause, full))) return 'over-quota';
  if (clauses.some(isTooMuch)) return 'limit-reached';
  if (senderCodes.test(read.code) && !clauses.some(isLater)) return null;
  return read.code.startsWith('4') ? 'try-later' : null;
};
