/** Where a text stands, in what is kept as JSON. */
import { type Kysely, sql } from 'kysely';
import type { Upkeep } from '../../ports.ts';
import type { Tables } from '../schema.ts';

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

export const createMentions = (db: Kysely<Tables>): Pick<Upkeep, 'mentioning' | 'discardFailed'> => ({
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
});
