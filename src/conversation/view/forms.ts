import type { FormName } from '../../chat/view.ts';
import { serverFields } from '../../diagnosis/account/account.ts';
import { type Service, services } from '../../diagnosis/account/endpoint.ts';
import { endpointFields, type ParsedServers, parseAddress } from '../../diagnosis/account/parse.ts';
import type { Proposal } from '../../diagnosis/account/provider.ts';
import { cleanText } from '../../lib/clean.ts';
import type { Conversation } from '../state/conversation.ts';
import type { FieldError, FieldName, FormValues } from '../state/fields.ts';
import { addressKey, proposalOf } from '../state/lookup.ts';
import { newestCheck } from '../state/selectors.ts';

/** The fields of each form, in their order. */
export const fieldsOf = {
  address: ['address', 'personalInbox'],
  servers: serverFields,
  escalate: ['comment'],
  'ask-rep': ['recipient', 'question'],
  answer: ['reply'],
} as const satisfies Record<FormName, readonly FieldName[]>;

/** The recipient of a question that goes to every rep whom a case concerns. */
export const everybody = 'all';

/** Characters of a comment, a question or an answer; the chat platforms show little more in one piece. */
export const longestText = 3000;
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

type TypedFields = Partial<Record<FieldName, string>>;

/** Whether what stands in the draft was typed for the address that is spoken of now, and not for an earlier one. */
const isTypedHere = ({ draft, draftFor }: Conversation): boolean =>
  draftFor !== null && draftFor === addressKey(draft.address ?? '');

/**
 * A proposal where the rep has typed nothing of her own. A server goes in as a whole, host, port and encryption; once
 * she has named a host for this address, nothing of that server is proposed any more.
 */
const offered = (conversation: Conversation, proposal: Proposal): TypedFields => {
  const { draft } = conversation;
  const typedHere = isTypedHere(conversation);
  const own = (field: FieldName): string | null => {
    const typed = (draft[field] ?? '').trim();
    return typedHere && typed !== '' && typed !== usual[field] ? typed : null;
  };
  const servers = services.map((service): TypedFields => {
    const endpoint = proposal[service];
    const { host, port, encryption } = endpointFields[service];
    if (!endpoint || own(host) !== null) return {};
    return {
      [host]: endpoint.host,
      [port]: own(port) ?? String(endpoint.port),
      [encryption]: own(encryption) ?? (endpoint.encryption === 'auto' ? 'tls' : endpoint.encryption),
    };
  });
  const login: TypedFields =
    proposal.username !== null && own('username') === null ? { username: proposal.username } : {};
  return Object.assign(login, ...servers);
};

/** The user name that most servers expect: the address, without what it was pasted with. */
export const usualUsername = ({ address = '' }: Conversation['draft']): string => {
  const parsed = parseAddress(address);
  return parsed.ok ? parsed.value : address.trim();
};

/** What stands in the fields when a form opens: what was typed for this address, else what is proposed, else what is usual. */
export const prefill = (conversation: Conversation): Record<FieldName, string> => {
  const { draft } = conversation;
  const proposal = proposalOf(conversation);
  return {
    ...usual,
    username: usualUsername(draft),
    ...draft,
    ...(proposal ? offered(conversation, proposal) : {}),
  };
};

/** Some platforms send null for a required field that was left as it was, and for an optional one that was emptied. */
const ifNull = (field: FieldName, conversation: Conversation): string =>
  field === 'comment' ? '' : prefill(conversation)[field];

/** The conversation with everything that was typed, right or wrong. */
export const withTyped = (conversation: Conversation, form: FormName, values: FormValues): Conversation => {
  const typed = fieldsOf[form].map((field) => [
    field,
    (values[field] ?? ifNull(field, conversation)).slice(0, longestDraft),
  ]);
  const draft = { ...conversation.draft, ...Object.fromEntries(typed) };
  const draftFor = form === 'servers' ? addressKey(draft.address ?? '') : conversation.draftFor;
  return { ...conversation, draft, draftFor };
};

/** Whether a port field holds what stood there by itself: what is usual, what is proposed, or what was checked last. */
const isPortUntouched = (conversation: Conversation, service: Service): boolean => {
  const field = endpointFields[service].port;
  const typed = (conversation.draft[field] ?? '').trim();
  const others = [proposalOf(conversation)?.[service], newestCheck(conversation)?.account[service]];
  return typed === usual[field] || others.some((endpoint) => endpoint && typed === String(endpoint.port));
};

/** The services whose port nobody typed: where she wrote one behind the host, hers counts. */
export const untouchedPorts = (conversation: Conversation): Service[] =>
  services.filter((service) => isPortUntouched(conversation, service));

/** A port behind a host goes into its own field, so that the form says the same thing once when it opens again. */
export const withPortsSplit = (
  conversation: Conversation,
  { account, portTyped }: ParsedServers,
): Conversation => {
  const split = services.map((service): TypedFields => {
    const { host, port } = endpointFields[service];
    const endpoint = account[service];
    return endpoint && portTyped[service] ? { [host]: endpoint.host, [port]: String(endpoint.port) } : {};
  });
  return { ...conversation, draft: Object.assign({}, conversation.draft, ...split) };
};

type ParsedText = { ok: true; value: string } | { ok: false; error: FieldError };

/**
 * Free text: a comment, a question, an answer. What turns what follows or acts without being seen is not kept, since it is
 * for somebody else to read.
 */
export const parseText = (
  typed: string | null | undefined,
  limits: { max: number; required: boolean },
): ParsedText => {
  const text = cleanText(typed ?? '').trim();
  if (text === '' && limits.required) return { ok: false, error: { code: 'text-missing' } };
  return text.length > limits.max
    ? { ok: false, error: { code: 'comment-too-long', params: { max: limits.max, length: text.length } } }
    : { ok: true, value: text };
};
