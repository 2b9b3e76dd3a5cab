/** Migration 0003: a link is good for one notice and one check, and for the browser that used it. */
import type { Kysely } from 'kysely';

export const boundLinks = async ({ schema }: Kysely<never>): Promise<void> => {
  // Links from before belong to no notice, so they open nothing any more; they live for ten minutes.
  for (const name of ['notice_id', 'check_id'])
    await schema
      .alterTable('links')
      .addColumn(name, 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  for (const name of ['used_by', 'led_to'])
    await schema.alterTable('links').addColumn(name, 'text').execute();
};
