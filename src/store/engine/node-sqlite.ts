/**
 * Kysely over Node's own SQLite. Differs from Kysely's SqliteDialect in two ways: a transaction takes the write
 * lock at its start, and a lock held elsewhere is waited for without stopping the process.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { isRelaxed } from './relaxed.ts';

/** SQLITE_BUSY; the bits above say why. https://www.sqlite.org/rescode.html#busy */
const busy = 5;
/** How long another process may hold the lock, in milliseconds. */
const patienceMs = 10_000;

export const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === busy;

/** Tries again while someone else holds the lock. SQLite's own waiting would block every other request too. */
export const patiently = async <T>(work: () => T): Promise<T> => {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      await pause(2 + Math.random() * 10);
    }
  }
};

type Prepared = { statement: StatementSync; givesRows: boolean };

/** More than the store has questions. */
const mostPrepared = 200;

const connect = (database: DatabaseSync): DatabaseConnection => {
  const prepared = new Map<string, Prepared>();
  /** To compile a statement takes longer than to run it; SQLite compiles it again by itself when a table has changed. */
  const prepare = (sql: string): Prepared => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    const one = { statement, givesRows: statement.columns().length > 0 };
    if (prepared.size < mostPrepared) prepared.set(sql, one);
    return one;
  };
  const run = <R>({ sql, parameters }: CompiledQuery) => {
    const { statement, givesRows } = prepare(sql);
    // Kysely's types let nothing else through: the tables hold text and numbers.
    const values = parameters as readonly SQLInputValue[];
    if (givesRows) return { rows: statement.all(...values) as R[] };
    return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
  };
  let synchronous = '';
  /**
   * One commit waits for the disk for as long as it takes, and with it everything in this process. SQLite refuses the
   * change within a transaction; no transaction is relaxed.
   */
  const waitForDisk = (query: CompiledQuery): void => {
    const wanted = isRelaxed(query.queryId) ? 'NORMAL' : 'FULL';
    if (wanted === synchronous) return;
    database.exec(`PRAGMA synchronous = ${wanted}`);
    synchronous = wanted;
  };
  const executeQuery = <R>(query: CompiledQuery) =>
    patiently(() => {
      waitForDisk(query);
      return run<R>(query);
    });
  return {
    executeQuery,
    async *streamQuery<R>(query: CompiledQuery) {
      yield await executeQuery<R>(query);
    },
  };
};

const createDriver = (open: () => Promise<DatabaseSync>): Driver => {
  let opened: { database: DatabaseSync; connection: DatabaseConnection } | null = null;
  const present = () => {
    if (opened === null) throw new Error('expected an open database, but it has not been opened');
    return opened;
  };
  return {
    async init() {
      const database = await open();
      opened = { database, connection: connect(database) };
    },
    acquireConnection: async () => present().connection,
    // `immediate`: one that starts by reading could not become a writer once another process has written. One that only
    // reads keeps nobody from writing.
    async beginTransaction(connection, { accessMode }) {
      const begin = accessMode === 'read only' ? 'begin' : 'begin immediate';
      await connection.executeQuery(CompiledQuery.raw(begin));
    },
    async commitTransaction(connection) {
      await connection.executeQuery(CompiledQuery.raw('commit'));
    },
    async rollbackTransaction(connection) {
      // After a full disk SQLite has rolled back already, and a second time would hide the first error.
      if (present().database.isTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'));
    },
    releaseConnection: async () => {},
    async destroy() {
      opened?.database.close();
    },
  };
};

/** SQLite can take back changes of the schema, so the Migrator may use a transaction, which is its lock as well. */
const adapter: DialectAdapter = {
  supportsCreateIfNotExists: true,
  supportsMultipleConnections: false,
  supportsTransactionalDdl: true,
  supportsReturning: true,
  supportsOutput: false,
  acquireMigrationLock: async () => {},
  releaseMigrationLock: async () => {},
};

export const nodeSqliteDialect = (open: () => Promise<DatabaseSync>): Dialect => ({
  createDriver: () => createDriver(open),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => adapter,
  createIntrospector: (db) => new SqliteIntrospector(db),
});
