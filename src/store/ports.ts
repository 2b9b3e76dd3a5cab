import type { SharedBuckets } from '../chat/budget.ts';
import type { JobKind, Work } from '../conversation/events/job.ts';
import type { QueuedEscalation } from '../conversation/home/queued.ts';
import type { Conversation } from '../conversation/state/conversation.ts';
import type { ArchivedRow, RowCounts } from './archive/archive.ts';

export type { Taken } from '../chat/budget.ts';
export { type JobKind, jobKinds } from '../conversation/events/job.ts';

/** Work that must survive a crash. Runs at least once; within one `queue` strictly in order. */
export type NewJob = Work & {
  queue: string;
  /** Milliseconds since the epoch, by this process's clock, as all times here. */
  runAt: number;
};
/** What somebody has taken to work on. */
export type Leased = {
  id: number;
  conversationId: string;
  /** How often it has been started, this time included. */
  attempts: number;
  /** Fencing token: only the holder of the newest lease may complete, extend or put back a job. */
  lease: string;
  /** An earlier try got as far as `begin`: what it did may have happened. */
  begun: boolean;
};
export type Job = NewJob & Leased;
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;

/**
 * A stored job cannot be read: another version of this program wrote it, or its content is damaged. It is kept as it is,
 * under the lease with which it was claimed.
 */
export class UnreadableJob extends Error {
  readonly code = 'unreadable-job';
  readonly leased: Leased & { kind: string };
  constructor(leased: Leased & { kind: string }, options: { cause: unknown }) {
    super(`job ${leased.id} is kept but cannot be read by this version of the program`, options);
    this.name = 'UnreadableJob';
    this.leased = leased;
  }
}

export type Stored = { conversation: Conversation; revision: number };

/** A conversation was changed by someone else between load and save; load again and repeat the step. */
export class RevisionConflict extends Error {
  readonly code = 'revision-conflict';
  constructor(id: string, expected: number) {
    super(`conversation ${id} is no longer at revision ${expected}`);
    this.name = 'RevisionConflict';
  }
}

/** A stored conversation cannot be read: its version is newer than this program, or its content is damaged. It is kept as it is. */
export class UnreadableConversation extends Error {
  readonly code = 'unreadable-conversation';
  constructor(id: string, options: { cause: unknown }) {
    super(`conversation ${id} is kept but cannot be read by this version of the program`, options);
    this.name = 'UnreadableConversation';
  }
}

/** The store could not be opened; the message is one line without a secret, for whoever starts the program. */
export class StoreNotOpened extends Error {
  readonly code = 'store-not-opened';
  constructor(message: string, options: { cause: unknown }) {
    super(message, options);
    this.name = 'StoreNotOpened';
  }
}

/** A member of a platform, without a name. */
export type PersonId = { platform: string; id: string };

/** What a memory goes with when it is erased. */
export type About = { conversationId: string } | { person: PersonId };

export type Conversations = {
  load(id: string): Promise<Stored | null>;
  /** The newest conversation of a person, or null. */
  latestOf(person: PersonId): Promise<Stored | null>;
  /** Every open case that stands in an IT channel, in no order. Those of newer versions of this program are left out. */
  openEscalations(): Promise<QueuedEscalation[]>;
  /** Writes conversation and jobs in one transaction. `expected` null: must be new. @throws RevisionConflict */
  save(conversation: Conversation, expected: number | null, jobs: readonly NewJob[]): Promise<number>;
};

export type Jobs = {
  /**
   * The next job that is due, whose queue has nothing older in it, leased for `leaseMs`; null: nothing to do now.
   * `kinds`: only these; `holder`: for whom, see `releaseAll`. @throws UnreadableJob
   */
  claim(
    now: number,
    leaseMs: number,
    of?: { kinds?: readonly JobKind[]; holder?: string },
  ): Promise<Job | null>;
  /** When `claim` can next find something, never before `now`; null: no such jobs at all. */
  nextDue(now: number, kinds?: readonly JobKind[]): Promise<number | null>;
  /** Leases jobs anew for `leaseMs` from now. Gives those whose lease has passed to someone else: what was done for them must not be built upon. */
  extend(jobs: readonly Job[], now: number, leaseMs: number): Promise<Job[]>;
  /** Notes that something is about to be done which must not be done twice unseen. False: the lease is lost, do not begin. */
  begin(job: Leased): Promise<boolean>;
  /** False, here and below: the lease is lost. */
  complete(job: Leased): Promise<boolean>;
  /** Puts a job back to run at `runAt`. */
  putBack(job: Leased, runAt: number): Promise<boolean>;
  /** Like `putBack`, where this was no try: nobody could read it, or its turn has not come. What was begun before still was. `queue`: where it waits, if elsewhere. */
  keep(job: Leased, runAt: number, queue?: string): Promise<boolean>;
  /** What waits in a queue, and nobody has taken, becomes due `ms` from now. False: there is nothing such. */
  putOff(queue: string, now: number, ms: number): Promise<boolean>;
  /** Ends a job that cannot be done; it stays to be counted. `code`: the kind of the error, never its words. */
  giveUp(job: Leased, now: number, code: string): Promise<boolean>;
  /** Lets others have at once what `holder` still holds. Gives their number. */
  releaseAll(holder: string, now: number): Promise<number>;
};

export type Erased = { conversations: number; jobs: number; memories: number };

