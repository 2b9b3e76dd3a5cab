/** The few things in which the engines differ; everything else is written once. */
import { type Expression, sql } from 'kysely';
import type { Identity } from './migrations.ts';

export type Engine = {
  identity: Identity;
  /**
   * A moment of this process on the engine's clock (both in milliseconds since the epoch). Leases and due times are
   * kept in the engine's time, so that machines whose clocks disagree still agree on who holds what.
   */
  time(at: number): Expression<number>;
  /** Several may look for work at the same moment: each takes a job that no other is taking. */
  skipsLocked: boolean;
};

/** AUTOINCREMENT, or the id of the last deleted job would be given out again. */
const autoIncrement: Identity = { type: 'integer', column: (column) => column.primaryKey().autoIncrement() };

/** One machine, one clock. */
export const sqliteEngine: Engine = {
  identity: autoIncrement,
  time: (at) => sql<number>`${at}`,
  skipsLocked: false,
};

const identity: Identity = {
  type: 'bigint',
  column: (column) => column.primaryKey().generatedAlwaysAsIdentity(),
};

/** Stable within a statement, unlike `clock_timestamp`, so that an index can be used. */
const serverTime = sql<number>`(extract(epoch from statement_timestamp()) * 1000)::bigint`;

/** The server's clock decides. `now` is this process's, against which its times are read. */
export const postgresEngine = (now: () => number): Engine => ({
  identity,
  time: (at) => sql<number>`${serverTime} + ${Math.round(at - now())}::bigint`,
  skipsLocked: true,
});

/** For tests that count in small numbers: times are taken as they are given. */
export const postgresEngineOnGivenTime: Engine = {
  identity,
  time: (at) => sql<number>`${at}::bigint`,
  skipsLocked: true,
};
