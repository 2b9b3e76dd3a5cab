/** All there is about a person, in one transaction. */
import type { Kysely } from 'kysely';
import type { Engine } from '../../engine/engine.ts';
import type { Upkeep } from '../../ports.ts';
import { personKey } from '../memory.ts';
import type { Tables } from '../schema.ts';

/** Written as it is, so that nobody else can change it until the transaction ends, on every engine. */
const isStill = async (
  transaction: Kysely<Tables>,
  { conversationId, revision }: { conversationId: string; revision: number },
): Promise<boolean> => {
  const held = await transaction
    .updateTable('conversations')
    .set({ revision })
    .where('id', '=', conversationId)
    .where('revision', '=', revision)
    .returning('id')
    .executeTakeFirst();
  return held !== undefined;
};

/** Jobs, failures, links and memories of a conversation go with its row: their tables say so. */
export const createErase = (db: Kysely<Tables>, { forget }: Engine): Pick<Upkeep, 'erase'> => ({
  async erase(person, unchanged) {
    const erased = await db.transaction().execute(async (transaction) => {
      if (unchanged && !(await isStill(transaction, unchanged))) return null;
      const theirs = transaction
        .selectFrom('conversations')
        .select('id')
        .where('platform', '=', person.platform)
        .where('person_id', '=', person.id);
      const memories = await transaction
        .deleteFrom('memory')
        .where(({ or, eb }) =>
          or([eb('person', '=', personKey(person)), eb('conversation_id', 'in', theirs)]),
        )
        .returning('key')
        .execute();
      const jobs = await transaction
        .deleteFrom('jobs')
        .where('conversation_id', 'in', theirs)
        .returning('id')
        .execute();
      const conversations = await transaction
        .deleteFrom('conversations')
        .where('platform', '=', person.platform)
        .where('person_id', '=', person.id)
        .returning('id')
        .execute();
      await transaction
        .deleteFrom('links')
        .where('platform', '=', person.platform)
        .where('person_id', '=', person.id)
        .execute();
      return { conversations: conversations.length, jobs: jobs.length, memories: memories.length };
    });
    await forget(db);
    return erased;
  },
});
