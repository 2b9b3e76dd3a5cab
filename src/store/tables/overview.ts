/** What an operator sees of the store, and the one thing that she changes by hand. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Engine } from '../engine/engine.ts';
import { type Overview, UnreadableConversation } from '../ports.ts';
import { read } from './conversations.ts';
import type { ConversationRow, Tables } from './schema.ts';

const pageSize = 200;

const readOrNull = (row: Selectable<ConversationRow>) => {
  try {
    return read(row).conversation;
  } catch (error) {
    if (error instanceof UnreadableConversation) return null;
    throw error;
  }
};

const createLists = (db: Kysely<Tables>, { time }: Engine): Pick<Overview, 'conversations' | 'jobsAt'> => ({
  async *conversations({ isOpen } = { isOpen: false }) {
    for (let after = ''; ; ) {
      const page = await db
        .selectFrom('conversations')
        .selectAll()
        .where('id', '>', after)
        .where('is_open', '>=', isOpen ? 1 : 0)
        .orderBy('id')
        .limit(pageSize)
        .execute();
      for (const row of page) yield readOrNull(row);
      const last = page.at(-1);
      if (!last || page.length < pageSize) return;
      after = last.id;
    }
  },

  async jobsAt(now) {
    const since = (column: string) => sql<number>`${sql.ref(column)} - ${time(now)}`;
    const waiting = await db
      .selectFrom('jobs')
      .select(['id', 'kind', 'conversation_id as conversationId', 'attempts', 'lease'])
      .select(since('due_at').as('dueIn'))
      .orderBy('id')
      .execute();
    const givenUp = await db
      .selectFrom('failed')
      .select(['job_id as id', 'kind', 'conversation_id as conversationId', 'attempts', 'code'])
      .select(since('failed_at').as('age'))
      .orderBy('job_id')
      .execute();
    return {
      waiting: waiting.map(({ lease, dueIn, ...job }) => ({
        ...job,
        dueAt: now + dueIn,
        isRunning: lease !== null && dueIn > 0,
      })),
      givenUp: givenUp.map(({ age, ...job }) => ({ ...job, givenUpAt: now + age })),
    };
  },
});

const createRetry = (db: Kysely<Tables>, { time }: Engine): Pick<Overview, 'retry'> => ({
  retry: (id, now) =>
    db.transaction().execute(async (transaction) => {
      // Of two who ask for it at the same moment one gets the row.
      const row = await transaction
        .deleteFrom('failed')
        .where('job_id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return null;
      const { conversation_id, kind, payload } = row;
      const due = time(now);
      const job = await transaction
        .insertInto('jobs')
        .values({
          conversation_id,
          kind,
          queue: row.queue ?? `${conversation_id}:again:${id}`,
          payload,
          run_at: due,
          due_at: due,
          set_at: due,
          attempts: 0,
          lease: null,
          // Whether its last try got through is not known any more, so that it is looked for first.
          begun: 1,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return job.id;
    }),
});

export const createOverview = (db: Kysely<Tables>, engine: Engine): Overview => ({
  ...createLists(db, engine),
  ...createRetry(db, engine),
});
