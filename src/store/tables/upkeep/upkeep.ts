/** What is deleted because its time is over, and what is counted. */
import { type Kysely, sql } from 'kysely';
import { conversationVersion } from '../../../conversation/state/conversation.ts';
import type { Engine } from '../../engine/engine.ts';
import { linkMemoryMs, type Upkeep } from '../../ports.ts';
import type { Tables } from '../schema.ts';
import { createErase } from './erase.ts';
import { createMentions } from './mentions.ts';

const createRetention = (
  db: Kysely<Tables>,
  { time, forget }: Engine,
): Pick<Upkeep, 'eraseClosedBefore' | 'sweep'> => ({
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
    const full = await db
      .deleteFrom('buckets')
      .where('full_at', '<=', present)
      .where('held_until', '<=', present)
      .returning('key')
      .execute();
    const links = await db
      .deleteFrom('links')
      .where('expires_at', '<=', time(now - linkMemoryMs))
      .returning('hash')
      .execute();
    return seen.length + full.length + links.length;
  },
});

const createCounts = (db: Kysely<Tables>, { time }: Engine): Pick<Upkeep, 'counts'> => ({
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

export const createUpkeep = (db: Kysely<Tables>, engine: Engine): Omit<Upkeep, 'findDamaged'> => ({
  ...createErase(db, engine),
  ...createMentions(db),
  ...createRetention(db, engine),
  ...createCounts(db, engine),
});
