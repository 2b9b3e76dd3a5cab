import type { Endpoint } from './endpoint.ts';

/** A mail account as its owner describes it: every value validated, nothing looked up yet. Holds no secret. */
export type Account = {
  /** Trimmed, as typed. */
  address: string;
  imap: Endpoint | null;
  smtp: Endpoint | null;
  username: string;
  /** SMTP uses another user name or password, as stated. */
  smtpLogin: 'same' | 'different';
  untrustedCertificateExpected: boolean;
  /** Null: not asked. */
  personalInbox: boolean | null;
};

/** Why a typed value cannot be used. `params` are values for the sentence under the field. */
export type FieldError = { code: FieldErrorCode; params?: Readonly<Record<string, string | number>> };

const fieldErrorCodes = [
  'address-missing',
  'address-no-at',
  'address-no-domain',
  'address-local-part-not-ascii',
  'address-invalid',
  'address-too-long',
  'host-missing',
  'host-with-scheme',
  'host-with-spaces',
  'host-is-an-address',
  'host-invalid',
  'host-too-long',
  'port-not-a-number',
  'port-out-of-range',
  'port-not-tested-here',
  'port-twice',
  'choice-missing',
  'username-too-long',
  'username-invalid',
  'comment-too-long',
  'text-missing',
  'question-too-late',
] as const;
export type FieldErrorCode = (typeof fieldErrorCodes)[number];

/** Names of form fields; permanent, used inside the chat platforms. */
export const fieldNames = [
  'address',
  'personalInbox',
  'imapHost',
  'imapPort',
  'imapEncryption',
  'smtpHost',
  'smtpPort',
  'smtpEncryption',
  'username',
  'smtpLogin',
  'untrustedCertificate',
  'comment',
  'recipient',
  'question',
  'reply',
] as const;
export type FieldName = (typeof fieldNames)[number];

/** Raw form input. A platform may send null or leave out what was not touched. */
export type FormValues = Readonly<Partial<Record<FieldName, string | null>>>;
export type FieldErrors = Partial<Record<FieldName, FieldError>>;
export type Parsed<T> = { ok: true; value: T } | { ok: false; errors: FieldErrors };
