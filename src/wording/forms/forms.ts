import type { Block, Field, Form, FormName } from '../../chat/view.ts';
import type { Conversation, Locale } from '../../conversation/state/conversation.ts';
import type { FieldErrors, FieldName } from '../../conversation/state/fields.ts';
import {
  findCheck,
  findEscalation,
  isConcerned,
  isFinished,
  lacksHubspotError,
  threadOf,
} from '../../conversation/state/selectors.ts';
import { everybody, fieldsOf, longestText, prefill } from '../../conversation/view/forms.ts';
import { translator } from '../catalogue/catalogue.ts';
import { accountRows } from '../findings/account-blocks.ts';
import { toneOf, unmetInWords } from '../findings/finding-blocks.ts';
import { serversIntro } from './proposal.ts';

type Shape =
  | { type: 'text'; maxLength: number; inputMode: 'text' | 'email' | 'numeric' }
  | { type: 'multiline' }
  | { type: 'choice'; options: readonly { value: string; label: OptionLabel }[] };
type OptionLabel =
  | 'personal-yes'
  | 'personal-no'
  | 'tls'
  | 'starttls'
  | 'none'
  | 'same'
  | 'different'
  | 'no'
  | 'yes'
  | 'everybody';

const host: Shape = { type: 'text', maxLength: 300, inputMode: 'text' };
const port: Shape = { type: 'text', maxLength: 10, inputMode: 'numeric' };
const choice = (...options: readonly { value: string; label: OptionLabel }[]): Shape => ({
  type: 'choice',
  options,
});
const encryption = choice(
  { value: 'tls', label: 'tls' },
  { value: 'starttls', label: 'starttls' },
  { value: 'none', label: 'none' },
);

const shapes: Record<FieldName, Shape> = {
  address: { type: 'text', maxLength: 320, inputMode: 'email' },
  personalInbox: choice({ value: 'yes', label: 'personal-yes' }, { value: 'no', label: 'personal-no' }),
  imapHost: host,
  imapPort: port,
  imapEncryption: encryption,
  smtpHost: host,
  smtpPort: port,
  smtpEncryption: encryption,
  username: { type: 'text', maxLength: 320, inputMode: 'text' },
  smtpLogin: choice({ value: 'same', label: 'same' }, { value: 'different', label: 'different' }),
  untrustedCertificate: choice({ value: 'no', label: 'no' }, { value: 'yes', label: 'yes' }),
  comment: { type: 'multiline' },
  recipient: choice({ value: everybody, label: 'everybody' }),
  question: { type: 'multiline' },
  reply: { type: 'multiline' },
};

const placeholders = {
  address: 'forms:field.address.placeholder',
  imapHost: 'forms:field.imapHost.placeholder',
  smtpHost: 'forms:field.smtpHost.placeholder',
} as const satisfies Partial<Record<FieldName, string>>;

const hasPlaceholder = (name: FieldName): name is keyof typeof placeholders => name in placeholders;

const field = (name: FieldName, typed: string, locale: Locale): Field => {
  const t = translator(locale);
  const shape = shapes[name];
  const base = {
    name,
    label: t(`forms:field.${name}.label`),
    hint: t(`forms:field.${name}.hint`),
    optional: name === 'comment',
    version: 0,
  };
  switch (shape.type) {
    case 'text':
      return {
        ...base,
        ...shape,
        initial: typed.slice(0, shape.maxLength),
        placeholder: hasPlaceholder(name) ? t(placeholders[name]) : null,
      };
    case 'multiline':
      return { ...base, type: 'multiline', initial: typed.slice(0, longestText), maxLength: longestText };
    case 'choice': {
      const options = shape.options.map(({ value, label }) => ({ value, label: t(`forms:option.${label}`) }));
      const initial = options.some(({ value }) => value === typed) ? typed : null;
      return { ...base, type: 'choice', initial, options };
    }
    default:
      return shape satisfies never;
  }
};

/** Whom a question about a case can go to. */
const membersOf = (conversation: Conversation, about: string) => {
  const escalation = findEscalation(conversation, about);
  return escalation ? threadOf(escalation).members.filter(isConcerned) : [];
};

/** Who is asked is a choice only where there are several; null: there is none. */
const recipientField = (conversation: Conversation, about: string, locale: Locale): Field | null => {
  const members = membersOf(conversation, about);
  const chosen = field('recipient', prefill(conversation).recipient, locale);
  if (chosen.type !== 'choice' || members.length < 2) return null;
  const options = [
    ...chosen.options,
    ...members.map(({ id, person }) => ({ value: id, label: person.name })),
  ];
  const typed = prefill(conversation).recipient;
  return { ...chosen, options, initial: options.some(({ value }) => value === typed) ? typed : everybody };
};

/** What IT will see, before it does. */
const preview = (conversation: Conversation, checkId: string, locale: Locale): Block[] => {
  const check = findCheck(conversation, checkId);
  if (!check || !isFinished(check)) return [];
  const rows = accountRows(check.account, conversation.person.name, locale);
  return [
    { type: 'values', title: translator(locale)('forms:intro.escalate'), rows },
    ...unmetInWords(check, locale).map(
      ({ finding, text }): Block => ({
        type: 'finding',
        tone: toneOf(finding),
        title: text.title,
        paragraphs: [],
      }),
    ),
  ];
};

const intro = (
  conversation: Conversation,
  form: Pick<Form, 'name'>,
  options: { about: string; locale: Locale },
) => {
  const { about, locale } = options;
  const t = translator(locale);
  const note = (text: string): Block[] => [{ type: 'text', text }];
  switch (form.name) {
    case 'address':
      return [];
    case 'servers':
      return serversIntro(conversation, locale);
    case 'escalate':
      return preview(conversation, about, locale);
    case 'ask-rep': {
      const [rep, ...others] = membersOf(conversation, about).map(({ person }) => person.name);
      if (others.length > 0) return note(t('forms:intro.ask-several'));
      return note(t('forms:intro.ask-rep', { rep: rep ?? conversation.person.name }));
    }
    case 'answer': {
      const escalation = findEscalation(conversation, about);
      if (escalation && lacksHubspotError(escalation) && escalation.state !== 'waiting-for-rep')
        return note(t('forms:intro.hubspot-error'));
      const question = escalation?.question;
      return question ? [{ type: 'quote', by: t('forms:intro.question'), text: question } as const] : [];
    }
    default:
      return form.name satisfies never;
  }
};

/** A form as it opens now, with what was typed before. */
export const formInWords = (
  conversation: Conversation,
  name: FormName,
  options: { about: string; locale: Locale },
): Form => {
  const t = translator(options.locale);
  const typed = prefill(conversation);
  return {
    name,
    title: t(`forms:${name}.title`),
    submit: t(`forms:${name}.submit`),
    cancel: t('forms:cancel'),
    context: `${conversation.id}/${options.about}`,
    intro: intro(conversation, { name }, options),
    fields: fieldsOf[name].flatMap((one): Field[] => {
      if (one !== 'recipient') return [field(one, typed[one], options.locale)];
      const recipient = recipientField(conversation, options.about, options.locale);
      return recipient ? [recipient] : [];
    }),
    locale: options.locale,
  };
};

/** What is wrong with each field, to stand below it. */
export const errorsInWords = (errors: FieldErrors, locale: Locale): Record<string, string> => {
  const t = translator(locale);
  return Object.fromEntries(
    Object.entries(errors).map(([name, { code, params }]) => [name, t(`forms:error.${code}`, params)]),
  );
};
