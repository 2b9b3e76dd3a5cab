/** Migration 0001: conversations, their jobs, and what adapters remember. Times need `bigint`: PostgreSQL's `integer` has 32 bits. */
import type { Kysely, SchemaModule } from 'kysely';
import type { IdentityColumn } from '../engine/engine.ts';

const conversations = async (schema: SchemaModule): Promise<void> => {
  await schema
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
  await schema
    .createIndex('conversations_by_person')
    .on('conversations')
    .columns(['platform', 'person_id', 'created_at'])
    .execute();
};

const jobs = async (schema: SchemaModule, identity: IdentityColumn): Promise<void> => {
  await schema
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
  await schema.createIndex('jobs_by_queue').on('jobs').columns(['queue', 'id']).execute();
  await schema.createIndex('jobs_by_due').on('jobs').columns(['due_at', 'id']).execute();
  await schema.createIndex('jobs_by_conversation').on('jobs').columns(['conversation_id']).execute();
};

const memory = async (schema: SchemaModule): Promise<void> => {
  await schema
    .createTable('memory')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('memory_owner_key', ['owner', 'key'])
    .execute();
};

export const conversationsJobsMemory =
  (identity: IdentityColumn) =>
  async ({ schema }: Kysely<never>): Promise<void> => {
    await conversations(schema);
    await jobs(schema, identity);
    await memory(schema);
  };
