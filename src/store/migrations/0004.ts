/** Migration 0004: so that a job that was given up can be put back into its line. */
import type { Kysely } from 'kysely';

export const queuesOfGivenUpJobs = async ({ schema }: Kysely<never>): Promise<void> => {
  // Null: it was given up before that was kept.
  await schema.alterTable('failed').addColumn('queue', 'text').execute();
};
