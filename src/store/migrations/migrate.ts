/** Brings a database to the end of a list of migrations. */
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Tables } from '../tables/schema.ts';

export type NamedMigration = Migration & { name: string };

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

/** Brings the tables up to date. @throws SchemaTooNew, or what the engine said */
export const migrate = async (db: Kysely<Tables>, list: readonly NamedMigration[]): Promise<void> => {
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