export type Upkeep = {
  /**
   * Deletes all there is about a person, open cases included, but for what conversations of others say. Null: the conversation is not `unchanged` since it was
   * loaded, and nothing was deleted.
   */
  erase(person: PersonId, unchanged?: { conversationId: string; revision: number }): Promise<Erased | null>;
  /** The conversations in which one of these texts stands as a value of its own, and perhaps some more. Gives their ids. */
  mentioning(texts: readonly string[]): Promise<string[]>;
  /** Deletes what is kept of jobs that were given up in whose payload one of these texts stands. Gives their number. */
  discardFailed(texts: readonly string[]): Promise<number>;
  /**
   * Deletes conversations in which nothing has happened since `time`, no case is open and no job waits. Those of
   * newer versions of this program are kept. Gives their number.
   */
  eraseClosedBefore(time: number): Promise<number>;
  /** Deletes what has expired: events seen, full buckets, links. Gives their number. */
  sweep(now: number): Promise<number>;
  counts(now: number): Promise<Counts>;
  /**
   * Reads every conversation and gives the ids of those that this version should be able to read and cannot; `counts`
   * includes them from then on. Takes long, in small steps with pauses in between.
   */
  findDamaged(signal: AbortSignal): Promise<string[]>;
};

export type Counts = {
  /** Jobs by kind, leased ones included; also kinds that only a newer version knows. */
  waiting: Readonly<Record<string, number>>;
  givenUp: Readonly<Record<string, number>>;
  /** When the job fell due that has waited longest and is held by nobody; null: none. */
  oldestDue: number | null;
  /** Conversations kept for a newer version of this program, and those that the last `findDamaged` found. */
  unreadable: number;
};

export type Limits = SharedBuckets & {
  /** True for the first who asks across all processes, then false until `until`. What happens in between may be lost in a crash. */
  once(key: string, until: number): Promise<boolean>;
  /**
   * For an event that its platform delivers again until it is told that it arrived. `first`: do it now, then `endOnce`.
   * `under-way`: somebody began it and has until `until`; unless that ends, the next delivery is `first` again.
   * `done`: nothing is left to do.
   */
  beginOnce(key: string, until: number): Promise<'first' | 'under-way' | 'done'>;
  /** It has been done, and is not to be done again until `until`; a time in the past lets the next one in. */
  endOnce(key: string, until: number): Promise<void>;
  /** One-time links. Only a hash of the token is kept. */
  links: {
    put(hash: string, link: Link): Promise<void>;
    /** Null: unknown, used or expired. */
    peek(hash: string): Promise<Link | null>;
    /** Like `peek`, and nobody gets it a second time. `use`: by whom, and what comes of it. */
    consume(hash: string, use: LinkUse): Promise<Link | null>;
    /** Also what is used or expired, for `linkMemoryMs` after its end. */
    recall(hash: string): Promise<RecalledLink | null>;
    /** Makes a link that has had its day its own: false where another has used it. */
    claim(hash: string, by: string): Promise<boolean>;
  };
};

/** `noticeId`, `checkId`: the message in which it was sent and the check that it is about; it is good for no other. */
export type Link = {
  conversationId: string;
  person: PersonId;
  noticeId: string;
  checkId: string;
  expiresAt: number;
};

/** `by`: whose browser, as a hash; `checkId`: the check that begins with it. */
export type LinkUse = { by: string; checkId: string };

/** `use.checkId` null: it was claimed, and no check came of it. */
export type RecalledLink = Link & { use: { by: string; checkId: string | null } | null };

/** How long it is known whose a link was that has had its day, in milliseconds. */
export const linkMemoryMs = 60 * 60_000;

/** Durable key-value memory of one owner (an adapter). `about`: with whose data the value is to be erased. */
export type Memory = {
  put(key: string, value: unknown, about?: About): Promise<void>;
  get(key: string): Promise<unknown>;
  list(prefix: string): Promise<{ key: string; value: unknown }[]>;
  /**
   * Takes a key for oneself if nobody has it, or if `from` has it; returns who has it now. One statement, so of
   * several who try at the same moment one succeeds.
   */
  take(key: string, value: string, from: string | null): Promise<string>;
};

/** What an operator looks at, while others work with the store. */
export type Overview = {
  /** Everybody's, in no order that means anything; null for one that cannot be read. `isOpen`: only those with a case that is with IT. */
  conversations(only?: { isOpen: boolean }): AsyncGenerator<Conversation | null>;
  jobsAt(now: number): Promise<{ waiting: WaitingJob[]; givenUp: GivenUpJob[] }>;
  /** Puts a job that was given up back into its line, under a new id, which is given. Null: there is no such job (any more). */
  retry(id: number, now: number): Promise<number | null>;
};

/** Times in milliseconds since the epoch. */
type ListedJob = { id: number; kind: string; conversationId: string; attempts: number };
/** `isRunning`: somebody has it, until `dueAt` at least. */
export type WaitingJob = ListedJob & { dueAt: number; isRunning: boolean };
export type GivenUpJob = ListedJob & { code: string; givenUpAt: number };

/** All there is, as a backup has it. */
export type Archive = {
  /** Writes what is there at one moment, while others go on. */
  dump(at: number, write: (text: string) => Promise<void>): Promise<RowCounts>;
  /** Puts these rows in the place of all that is there, or leaves everything as it was. */
  replace(rows: AsyncIterable<ArchivedRow>): Promise<void>;
};

export type Store = Conversations &
  Jobs &
  Upkeep &
  Overview &
  Archive &
  Limits & {
    memory(owner: string): Memory;
    /** Does what a click does, and leaves nothing behind. Rejects when a click could not be kept now. */
    ping(): Promise<void>;
    close(): Promise<void>;
  };
