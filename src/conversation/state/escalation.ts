import { z } from 'zod';
import { services } from '../../diagnosis/account/endpoint.ts';
import { requirementIds } from '../../diagnosis/policy.ts';
import { escalationStates } from './escalation-states.ts';

export const personSchema = z.object({ platform: z.string(), id: z.string(), name: z.string() });
export type PersonRef = { platform: string; id: string };

/** Stands for somebody who was forgotten. */
export const nobody = ({ platform }: PersonRef): z.infer<typeof personSchema> => ({
  platform,
  id: '',
  name: '',
});

/** The state before `waiting-for-rep`, to return to. */
const before = z.enum(['open', 'claimed']);

/** One of the people whom a thread concerns. `id`: her own case, in her own conversation. */
const member = z.object({
  id: z.string(),
  conversationId: z.string(),
  person: personSchema,
  /** `done`: it was resolved for her, and somebody else has opened it again; `left`: she has withdrawn. */
  state: z.enum(['in', 'waiting', 'done', 'left']),
});

export const threadActs = [
  'handed-over',
  'arrived',
  'joined',
  'left',
  'claimed',
  'asked',
  'answered',
  'resolved',
  'reopened',
  'withdrawn',
  'gone',
  'back',
  'moved',
] as const;

/** `who` null: the bot; without an id: somebody who has been forgotten. `at`: milliseconds since the epoch. */
const historyEntry = z.object({
  at: z.number(),
  act: z.enum(threadActs),
  who: z.object({ platform: z.string(), id: z.string() }).nullable(),
});

/** The case as IT sees it: one root message for everybody who has the same problem. Kept by whoever came first. */
const thread = z.object({
  state: z.enum(escalationStates),
  claimedBy: personSchema.nullable(),
  resolvedBy: z.string().nullable(),
  before,
  members: z.array(member),
  history: z.array(historyEntry).default([]),
});

/** Something unmet that is looked at again and again. Counts are of looks in a row, and end at two. */
const watched = z.object({
  requirement: z.enum(requirementIds),
  service: z.enum(services),
  host: z.string(),
  port: z.number(),
  passes: z.number(),
  misses: z.number(),
});

const watch = z.object({
  /** Number of the look that is planned; one with another number is not wanted any more. */
  look: z.number(),
  causes: z.array(watched),
  /** When anything last changed, in milliseconds since the epoch. */
  since: z.number(),
  told: z.enum(['nothing', 'gone', 'back', 'gone-again']),
});

/** Why somebody is reminded: nobody has the case, or IT waits for the rep. */
const reminder = z.object({
  /** Null: nothing is waited for now. */
  about: z.enum(['unclaimed', 'waiting']).nullable(),
  /** Of the reminder that was planned last; one with another number is not wanted any more. */
  number: z.number(),
  /** How often it was said since then. */
  told: z.number(),
  /** It has been said as often as it is. */
  isLast: z.boolean(),
});

export const escalationSchema = z.object({
  id: z.string(),
  /** The check that was handed over. */
  checkId: z.string(),
  openedAt: z.number(),
  /** As the rep sees it; where others are concerned too, the thread may be elsewhere. */
  state: z.enum(escalationStates),
  comment: z.string(),
  claimedBy: personSchema.nullable(),
  resolvedBy: z.string().nullable(),
  resolvedAt: z.number().nullable(),
  /** What IT asked last; open while the state is `waiting-for-rep`. */
  question: z.string().nullable(),
  /** `pending` until it stands in the IT channel. */
  delivery: z.enum(['pending', 'arrived', 'failed']),
  before,
  /** Null: it has joined somebody else's, or was stored before there were threads. */
  thread: thread.nullable().default(null),
  /** The case in whose thread this one stands. */
  joinedTo: z.object({ conversationId: z.string(), escalationId: z.string() }).nullable().default(null),
  /** Null: nothing of it can be seen from outside, or it is not open. */
  watch: watch.nullable().default(null),
  /** Tries that were made by themselves since the hand-over first failed; null: none is planned. */
  retry: z
    .object({
      count: z.number(),
      since: z.number(),
      /** The try under way is not one that the rep has asked for. */
      byItself: z.boolean(),
    })
    .nullable()
    .default(null),
  /** The rep has been promised a new report. */
  reportDue: z.boolean().default(false),
  /** When what had been gone was back, and whether it is gone again; null: it has never been back. */
  relapse: z.object({ at: z.number(), isOver: z.boolean() }).nullable().default(null),
  /** Null: nobody has had to be reminded of anything. */
  reminder: reminder.nullable().default(null),
  /** Whether it worked in HubSpot after it was last resolved, by her word; null: she has not said. */
  outcome: z
    .object({
      worked: z.boolean(),
      at: z.number(),
      /** IT has been told what HubSpot says, or nothing was to be told. */
      isExplained: z.boolean(),
    })
    .nullable()
    .default(null),
});

export type Escalation = z.infer<typeof escalationSchema>;

/** A case that is about to be handed over. `at`: milliseconds since the epoch. */
export const newEscalation = (
  id: string,
  of: { checkId: string; at: number; comment: string },
): Escalation => ({
  id,
  checkId: of.checkId,
  openedAt: of.at,
  state: 'open',
  comment: of.comment,
  claimedBy: null,
  resolvedBy: null,
  resolvedAt: null,
  question: null,
  delivery: 'pending',
  before: 'open',
  thread: null,
  joinedTo: null,
  watch: null,
  retry: null,
  reportDue: false,
  relapse: null,
  reminder: null,
  outcome: null,
});
export type Member = z.infer<typeof member>;
export type Thread = z.infer<typeof thread>;
export type HistoryEntry = z.infer<typeof historyEntry>;
export type WatchedCause = z.infer<typeof watched>;
export type Watch = z.infer<typeof watch>;
export type Reminder = z.infer<typeof reminder>;
