/** One-time links: each question about one is one statement, so that nobody gets it a second time. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Engine } from '../../engine/engine.ts';
import { type Limits, type Link, linkMemoryMs } from '../../ports.ts';
import type { LinkRow, Tables } from '../schema.ts';

type Links = Limits['links'];
type Clocked = Engine & { now(): number };

/** How much is left of a link, by the engine's clock. */
const leftOf = ({ time, now }: Clocked) => sql<number>`${sql.ref('expires_at')} - ${time(now())}`.as('left');

const read = (row: Selectable<LinkRow>, expiresAt: number): Link => ({
  conversationId: row.conversation_id,
  person: { platform: row.platform, id: row.person_id },
  noticeId: row.notice_id,
  checkId: row.check_id,
  expiresAt,
});

/** Without using it up. */
const createLooks = (db: Kysely<Tables>, engine: Clocked): Pick<Links, 'peek' | 'recall'> => ({
  async peek(hash) {
    const row = await db
      .selectFrom('links')
      .selectAll()
      .select(leftOf(engine))
      .where('hash', '=', hash)
      .where('used_by', 'is', null)
      .where('expires_at', '>', engine.time(engine.now()))
      .executeTakeFirst();
    return row === undefined ? null : read(row, engine.now() + row.left);
  },

  async recall(hash) {
    const row = await db
      .selectFrom('links')
      .selectAll()
      .select(leftOf(engine))
      .where('hash', '=', hash)
      .where('expires_at', '>', engine.time(engine.now() - linkMemoryMs))
      .executeTakeFirst();
    if (row === undefined) return null;
    const use = row.used_by === null ? null : { by: row.used_by, checkId: row.led_to };
    return { ...read(row, engine.now() + row.left), use };
  },
});

export const createLinks = (db: Kysely<Tables>, engine: Clocked): Links => ({
  ...createLooks(db, engine),

  async put(hash, { conversationId, person, noticeId, checkId, expiresAt }) {
    await db
      .insertInto('links')
      .values({
        hash,
        conversation_id: conversationId,
        platform: person.platform,
        person_id: person.id,
        notice_id: noticeId,
        check_id: checkId,
        expires_at: engine.time(expiresAt),
      })
      .execute();
  },

  async consume(hash, { by, checkId }) {
    const row = await db
      .updateTable('links')
      .set({ used_by: by, led_to: checkId })
      .where('hash', '=', hash)
      .where('used_by', 'is', null)
      .where('expires_at', '>', engine.time(engine.now()))
      .returningAll()
      .returning(leftOf(engine))
      .executeTakeFirst();
    return row === undefined ? null : read(row, engine.now() + row.left);
  },

  async claim(hash, by) {
    const row = await db
      .updateTable('links')
      .set({ used_by: by })
      .where('hash', '=', hash)
      .where(({ or, eb }) => or([eb('used_by', 'is', null), eb('used_by', '=', by)]))
      .returning('hash')
      .executeTakeFirst();
    return row !== undefined;
  },
});
