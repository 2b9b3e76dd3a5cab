import type { CapabilityFacts } from './facts.ts';

/** In characters. SASL allows 20 for a mechanism (RFC 4422 §3.1), and no keyword in use is longer than 40. */
const longestToken = 60;
/** More say nothing more to a reader. */
const mostTokens = 100;
/** Honest servers list some forty; whoever lists more than these wants to be a burden. */
const mostListed = 500;

/**
 * Keywords and mechanisms are ASCII without spaces (RFC 4422 §3.1, RFC 5321 §4.1.1.1, RFC 9051 §9). What is none of it
 * becomes a question mark and is not left out, or a name with something hidden in it would be taken for the name itself.
 */
const token = (raw: string): string => {
  const name = raw.replaceAll(/[^\x21-\x7e]/gu, '?').toUpperCase();
  return name.length > longestToken ? `${name.slice(0, longestToken - 1)}…` : name;
};

/** Each once. Of far too many, those on which something rests are never among the ones left out. */
const bounded = (names: readonly string[], judged: readonly string[]): string[] => {
  const all = [...new Set(names)];
  return all.filter((name, index) => index < mostTokens || judged.includes(name));
};
const judgedKeywords = ['STARTTLS', 'LOGINDISABLED', 'SASL-IR', 'SPECIAL-USE'];
const judgedMechanisms = ['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER'];

const listed = (names: readonly string[], mechanisms: readonly string[]): CapabilityFacts => ({
  outcome: names.length > mostListed || mechanisms.length > mostListed ? 'too-long' : 'listed',
  names: bounded(names.map(token), judgedKeywords),
  mechanisms: bounded(mechanisms.map(token), judgedMechanisms),
  reply: '',
  refusal: null,
});

export const imapKeywords = (keywords: string): CapabilityFacts => {
  const names = keywords.split(/[ \t]+/u).filter((name) => name !== '');
  const mechanisms = names.flatMap((name) => (/^AUTH=/iu.test(name) ? [name.slice(5)] : []));
  return listed(names, mechanisms);
};

/** Keywords are read per line: a host name such as `no-starttls.example` in the first line is none. */
export const smtpKeywords = (lines: readonly string[]): CapabilityFacts => {
  const keywords = lines.slice(1).map((line) => line.slice(4).trim());
  const mechanisms = keywords.flatMap((line) => /^AUTH[ =](.*)$/iu.exec(line)?.[1]?.split(/[ \t=]+/u) ?? []);
  const names = keywords.map((line) => line.split(/[ \t=]/u)[0] ?? '');
  return listed(
    names.filter((name) => name !== ''),
    mechanisms.filter((name) => name !== ''),
  );
};
