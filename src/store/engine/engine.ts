/** The few things in which the engines differ; everything else is written once. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ColumnDefinitionBuilder, type Expression, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../tables/schema.ts';

/** An ascending number that the engine hands out and never uses twice; the one thing of a table that engines spell differently. */
export type IdentityColumn = {
  type: 'integer' | 'bigint';
  column(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
};

export type Engine = {
  identity: IdentityColumn;
  /**
   * A moment of this process on the engine's clock (both in milliseconds since the epoch). Leases and due times are
   * kept in the engine's time, so that machines whose clocks disagree still agree on who holds what.
   */
  time(at: number): Expression<number>;
  /** Several may look for work at the same moment: each takes a job that no other is taking. */
  skipsLocked: boolean;
  restoring: Restoring;
  /** Takes what has just been deleted out of what the engine keeps besides its tables. Never fails: a later one does it as well. */
  forget(db: Kysely<Tables>): Promise<void>;
};

/** How all rows are put back as they were. */
type Restoring = {
  /** Part of an insert whose rows bring ids that the engine gives out otherwise. */
  overriding: RawBuilder<unknown>;
  /** Empties all tables, and keeps others out of them until the transaction ends. */
  clear(transaction: Kysely<Tables>): Promise<void>;
  /** The next job has a higher id. */
  startAfter(transaction: Kysely<Tables>, id: number): Promise<void>;
};

/** AUTOINCREMENT, or the id of the last deleted job would be given out again. */
const autoIncrement: IdentityColumn = {
  type: 'integer',
  column: (column) => column.primaryKey().autoIncrement(),
};

/** How often, and after how many milliseconds, the log is emptied again if others read or write at that moment. */
const emptying = { times: 20, pauseMs: 25 };

/**
 * Empties the write-ahead log, which holds the earlier states of all pages. Others are not waited for long (a backup may
 * read for minutes): the hourly one comes, and what is in the log is overwritten by what follows.
 */
const emptyLog = async (db: Kysely<Tables>): Promise<void> => {
  for (let tried = 0; tried < emptying.times; tried += 1) {
    const done = await sql<{ busy: number }>`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db).catch(() => null);
    if (done?.rows[0]?.busy !== 1) return;
    await pause(emptying.pauseMs);
  }
};

const restoringFile: Restoring = {
  overriding: sql``,
  clear: async (transaction) => {
    // What belongs to a conversation goes with it.
    for (const table of ['conversations', 'memory', 'seen', 'buckets'] as const)
      await transaction.deleteFrom(table).execute();
  },
  startAfter: async (transaction, id) => {
    await sql`delete from sqlite_sequence where name = 'jobs'`.execute(transaction);
    await sql`insert into sqlite_sequence (name, seq) values ('jobs', ${id})`.execute(transaction);
  },
};

/** One machine, one clock. */
export const sqliteEngine: Engine = {
  restoring: restoringFile,
  identity: autoIncrement,
  time: (at) => sql<number>`${at}`,
  skipsLocked: false,
  forget: emptyLog,
};

const identity: IdentityColumn = {
  type: 'bigint',
  column: (column) => column.primaryKey().generatedAlwaysAsIdentity(),
};

/** Stable within a statement, unlike `clock_timestamp`, so that an index can be used. */
const serverTime = sql<number>`(extract(epoch from statement_timestamp()) * 1000)::bigint`;

const restoringServer: Restoring = {
  overriding: sql`overriding system value`,
  clear: async (transaction) => {
    await sql`truncate conversations, jobs, failed, memory, seen, buckets, links`.execute(transaction);
  },
  startAfter: async (transaction, id) => {
    const sequence = sql`pg_get_serial_sequence('jobs', 'id')`;
    await sql`select setval(${sequence}, ${Math.max(1, id)}::bigint, ${id > 0})`.execute(transaction);
  },
};

/** What is deleted is the server's to clear away, by its vacuum and its log's own life. */
const forget = async (): Promise<void> => {};

/** The server's clock decides. `now` is this process's, against which its times are read. */
export const postgresEngine = (now: () => number): Engine => ({
  restoring: restoringServer,
  identity,
  time: (at) => sql<number>`${serverTime} + ${Math.round(at - now())}::bigint`,
  skipsLocked: true,
  forget,
});

/** For tests that count in small numbers: times are taken as they are given. */
export const postgresEngineOnGivenTime: Engine = {
  restoring: restoringServer,
  identity,
  time: (at) => sql<number>`${at}::bigint`,
  skipsLocked: true,
  forget,
};
