/** What is deleted, when, and how the store is counted. */
import { type Kysely, sql } from 'kysely';
import { conversationVersion } from '../../conversation/state/conversation.ts';
import type { Engine } from '../engine/engine.ts';
import { linkMemoryMs, type Upkeep } from '../ports.ts';
import { personKey } from './memory.ts';
import type { Tables } from './schema.ts';

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

/** Read in one statement, so that nobody waits long for it. */
const pageSize = 200;

/** In a pattern of LIKE. */
const literally = (text: string): string => text.replace(/[\\%_]/gu, String.raw`\$&`);

/** Whether one of these texts is a value in JSON, or in JSON that is a text within it. */
const holds = (column: 'state' | 'payload', texts: readonly string[]) => {
  const written = texts.flatMap((text) => {
    const once = JSON.stringify(text);
    return [once, JSON.stringify(once).slice(1, -1)];
  });
  const like = (text: string) => sql`${sql.ref(column)} like ${`%${literally(text)}%`} escape '\\'`;
  return sql<boolean>`(${sql.join(written.map(like), sql` or `)})`;
};

/** Jobs, failures, links and memories of a conversation go with its row: their tables say so. */
export const createUpkeep = (db: Kysely<Tables>, { time, forget }: Engine): Omit<Upkeep, 'findDamaged'> => ({
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

  async mentioning(texts) {
    const found: string[] = [];
    for (let after = ''; ; ) {
      const page = await db
        .selectFrom('conversations')
        .select(['id', sql<number>`case when ${holds('state', texts)} then 1 else 0 end`.as('isOne')])
        .where('id', '>', after)
        .orderBy('id')
        .limit(pageSize)
        .execute();
      for (const { id, isOne } of page) if (isOne === 1) found.push(id);
      const last = page.at(-1);
      if (!last || page.length < pageSize) return found;
      after = last.id;
    }
  },

  async discardFailed(texts) {
    const gone = await db.deleteFrom('failed').where(holds('payload', texts)).returning('job_id').execute();
    return gone.length;
  },

  async eraseClosedBefore(before) {
    const gone = await db
      .deleteFrom('conversations')
      .where('is_open', '=', 0)
      .where('updated_at', '<', before)
      .where('version', '<=', conversationVersion)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('jobs').select('jobs.id').whereRef('jobs.conversation_id', '=', 'conversations.id'),
          ),
        ),
      )
      .returning('id')
      .execute();
    await forget(db);
    return gone.length;
  },

  async sweep(now) {
    const present = time(now);
    const seen = await db.deleteFrom('seen').where('until_at', '<=', present).returning('key').execute();
    const full = await db.deleteFrom('buckets').where('full_at', '<=', present).returning('key').execute();
    const links = await db
      .deleteFrom('links')
      .where('expires_at', '<=', time(now - linkMemoryMs))
      .returning('hash')
      .execute();
    return seen.length + full.length + links.length;
  },

  async counts(now) {
    const kinds = async (table: 'jobs' | 'failed') => {
      const rows = await db
        .selectFrom(table)
        .select(({ fn }) => ['kind', fn.countAll<number>().as('number')])
        .groupBy('kind')
        .execute();
      return Object.fromEntries(rows.map(({ kind, number }) => [kind, number]));
    };
    const oldest = await db
      .selectFrom('jobs')
      .select(({ fn }) => sql<number | null>`${fn.min('due_at')} - ${time(now)}`.as('wait'))
      .where('lease', 'is', null)
      .executeTakeFirst();
    const newer = await db
      .selectFrom('conversations')
      .select(({ fn }) => fn.countAll<number>().as('number'))
      .where('version', '>', conversationVersion)
      .executeTakeFirst();
    const wait = oldest?.wait ?? null;
    return {
      waiting: await kinds('jobs'),
      givenUp: await kinds('failed'),
      oldestDue: wait === null ? null : now + wait,
      unreadable: newer?.number ?? 0,
    };
  },
});
