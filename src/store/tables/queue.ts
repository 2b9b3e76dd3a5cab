/** IT's queue: of each conversation with an open case only what is said of it in few words. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { type QueuedEscalation, queuedIn, queuedSchema } from '../../conversation/home/queued.ts';
import { type Conversations, UnreadableConversation } from '../ports.ts';
import { read } from './conversations.ts';
import { parseJson } from './json.ts';
import type { Tables } from './schema.ts';

const summary = z.array(queuedSchema);

export const createQueue = (db: Kysely<Tables>): Pick<Conversations, 'openEscalations'> => {
  /** Its summary is of an earlier revision, or there is none. */
  const fromState = async (id: string): Promise<QueuedEscalation[]> => {
    const row = await db.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirst();
    try {
      return row ? queuedIn(read(row).conversation) : [];
    } catch (error) {
      if (error instanceof UnreadableConversation) return [];
      throw error;
    }
  };

  return {
    openEscalations: async () => {
      const rows = await db
        .selectFrom('conversations')
        .select(['id', 'queue'])
        .select(sql<number>`case when queue_revision = revision then 1 else 0 end`.as('isPresent'))
        .where('is_open', '=', 1)
        .execute();
      const cases: QueuedEscalation[] = [];
      for (const { id, queue, isPresent } of rows) {
        const kept =
          isPresent === 1 && queue !== null ? summary.safeParse(parseJson(queue, 'a queue')) : null;
        cases.push(...(kept?.data ?? (await fromState(id))));
      }
      return cases;
    },
  };
};
