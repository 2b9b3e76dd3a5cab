import { z } from 'zod';
import { type Locale, locales } from '../../language.ts';
import { checkSchema } from './check.ts';
import { escalationSchema, personSchema } from './escalation.ts';
import { fieldNames } from './fields.ts';
import { lookupSchema } from './lookup-schema.ts';

export type { Locale } from '../../language.ts';

/** Raised with every change of shape; older ones are migrated when read, newer ones are kept untouched and reported. */
export const conversationVersion = 1;

const messageRef = z.object({ platform: z.string(), id: z.string() });
/** What a notice can say, and to whom; `thread` is the one below the message in the IT channel. */
export const noticeKinds = {
  rep: [
    'handed-over',
    'hand-over-failed',
    'hand-over-given-up',
    'already-handed-over',
    'hand-over-running',
    'no-it-channel',
    'claimed',
    'question',
    'question-reminder',
    'answer-arrived',
    'answer-failed',
    'answer-too-long',
    'withdrawn',
    'resolved',
    'reopened-by-it',
    'reopen-arrived',
    'reopen-failed',
    'it-worked',
    'it-failed',
    'gone',
    'back',
    'check-failed',
    'busy',
    'busy-values-kept',
    'stale',
    'not-allowed',
    'help',
    'status',
    'language',
    'use-native-google',
    'use-native-microsoft',
    'no-public-imap',
    'said-imap-settings',
    'said-imap-login',
    'said-smtp-settings',
    'said-unauthorized',
    'too-many-checks',
    'too-many-logins',
    'too-many-texts',
    'too-many-messages',
    'forgetting',
    'login-link',
  ],
  thread: [
    'joined',
    'left',
    'gone',
    'back',
    'already-claimed',
    'unclaimed',
    'answer',
    'withdrawn',
    'reopened-by-rep',
    'it-worked',
    'it-failed',
    'hubspot-said',
    'hubspot-said-else',
    'checked-again',
    'check-failed',
    'busy',
    'stale',
    'said-after-resolved',
    'said-after-withdrawn',
    'rep-not-reached',
    'too-many-checks',
    'too-many-texts',
  ],
} as const;

const noticeBase = {
  id: z.string(),
  /** Name of the person whom it speaks of. */
  by: z.string().nullable(),
  /** What a person wrote, verbatim. */
  text: z.string().nullable(),
  checkId: z.string().nullable(),
};

/** A line of its own for the rep or for the thread; never changes what it says, only its buttons. */
const notice = z.discriminatedUnion('to', [
  z.object({
    ...noticeBase,
    to: z.literal('rep'),
    kind: z.enum(noticeKinds.rep),
    escalationId: z.string().nullable(),
  }),
  z.object({
    ...noticeBase,
    to: z.literal('thread'),
    kind: z.enum(noticeKinds.thread),
    escalationId: z.string(),
    /** Who had the case when this was said, and is called by it. */
    calls: personSchema.nullable().default(null),
  }),
]);

/** Everything one conversation knows. There is no field for a password, on purpose. */
export const conversationSchema = z.object({
  version: z.literal(conversationVersion),
  id: z.string(),
  person: personSchema,
  locale: z.enum(locales),
  /** Of the IANA time zone database, as the platform knows it; null: it does not. */
  timeZone: z.string().nullable().default(null),
  /** By the person; else the platform's or the default language is followed. */
  localeChosen: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** What was typed last, valid or not: nothing typed is lost. */
  draft: z.partialRecord(z.enum(fieldNames), z.string()),
  /** The address for which the servers in the draft were typed; null: none were. */
  draftFor: z.string().nullable().default(null),
  /** The newest look for settings. */
  lookup: lookupSchema.nullable().default(null),
  /** The notice with the newest link to the login page, as long as nobody has used it. */
  openLogin: z.string().nullable().default(null),
  checks: z.array(checkSchema),
  escalations: z.array(escalationSchema),
  notices: z.array(notice),
  /** Posted messages by slot. */
  messages: z.record(z.string(), messageRef),
  /** The platform's names of the latest events that have changed it. */
  taken: z.array(z.string()).default([]),
});

export type Conversation = z.infer<typeof conversationSchema>;
export type { Check, Transcript } from './check.ts';
export type { Escalation } from './escalation.ts';
export type Notice = z.infer<typeof notice>;

/** A conversation in which nothing has been said. `address`: what the platform knows, as a proposal. */
export const newConversation = (
  id: string,
  start: {
    person: Conversation['person'];
    locale: Locale;
    at: number;
    address: string | null;
    timeZone?: string | null;
  },
): Conversation => ({
  version: conversationVersion,
  id,
  person: start.person,
  locale: start.locale,
  timeZone: start.timeZone ?? null,
  localeChosen: false,
  createdAt: start.at,
  updatedAt: start.at,
  draft: start.address === null ? {} : { address: start.address },
  draftFor: null,
  lookup: null,
  openLogin: null,
  checks: [],
  escalations: [],
  notices: [],
  messages: {},
  taken: [],
});
