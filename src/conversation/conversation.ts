import { z } from 'zod';
import { fieldNames } from '../diagnosis/account.ts';
import { protocolVersions } from '../diagnosis/observation.ts';
import { policies, requirementIds } from '../diagnosis/policy.ts';
import { softwareIds } from '../diagnosis/software.ts';
import { escalationSchema, personSchema } from './case.ts';
import { lookupSchema } from './lookup.ts';

/** Raised with every change of shape; older ones are migrated when read, newer ones are kept untouched and reported. */
export const conversationVersion = 1;

export const locales = ['de', 'en'] as const;
export type Locale = (typeof locales)[number];

const messageRef = z.object({ platform: z.string(), id: z.string() });
const encryption = z.enum(['tls', 'starttls', 'none']);
const endpoint = z.object({
  service: z.enum(['imap', 'smtp']),
  host: z.string(),
  asciiHost: z.string(),
  port: z.number(),
  encryption: z.union([encryption, z.literal('auto')]),
});

const account = z.object({
  address: z.string(),
  imap: endpoint.nullable(),
  smtp: endpoint.nullable(),
  username: z.string(),
  smtpLogin: z.enum(['same', 'different']),
  untrustedCertificateExpected: z.boolean(),
  personalInbox: z.boolean().nullable(),
});

const finding = z.object({
  requirement: z.enum(requirementIds),
  verdict: z.enum(['pass', 'warn', 'fail', 'unknown', 'not-applicable']),
  reason: z.string().nullable(),
  severity: z.enum(['blocker', 'warning', 'info']),
  actor: z.enum(['rep', 'it', 'hubspot-admin']),
  hubspotStep: z.enum(['imap-connect', 'imap-login', 'smtp-connect', 'smtp-login', 'test-mail']).nullable(),
  endpoint: z
    .object({
      service: z.enum(['imap', 'smtp']),
      host: z.string(),
      port: z.number(),
      encryption: encryption.nullable(),
    })
    .nullable(),
  evidence: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]),
  ),
  policiesDisagree: z.boolean(),
});

const settings = z.object({
  email: z.string(),
  username: z.string(),
  imapHost: z.string(),
  imapPort: z.number(),
  imapEncryption: z.enum(['tls', 'starttls']),
  smtpHost: z.string(),
  smtpPort: z.number(),
  smtpEncryption: z.enum(['tls', 'starttls']),
  allowUntrustedCertificate: z.boolean(),
});

const serverFacts = z.object({
  service: z.enum(['imap', 'smtp']),
  software: z.enum(softwareIds).nullable(),
  versions: z.array(
    z.object({
      version: z.enum(protocolVersions),
      answer: z.enum(['yes', 'no', 'undecided', 'untried']),
      alert: z.number().nullable(),
    }),
  ),
  certificates: z.array(
    z.object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      notBefore: z.number(),
      notAfter: z.number(),
      key: z.string(),
      signature: z.string(),
      fingerprint256: z.string(),
    }),
  ),
});

const assessment = z.object({
  verdict: z.enum(['ready', 'ready-with-warnings', 'blocked', 'inconclusive']),
  policy: z.enum(policies),
  loginTested: z.boolean(),
  findings: z.array(finding),
  settings: settings.nullable(),
  /** Absent in what was stored before it was known. */
  servers: z.array(serverFacts).optional(),
});

const transcriptLine = z.object({ from: z.enum(['server', 'client', 'note']), text: z.string() });
const transcript = z.object({ service: z.enum(['imap', 'smtp']), lines: z.array(transcriptLine) });

const check = z.object({
  id: z.string(),
  account,
  startedAt: z.number(),
  /** `failed`: our own fault; never a verdict about the server. */
  state: z.enum(['running', 'finished', 'failed']),
  durationMs: z.number().nullable(),
  assessment: assessment.nullable(),
  transcripts: z.array(transcript),
  /** Asked for with `details`. */
  detailsShown: z.boolean(),
  /** The case on whose behalf IT started it; null: the rep did. */
  forCase: z.string().nullable(),
  /** Nobody pressed a button for it: the causes were gone, and the rep is to know what holds now. */
  byWatch: z.boolean().default(false),
  /** With a password that was typed into the login page; nothing of it is kept. */
  withLogin: z.boolean().default(false),
});

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
    'answer-arrived',
    'answer-failed',
    'answer-too-long',
    'withdrawn',
    'resolved',
    'reopened-by-it',
    'reopen-arrived',
    'reopen-failed',
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
    'forgetting',
    'login-link',
  ],
  thread: [
    'joined',
    'left',
    'gone',
    'back',
    'already-claimed',
    'answer',
    'withdrawn',
    'reopened-by-rep',
    'checked-again',
    'check-failed',
    'busy',
    'stale',
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
  }),
]);

/** Everything one conversation knows. There is no field for a password, on purpose. */
export const conversationSchema = z.object({
  version: z.literal(conversationVersion),
  id: z.string(),
  person: personSchema,
  locale: z.enum(locales),
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
  checks: z.array(check),
  escalations: z.array(escalationSchema),
  notices: z.array(notice),
  /** Posted messages by slot. */
  messages: z.record(z.string(), messageRef),
});

export type Conversation = z.infer<typeof conversationSchema>;
export type Check = z.infer<typeof check>;
export type { Escalation } from './case.ts';
export type Notice = z.infer<typeof notice>;
export type Transcript = z.infer<typeof transcript>;

/** A conversation in which nothing has been said. `address`: what the platform knows, as a proposal. */
export const newConversation = (
  id: string,
  start: { person: Conversation['person']; locale: Locale; at: number; address: string | null },
): Conversation => ({
  version: conversationVersion,
  id,
  person: start.person,
  locale: start.locale,
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
});
