/** Migration 0002: what erasing, retention, fair limits and marked repeats need. */
import { type Kysely, type SchemaModule, sql } from 'kysely';

const openConversations = async (db: Kysely<never>): Promise<void> => {
  // Open until the next save says otherwise: what is not known to be closed is kept.
  await db.schema
    .alterTable('conversations')
    .addColumn('is_open', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await sql`update conversations set is_open = 0 where state like '%"escalations":[]%'`.execute(db);
  await db.schema
    .createIndex('conversations_by_end')
    .on('conversations')
    .columns(['is_open', 'updated_at'])
    .execute();
};

const startedJobs = async (schema: SchemaModule): Promise<void> => {
  await schema
    .alterTable('jobs')
    .addColumn('set_at', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('jobs').addColumn('holder', 'text').execute();
  await schema
    .alterTable('jobs')
    .addColumn('begun', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
};

const ownedMemory = async (schema: SchemaModule): Promise<void> => {
  await schema.alterTable('memory').addColumn('person', 'text').execute();
  await schema
    .alterTable('memory')
    .addColumn('conversation_id', 'text', (column) =>
      column.references('conversations.id').onDelete('cascade'),
    )
    .execute();
  await schema.createIndex('memory_by_person').on('memory').columns(['person']).execute();
  await schema.createIndex('memory_by_conversation').on('memory').columns(['conversation_id']).execute();
};

const failedJobs = async (schema: SchemaModule): Promise<void> => {
  await schema
    .createTable('failed')
    .addColumn('job_id', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('conversation_id', 'text', (column) =>
      column.notNull().references('conversations.id').onDelete('cascade'),
    )
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('failed_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('failed_by_conversation').on('failed').columns(['conversation_id']).execute();
};

const limits = async (schema: SchemaModule): Promise<void> => {
  await schema
    .createTable('seen')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('until_at', 'bigint', (column) => column.notNull())
    .addColumn('done', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .createTable('buckets')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('full_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('links')
    .addColumn('hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('conversation_id', 'text', (column) =>
      column.notNull().references('conversations.id').onDelete('cascade'),
    )
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('links_by_conversation').on('links').columns(['conversation_id']).execute();
};

export const upkeepAndLimits = async (db: Kysely<never>): Promise<void> => {
  await openConversations(db);
  await startedJobs(db.schema);
  await ownedMemory(db.schema);
  await failedJobs(db.schema);
  await limits(db.schema);
};
