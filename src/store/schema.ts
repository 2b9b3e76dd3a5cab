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
};

export type JobRow = {
  /** Never used twice; the order of a queue. */
  id: Generated<number>;
  conversation_id: string;
  kind: string;
  queue: string;
  /** JSON, keys in order, so that equal payloads are equal texts. */
  payload: string;
  run_at: number;
  /** When it may be claimed: `run_at`, or the end of the present lease. */
  due_at: number;
  attempts: number;
  lease: string | null;
};

export type MemoryRow = {
  owner: string;
  key: string;
  /** JSON. */
  value: string;
};

export type Tables = { conversations: ConversationRow; jobs: JobRow; memory: MemoryRow };
