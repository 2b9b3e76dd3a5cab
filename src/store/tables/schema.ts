/** The tables, as Kysely sees them. Only text and whole numbers, so that every engine stores the same. */
import type { Generated } from 'kysely';

export type ConversationRow = {
  id: string;
  platform: string;
  person_id: string;
  /** Raised with every save, from 1. */
  revision: number;
  /** Version of the shape of `state`. */
  version: number;
  /** JSON. */
  state: string;
  /** Milliseconds since the epoch, like all times here. */
  created_at: number;
  updated_at: number;
  /** 1: a case is with IT, so it must not be forgotten; said again beside `state` for versions that cannot read that. */
  is_open: Generated<number>;
  /** JSON: its open cases in few words, as of `queue_revision`. Null: a version wrote the row that does not know it. */
  queue: Generated<string | null>;
  queue_revision: Generated<number | null>;
};

export type JobRow = {
  /** Never used twice; the order of a queue. */
  id: Generated<number>;
  conversation_id: string;
  kind: string;
  queue: string;
  /** JSON, written by one schema, so that equal payloads are equal texts. */
  payload: string;
  run_at: number;
  /** When it may be claimed: `run_at`, or the end of the present lease. */
  due_at: number;
  /** When `due_at` was set. In the future: the clock has gone back since. */
  set_at: Generated<number>;
  attempts: number;
  lease: string | null;
  /** The process that has the lease. */
  holder: Generated<string | null>;
  /** 1: somebody began to do what cannot be done twice unseen; the end of it was never heard of. */
  begun: Generated<number>;
};

/** A job that was given up: kept to be counted and looked at. */
export type FailedRow = {
  job_id: number;
  conversation_id: string;
  kind: string;
  payload: string;
  attempts: number;
  /** The kind of the last error, never its words. */
  code: string;
  failed_at: number;
  /** Null: not known of one that was given up by an older version. */
  queue: Generated<string | null>;
};

export type MemoryRow = {
  owner: string;
  key: string;
  /** JSON. */
  value: string;
  /** `platform:id` of whom it speaks. */
  person: Generated<string | null>;
  /** With this conversation it goes. */
  conversation_id: Generated<string | null>;
};

/** Something that is to happen once until then. `done` 0: somebody is about it, and has until then. */
export type SeenRow = { key: string; until_at: number; done: number };

/** A token bucket in one number: when it will be full again. */
export type BucketRow = {
  key: string;
  full_at: number;
  /** Before that nothing is given, however much there is. */
  held_until: Generated<number>;
};

/** One-time links, known by the hash of their token only. */
export type LinkRow = {
  hash: string;
  conversation_id: string;
  platform: string;
  person_id: string;
  expires_at: number;
  notice_id: Generated<string>;
  check_id: Generated<string>;
  /** Null: not used. */
  used_by: Generated<string | null>;
  led_to: Generated<string | null>;
};

export type Tables = {
  conversations: ConversationRow;
  jobs: JobRow;
  failed: FailedRow;
  memory: MemoryRow;
  seen: SeenRow;
  buckets: BucketRow;
  links: LinkRow;
};
