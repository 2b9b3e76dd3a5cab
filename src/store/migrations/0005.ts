/** Migration 0005: a bucket from which nothing is to be had before a moment that somebody else has named. */
import type { Kysely } from 'kysely';

export const heldBuckets = async ({ schema }: Kysely<never>): Promise<void> => {
  await schema
    .alterTable('buckets')
    .addColumn('held_until', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
};
