import type { LoginRefusal } from '../../diagnosis/observed/refusal.ts';

/**
 * IMAP response codes that say by themselves why a login is refused (RFC 5530 §3, RFC 3501 §7.1; WEBALERT is Google's). Not
 * here: AUTHENTICATIONFAILED, ALERT and the like, beside which the words may still say something more exact.
 */
export const imapCodeMeaning: Readonly<Record<string, LoginRefusal>> = {
  EXPIRED: 'password-expired',
  LIMIT: 'too-many-connections',
  UNAVAILABLE: 'unavailable',
  INUSE: 'unavailable',
  SERVERBUG: 'unavailable',
  PRIVACYREQUIRED: 'tls-required',
  WEBALERT: 'web-login-required',
};

/** Codes that leave the reason to the words, and what they mean where those are not known. */
export const imapCodeFallback: Readonly<Record<string, LoginRefusal>> = {
  AUTHENTICATIONFAILED: 'wrong-credentials',
  AUTHORIZATIONFAILED: 'locked',
  CONTACTADMIN: 'locked',
};

/** Enhanced status codes (RFC 3463, RFC 4954 §6, RFC 5248; 5.7.30 is Microsoft's, 5.7.14 Google's). */
export const smtpStatusMeaning: Readonly<Record<string, LoginRefusal>> = {
  '5.7.11': 'tls-required',
  '5.7.12': 'password-expired',
  '4.7.12': 'password-expired',
  '5.7.13': 'locked',
  '5.7.14': 'web-login-required',
  '5.7.30': 'basic-auth-disabled',
};

/** Reply codes (RFC 5321 §4.2, RFC 4954 §6) and what they mean where the words are not known. */
export const smtpCodeFallback: Readonly<Record<string, LoginRefusal>> = {
  '500': 'mechanism-unknown',
  '502': 'mechanism-unknown',
  '504': 'mechanism-unknown',
  '534': 'basic-auth-disabled',
  '535': 'wrong-credentials',
  '538': 'tls-required',
};
