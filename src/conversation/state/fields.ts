import { type AccountError, accountFields } from '../../diagnosis/account/account.ts';

/** Names of form fields: those of an account, and those in which people write to each other. Permanent, and stored. */
export const fieldNames = [...accountFields, 'comment', 'recipient', 'question', 'reply'] as const;
export type FieldName = (typeof fieldNames)[number];

export type FieldErrorCode = AccountError['code'] | 'comment-too-long' | 'text-missing' | 'question-too-late';
/** Why what was typed cannot be used. `params` are values for the sentence under the field. */
export type FieldError = { code: FieldErrorCode; params?: AccountError['params'] };
export type FieldErrors = Partial<Record<FieldName, FieldError>>;

/** Raw form input. A platform may send null or leave out what was not touched. */
export type FormValues = Readonly<Partial<Record<FieldName, string | null>>>;
