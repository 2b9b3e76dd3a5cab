/** Migration 0006: the open cases of a conversation in few words, so that IT's queue need not read whole conversations. */
import type { Kysely } from 'kysely';

export const queueOfConversations = async ({ schema }: Kysely<never>): Promise<void> => {
  // Null, or of another revision than the row: written by a version that does not know it, so that the state is asked.
  await schema.alterTable('conversations').addColumn('queue', 'text').execute();
  await schema.alterTable('conversations').addColumn('queue_revision', 'integer').execute();
};
