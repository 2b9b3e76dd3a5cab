/** What has been released is never changed, and every way up leads to the same tables. */
import { createHash } from 'node:crypto';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/engine/embedded.ts';
import { type Engine, postgresEngineOnGivenTime, sqliteEngine } from '../../src/store/engine/engine.ts';
import { nodeSqliteDialect } from '../../src/store/engine/node-sqlite.ts';
import { migrationNames, migrations } from '../../src/store/migrations/index.ts';
import { migrate } from '../../src/store/migrations/migrate.ts';
import type { Tables } from '../../src/store/tables/schema.ts';
import { earlierDatabase } from './earlier.ts';
import { type Database, embedded, engines } from './engines.ts';
import { inFile, temporaryDirectory } from './scratch.ts';

/** Of the statements of each migration, as they went out with it. */
const released: Readonly<Record<string, { sqlite: string; postgres: string }>> = {
  '0001-conversations-jobs-memory': { sqlite: '41f8ff4c48db4883', postgres: 'f208a553a4aca9db' },
  '0002-upkeep-and-limits': { sqlite: 'ba3d4e8f099310ae', postgres: 'ba3d4e8f099310ae' },
  '0003-bound-links': { sqlite: '6e2e1d2bd47f9558', postgres: '6e2e1d2bd47f9558' },
  '0004-queues-of-given-up-jobs': { sqlite: '4c6e11c567bf4839', postgres: '4c6e11c567bf4839' },
};

const dialects = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db: Kysely<Tables>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db: Kysely<Tables>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
};

/** By migration, the digest of what it sends. */
const digests = async (name: keyof typeof dialects, engine: Engine): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const migration of migrations(engine.identity)) {
    const sent: string[] = [];
    const db = new Kysely<never>({ dialect: dialects[name], log: ({ query }) => void sent.push(query.sql) });
    await migration.up(db);
    expect(sent.length, migration.name).toBeGreaterThan(0);
    found[migration.name] = createHash('sha256').update(sent.join(';\n')).digest('hex').slice(0, 16);
  }
  return found;
};

it.each([
  ['sqlite', sqliteEngine],
  ['postgres', postgresEngineOnGivenTime],
] as const)('what was released for %s is what is sent today, to the letter', async (name, engine) => {
  const expected = Object.fromEntries(Object.entries(released).map(([of, digest]) => [of, digest[name]]));
  expect(await digests(name, engine)).toMatchObject(expected);
  expect(migrationNames.slice(0, Object.keys(released).length)).toEqual(Object.keys(released));
});

/** The database past the store: as the engine is opened, without its tables. */
const opened = async (
  { address }: Database,
  name: string,
): Promise<{ db: Kysely<Tables>; engine: Engine }> =>
  name === embedded.name
    ? {
        db: new Kysely<Tables>({ dialect: nodeSqliteDialect(() => openDatabase(address)) }),
        engine: sqliteEngine,
      }
    : {
        db: new Kysely<Tables>({
          dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: address, max: 1 }) }),
        }),
        engine: postgresEngineOnGivenTime,
      };

const sqliteTables = `select type, name, sql from sqlite_master where name not like 'sqlite_%' order by type, name`;
const postgresTables = `
  select table_name, ordinal_position::text, column_name || ' ' || data_type || ' ' || is_nullable || ' '
    || coalesce(column_default, '') || is_identity as what
  from information_schema.columns where table_schema = 'public'
  union all select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
  union all select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace
  order by 1, 2, 3`;

describe.each(engines)('$name', ({ name, newDatabase }) => {
  it('step by step, as installations that were always updated were, or at once: the tables are the same', async () => {
    const [stepwise, atOnce] = [await newDatabase(), await newDatabase()];
    const { db, engine } = await opened(stepwise, name);
    const list = migrations(engine.identity);
    for (const [index] of list.entries()) await migrate(db, list.slice(0, index + 1));
    await db.destroy();
    await atOnce.open();
    const tables = name === embedded.name ? sqliteTables : postgresTables;
    const made = await stepwise.sql(tables);
    expect(made.length).toBeGreaterThan(10);
    expect(made).toEqual(await atOnce.sql(tables));
  });
});

it('the file of the version before becomes what a new one is', async () => {
  const { directory } = await earlierDatabase('before-typed-jobs');
  const fresh = await temporaryDirectory();
  for (const each of [directory, fresh]) {
    const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(() => openDatabase(each)) });
    await migrate(db, migrations(sqliteEngine.identity));
    await db.destroy();
  }
  const tablesOf = (each: string) => inFile(each, (database) => database.prepare(sqliteTables).all());
  expect(tablesOf(directory)).toEqual(tablesOf(fresh));
});
