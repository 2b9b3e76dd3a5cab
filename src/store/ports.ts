import type { Conversation } from '../conversation/conversation.ts';

/** Work that must survive a crash. Runs at least once; within one `queue` strictly in order. */
export type NewJob = {
  kind: 'show' | 'diagnose' | 'erase';
  queue: string;
  payload: Record<string, string>;
  runAt: number;
};
export type Job = NewJob & {
  id: number;
  conversationId: string;
  /** How often it has been started, this time included. */
  attempts: number;
  /** Fencing token: only the holder of the newest lease may complete, extend or put back a job. */
  lease: string;
};

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

export type Store = {
  load(id: string): Promise<Stored | null>;
  /** The newest conversation of a person, or null. */
  latestOf(person: { platform: string; id: string }): Promise<Stored | null>;
  /** Writes conversation and jobs in one transaction. `expected` null: must be new. @throws RevisionConflict */
  save(conversation: Conversation, expected: number | null, jobs: readonly NewJob[]): Promise<number>;
  /** The next job that is due, whose queue has nothing older in it, leased for `leaseMs`; null: nothing to do now. */
  claim(now: number, leaseMs: number): Promise<Job | null>;
  /** When `claim` can next find something, never before `now` (both milliseconds since the epoch); null: no jobs at all. */
  nextDue(now: number): Promise<number | null>;
  /** False: the lease has passed to someone else; what was done must not be built upon. */
  extend(job: Job, until: number): Promise<boolean>;
  complete(job: Job): Promise<boolean>;
  /** Puts a job back to run at `runAt`. */
  putBack(job: Job, runAt: number): Promise<boolean>;
  /** Durable key-value memory of one owner (an adapter). */
  memory(owner: string): {
    put(key: string, value: unknown): Promise<void>;
    get(key: string): Promise<unknown>;
    list(prefix: string): Promise<{ key: string; value: unknown }[]>;
  };
  /** Throws when the store cannot be written to. */
  ping(): Promise<void>;
  close(): Promise<void>;
};
