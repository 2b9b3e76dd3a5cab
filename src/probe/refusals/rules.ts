/**
 * Reasons that the words of a refused login may give, from the most exact to the least. What a clause speaks of is in
 * `topics.ts`, what it says of that in `states.ts`.
 */
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { LoginRefusal } from '../../diagnosis/observed/refusal.ts';
import { type Clause, says } from './clauses.ts';
import {
  aboutAppPasswords,
  aboutImap,
  accessRefused,
  addressLiteral,
  byAdministrator,
  demands,
  domainAdministrator,
  inUse,
  isAccountShut,
  isImapOff,
  isListed,
  isOff,
  isShut,
  isSwitchedOff,
  isUsedUp,
  link,
  noLoginAtAll,
  ofUser,
  onThisServer,
  openLine,
  pointsElsewhere,
  tooManyAttempts,
  unknownMechanism,
  upkeep,
  wants,
  withoutOrigin,
} from './sayings.ts';
import { states } from './states.ts';
import { topics } from './topics.ts';

/** `unclear`: the words give a reason of their own that we have no name for, so the code behind them does not count. */
export type Meaning = LoginRefusal | 'unclear';

type Said = { service: Service; all: readonly Clause[] };
type Rule = { meaning: Meaning; holds(clause: string, said: Said): boolean };

/** What is said most exactly stands first: of several that hold in one reply, that one is the reason. */
export const rules: readonly Rule[] = [
  {
    meaning: 'unclear',
    holds: (clause) => aboutAppPasswords.test(clause) && says(clause, states.off),
  },
  {
    meaning: 'app-password',
    holds: (clause) =>
      (topics.appPassword.test(clause) && (wants(clause) || !says(clause, states.wrong))) ||
      (topics.mailPassword.test(clause) && wants(clause)) ||
      (topics.token.test(clause) &&
        wants(clause) &&
        !topics.oauth.test(clause) &&
        !says(clause, states.wrong)),
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
    meaning: 'unclear',
    holds: (clause) =>
      (topics.space.test(clause) && says(clause, states.tooMuch)) ||
      (topics.mailbox.test(clause) && says(clause, states.full)) ||
      /\bover ?quota\b/u.test(clause),
  },
  {
    meaning: 'unavailable',
    // What is off for a time is on again by itself. Of an account that is said of locks, too.
    holds: (clause, { service }) =>
      (aboutImap(clause, service) ||
        topics.smtp.test(clause) ||
        topics.passwordLogin.test(clause) ||
        topics.credentials.test(clause)) &&
      !topics.account.test(clause) &&
      isOff(clause) &&
      says(clause, states.forNow),
  },
  {
    meaning: 'imap-disabled-for-domain',
    holds: (clause, { service, all }) =>
      aboutImap(clause, service) &&
      isSwitchedOff(clause) &&
      (topics.domain.test(clause) ||
        (isOff(clause) && byAdministrator.test(clause)) ||
        all.some(({ text }) => domainAdministrator.test(text))),
  },
  {
    meaning: 'imap-disabled',
    holds: (clause, { service }) => isImapOff(clause, service),
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
    holds: (clause, { all }) =>
      unknownMechanism.test(clause) ||
      (noLoginAtAll.test(clause) && !all.some(({ text }) => topics.account.test(text))) ||
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
    meaning: 'web-login-required',
    holds: (clause, { all }) =>
      topics.account.test(clause) &&
      says(clause, states.verified) &&
      !topics.password.test(clause) &&
      all.some(({ text }) => link.test(text)),
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
    meaning: 'unclear',
    holds: (clause, { all }) =>
      (topics.files.test(clause) && says(clause, states.wrong)) ||
      (topics.contract.test(clause) && isUsedUp(clause)) ||
      (topics.alias.test(clause) && (wants(clause) || isOff(clause) || says(clause, states.failed))) ||
      (onThisServer.test(clause) && all.some(({ text }) => pointsElsewhere.test(text))),
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
export const isUnnamed = (clause: string): boolean => {
  const isOfLogin = topics.credentials.test(clause);
  return (
    ((topics.account.test(clause) || isOfLogin) && says(clause, states.barred)) ||
    (demands.test(clause) && !isOfLogin && !topics.password.test(clause))
  );
};
