import type { FormName } from '../chat/view.ts';
import type { FieldName, FormValues } from '../diagnosis/account.ts';
import type { Conversation } from './conversation.ts';

/** The fields of each form, in their order. */
export const fieldsOf = {
  address: ['address', 'personalInbox'],
  servers: [
    'imapHost',
    'imapPort',
    'imapEncryption',
    'smtpHost',
    'smtpPort',
    'smtpEncryption',
    'username',
    'smtpLogin',
    'untrustedCertificate',
  ],
  escalate: ['comment'],
  'ask-rep': ['recipient', 'question'],
  answer: ['reply'],
} as const satisfies Record<FormName, readonly FieldName[]>;

/** The recipient of a question that goes to every rep whom a case concerns. */
export const everybody = 'all';

/** Characters of a comment, a question or an answer; the chat platforms show little more in one piece. */
export const longestText = 2000;
/** What is remembered of a text that is too long, in characters. */
export const longestDraft = 20_000;

const usual = {
  address: '',
  personalInbox: 'yes',
  imapHost: '',
  imapPort: '993',
  imapEncryption: 'tls',
  smtpHost: '',
  smtpPort: '465',
  smtpEncryption: 'tls',
  username: '',
  smtpLogin: 'same',
  untrustedCertificate: 'no',
  comment: '',
  recipient: everybody,
  question: '',
  reply: '',
} as const satisfies Record<FieldName, string>;

/** What stands in the fields when a form opens: what was typed last, else what is usual. */
export const prefill = ({ draft }: Conversation): Record<FieldName, string> => ({
  ...usual,
  username: draft.address ?? '',
  ...draft,
});

/** Some platforms send null for a required field that was left as it was, and for an optional one that was emptied. */
const ifNull = (field: FieldName, conversation: Conversation): string =>
  field === 'comment' ? '' : prefill(conversation)[field];

/** The conversation with everything that was typed, right or wrong. */
export const withTyped = (conversation: Conversation, form: FormName, values: FormValues): Conversation => {
  const typed = fieldsOf[form].map((field) => [
    field,
    (values[field] ?? ifNull(field, conversation)).slice(0, longestDraft),
  ]);
  return { ...conversation, draft: { ...conversation.draft, ...Object.fromEntries(typed) } };
};
