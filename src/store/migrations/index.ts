/** How the tables came to be: an explicit list, run in order; what has been released is never changed again. */
import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Tables } from '../tables/schema.ts';
import { upkeepAndLimits } from './0002.ts';
import { boundLinks } from './0003.ts';

/** An ascending number that the engine hands out and never uses twice; the one thing engines spell differently. */
export type IdentityColumn = {
  type: 'integer' | 'bigint';
  column(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
};

/** The database has been migrated by a newer version of this program; nothing in it was touched. */
export class SchemaTooNew extends Error {
  readonly code = 'schema-too-new';
  constructor(unknown: readonly string[], options: { cause: unknown }) {
    super(
      `the database was written by a newer version of this program: it has ${unknown.join(', ')}, which this version does not know; start the newer version, or restore a backup made before the update`,
      options,
    );
    this.name = 'SchemaTooNew';
  }
}

/** Names sort in the order of the list: the Migrator goes by them. Times need `bigint`: PostgreSQL's `integer` has 32 bits. */
export const migrations = (identity: IdentityColumn): readonly (Migration & { name: string })[] => [
  {
    name: '0001-conversations-jobs-memory',
    async up(db) {
      await db.schema
        .createTable('conversations')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('platform', 'text', (column) => column.notNull())
        .addColumn('person_id', 'text', (column) => column.notNull())
        .addColumn('revision', 'integer', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('conversations_by_person')
        .on('conversations')
        .columns(['platform', 'person_id', 'created_at'])
        .execute();
      await db.schema
        .createTable('jobs')
        .addColumn('id', identity.type, identity.column)
        .addColumn('conversation_id', 'text', (column) =>
          column.notNull().references('conversations.id').onDelete('cascade'),
        )
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('queue', 'text', (column) => column.notNull())
        .addColumn('payload', 'text', (column) => column.notNull())
        .addColumn('run_at', 'bigint', (column) => column.notNull())
        .addColumn('due_at', 'bigint', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('lease', 'text')
        .execute();
      await db.schema.createIndex('jobs_by_queue').on('jobs').columns(['queue', 'id']).execute();
      await db.schema.createIndex('jobs_by_due').on('jobs').columns(['due_at', 'id']).execute();
      await db.schema.createIndex('jobs_by_conversation').on('jobs').columns(['conversation_id']).execute();
      await db.schema
        .createTable('memory')
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('memory_owner_key', ['owner', 'key'])
        .execute();
    },
  },
  { name: '0002-upkeep-and-limits', up: upkeepAndLimits },
  { name: '0003-bound-links', up: boundLinks },
  { name: '0004-queues-of-given-up-jobs', up: queuesOfGivenUp },
];

/** What this program knows, in order. */
export const migrationNames: readonly string[] = migrations({
  type: 'integer',
  column: (column) => column,
}).map(({ name }) => name);

/** So that a job can be put back into its line. Null: it was given up before that was kept. */
async function queuesOfGivenUp(db: Kysely<never>): Promise<void> {
  await db.schema.alterTable('failed').addColumn('queue', 'text').execute();
}

/** Brings the tables up to date. @throws SchemaTooNew, or what the engine said */
export const migrate = async (
  db: Kysely<Tables>,
  list: readonly (Migration & { name: string })[],
): Promise<void> => {
  const byName = Object.fromEntries(list.map((migration) => [migration.name, migration]));
  const migrator = new Migrator({ db, provider: { getMigrations: async () => byName } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const unknown = (await executed(db)).filter((name) => !(name in byName));
  throw unknown.length > 0 ? new SchemaTooNew(unknown, { cause: error }) : error;
};

/** What the database has been migrated by. The Migrator tells of its own table only what it has a migration for. Empty if it cannot be read: then that is the error. */
export const executed = async (db: Kysely<Tables>): Promise<string[]> => {
  const table = db.withTables<{ kysely_migration: { name: string } }>();
  const rows = await table
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute()
    .catch(() => []);
  return rows.map((row) => row.name);
};
