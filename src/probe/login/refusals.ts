import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { LoginRefusal } from '../../diagnosis/observed/observation.ts';

type Pattern = { match: RegExp; meaning: LoginRefusal; service?: Service };

/**
 * What mail servers say when they refuse a login, and what it means; the first match wins, so what is said most exactly
 * stands first. IMAP response codes are those of RFC 5530, SMTP codes those of RFC 4954 §6 and RFC 5248; the words are
 * those of Dovecot, Courier, Cyrus, Postfix, Exim, Exchange and Microsoft 365, Google, Yahoo, Yandex and Zoho.
 * GMX, WEB.DE and iCloud answer every refusal alike: a wrong password, IMAP switched off, and a missing app password.
 */
const patterns: readonly Pattern[] = [
  // Two causes in one sentence, of which the second is only possible.
  { match: /invalid credentials or IMAP is disabled/iu, meaning: 'wrong-credentials' },
  {
    match: /app(?:lication)?[- ]?specific[- ]pass|\bapp[- ]?passw|InvalidSecondFactor/iu,
    meaning: 'app-password',
  },
  {
    match: /\[WEBALERT\b|(?:log ?in|sign ?in) (?:via|with) your web browser|web login required/iu,
    meaning: 'web-login-required',
  },
  {
    match:
      /not enabled for IMAP|enable IMAP|IMAP(?: access| service| protocol)?(?: is| has been| was)? (?:disabled|not enabled|deactivated|deaktiviert)/iu,
    meaning: 'imap-disabled',
    service: 'imap',
  },
  {
    match:
      /SmtpClientAuthentication is disabled|smtp_auth_disabled|basic auth\w* (?:is |has been )?disabled/iu,
    meaning: 'basic-auth-disabled',
  },
  {
    match: /did not meet the criteria to be authenticated|no mechanism available|less secure app/iu,
    meaning: 'basic-auth-disabled',
  },
  {
    match: /\[LIMIT\]|too many (?:\w+ )?(?:connections|sessions)|number of connections|connection limit/iu,
    meaning: 'too-many-connections',
  },
  { match: /\[EXPIRED\]|password (?:has |is )?expired|^432/imu, meaning: 'password-expired' },
  {
    match:
      /(?:account|user|mailbox|login) (?:is |has been |was )?(?:temporarily )?(?:locked|disabled|suspended|blocked)/iu,
    meaning: 'locked',
  },
  { match: /too many (?:\w+ )?(?:auth\w*|login|bad|failed|invalid|unsuccessful)/iu, meaning: 'locked' },
  { match: /\[(?:CONTACTADMIN|AUTHORIZATIONFAILED)\]/iu, meaning: 'locked' },
  {
    match:
      /\[(?:UNAVAILABLE|INUSE|SERVERBUG)\]|temporar(?:y|ily) (?:auth|err|fail|problem|unavail)|generic failure|connection lost to auth|^4\d\d\b/imu,
    meaning: 'unavailable',
  },
  { match: /\[AUTHENTICATIONFAILED\]|^535|^\d{3} 5\.7\.8/imu, meaning: 'wrong-credentials' },
  { match: /^534/imu, meaning: 'basic-auth-disabled' },
  {
    match:
      /(?:login|authenticat\w*|authorization) fail|(?:invalid|incorrect|wrong|bad) (?:\w+ )?(?:credentials|user|login|pass|auth)|not accepted/iu,
    meaning: 'wrong-credentials',
  },
];

/** What a refusal of a login is known to mean; null: the words are not known. `words`: every line of the answer. */
export const meaningOf = (service: Service, words: string): LoginRefusal | null =>
  patterns.find((one) => (one.service ?? service) === service && one.match.test(words))?.meaning ?? null;
