/** The engine for several machines: PostgreSQL, through a small pool that outlives a restart of the server. */
import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import pg from 'pg';
import { migrations } from '../migrations/index.ts';
import { migrate, SchemaTooNew } from '../migrations/migrate.ts';
import { type Store, StoreNotOpened } from '../ports.ts';
import { createStore } from '../store.ts';
import type { Tables } from '../tables/schema.ts';
import { type Engine, postgresEngine } from './engine.ts';
import { named, reasonOf, willPass } from './postgres-errors.ts';

/** Milliseconds. What takes longer is broken, and must not hold locks or callers. */
const limits = { connect: 5000, statement: 10_000, answer: 15_000, idleInTransaction: 10_000 };
/** How long a server that restarts, or has no connection left, is waited for before whoever asked is told. */
const patienceMs = 2000;
/** Statements are short; more connections would only wait for each other on the server. */
const connections = { turns: 8, leases: 3 };
const int8 = 20;

/** Whole numbers here are counts and milliseconds, far below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = (oid, format) =>
  oid === int8 ? Number : pg.types.getTypeParser(oid, format);

/** Those who serve people; an operator's commands go by another name. */
const servingName = 'connect-email';
const operatorName = 'connect-email-operator';

/** Everybody goes by the names above, or a restore would not see that a bot is at work: what an address says comes first for pg. */
const withoutName = (url: string): string => {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('application_name')) return url;
  parsed.searchParams.delete('application_name');
  return parsed.href;
};

const createPool = (url: string, more: Partial<pg.PoolConfig>): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: withoutName(url),
    application_name: servingName,
    keepAlive: true,
    connectionTimeoutMillis: limits.connect,
    types: { getTypeParser },
    ...more,
  });
  // A connection that breaks is replaced for the next who asks, and whoever waits for its answer is told by the
  // answer. Without listeners it would end the process: the pool's while it is idle, its own while it is in use.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
};

/** Waits a moment for a server that restarts or is full. Only for a connection: a statement may have been done. */
const patient = (pool: pg.Pool): PostgresPool => ({
  async connect() {
    const end = performance.now() + patienceMs;
    for (;;) {
      try {
        return await pool.connect();
      } catch (reason) {
        const error = named(reason);
        if (!willPass(error) || performance.now() > end) throw error;
        await pause(50 + Math.random() * 100);
      }
    }
  },
  end: () => pool.end(),
  options: pool.options,
});

const database = (pool: PostgresPool) =>
  new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    // Nothing is logged here: it is where every error comes by before anybody else has it.
    log: (event) => void (event.level === 'error' && named(event.error)),
  });

/** Without the time limits: a table that has grown takes as long as it takes, and others wait for it in line. */
const bringUpToDate = async (url: string, engine: Engine): Promise<void> => {
  const db = database(createPool(url, { max: 1 }));
  try {
    await migrate(db, migrations(engine.identity));
  } catch (cause) {
    if (cause instanceof SchemaTooNew) throw cause;
    throw new StoreNotOpened(
      `expected to read and write the PostgreSQL database of DATABASE_URL, but: ${reasonOf(cause)}`,
      { cause },
    );
  } finally {
    await db.destroy();
  }
};

/**
 * Opens the store in the database at `url` and brings its tables up to date.
 * @throws SchemaTooNew, StoreNotOpened; neither repeats the address, which may hold a password
 */
export const openPostgresStore = async ({
  url,
  now = Date.now,
  engine = postgresEngine(now),
  isOperator = false,
}: {
  url: string;
  /** For tests: this process's clock. */
  now?: () => number;
  /** For tests: one that counts in small numbers. */
  engine?: Engine;
  /** It serves nobody. */
  isOperator?: boolean;
}): Promise<Store> => {
  await bringUpToDate(url, engine);
  const open = (max: number, more: Partial<pg.PoolConfig> = {}) =>
    database(
      patient(
        createPool(url, {
          max,
          // What is held stays ours when others have taken all connections that the server has.
          min: 1,
          ...(isOperator && { application_name: operatorName }),
          statement_timeout: limits.statement,
          query_timeout: limits.answer,
          idle_in_transaction_session_timeout: limits.idleInTransaction,
          ...more,
        }),
      ),
    );
  // Their own connections, so that a turn of a conversation never waits in line behind the worker's housework.
  const leases = open(connections.leases, { options: '-c synchronous_commit=off' });
  return createStore({ db: open(connections.turns), leases }, engine, now);
};

/** Whether a bot is connected to the database. A bot asks for work twice a second, so it is never seen without a connection. */
export const isServed = async (url: string): Promise<boolean> => {
  const db = database(createPool(url, { max: 1, application_name: operatorName }));
  try {
    const { rows } = await sql<{ one: number }>`
      select 1 as one from pg_stat_activity
      where datname = current_database() and application_name = ${servingName}`.execute(db);
    return rows.length > 0;
  } finally {
    await db.destroy();
  }
};
