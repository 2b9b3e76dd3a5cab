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
export type AccountError = {
  code: AccountErrorCode;
  params?: Readonly<Record<string, string | number>>;
};
export type AccountErrorCode =
  | 'address-missing'
  | 'address-no-at'
  | 'address-no-domain'
  | 'address-local-part-not-ascii'
  | 'address-invalid'
  | 'address-too-long'
  | 'host-missing'
  | 'host-with-scheme'
  | 'host-with-spaces'
  | 'host-is-an-address'
  | 'host-invalid'
  | 'host-too-long'
  | 'port-not-a-number'
  | 'port-out-of-range'
  | 'port-not-tested-here'
  | 'port-twice'
  | 'choice-missing'
  | 'username-too-long'
  | 'username-invalid';

/** The servers and what belongs to them, in the order in which they are asked for. */
export const serverFields = [
  'imapHost',
  'imapPort',
  'imapEncryption',
  'smtpHost',
  'smtpPort',
  'smtpEncryption',
  'username',
  'smtpLogin',
  'untrustedCertificate',
] as const;

/** What describes an account, by the names that it has in forms; permanent, used inside the chat platforms. */
export const accountFields = ['address', 'personalInbox', ...serverFields] as const;
export type AccountField = (typeof accountFields)[number];

/** As typed. A platform may send null or leave out what was not touched. */
export type AccountValues = Readonly<Partial<Record<AccountField, string | null>>>;
export type AccountErrors = Partial<Record<AccountField, AccountError>>;
export type Parsed<T> = { ok: true; value: T } | { ok: false; errors: AccountErrors };
