/** What all processes must agree on: events seen before, fair shares, one-time links. Each is decided by one statement. */
import { createHash } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Engine } from '../engine/engine.ts';
import { type Limits, type Link, linkMemoryMs } from '../ports.ts';
import type { LinkRow, Tables } from './schema.ts';

/** No bucket is ever this much longer from being full than it can be, but for a clock that was set back. */
const clockStepMs = 60_000;

/**
 * `relaxed`: where a power cut may take back the last moments. What was seen or taken then is allowed once more, and an
 * event that has changed anything is on the disk together with that change, for one log holds both.
 */
type Databases = { durable: Kysely<Tables>; relaxed: Kysely<Tables> };

/** A platform's id of an event may name who caused it: what is kept for hours says nothing of anybody. */
const unnamed = (key: string): string => createHash('sha256').update(key).digest('base64url');

export const createLimits = ({ durable, relaxed }: Databases, engine: Engine & { now(): number }): Limits => {
  const { time, now: present } = engine;

  const read = (row: Selectable<LinkRow>, left: number): Link => ({
    conversationId: row.conversation_id,
    person: { platform: row.platform, id: row.person_id },
    noticeId: row.notice_id,
    checkId: row.check_id,
    expiresAt: present() + left,
  });
  const left = () => sql<number>`${sql.ref('expires_at')} - ${time(present())}`.as('left');

  const isFirst = async (event: string, until: number, done: 0 | 1): Promise<boolean> => {
    const key = unnamed(event);
    const kept = { until_at: time(until), done };
    const first = await relaxed
      .insertInto('seen')
      .values({ key, ...kept })
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet(kept).where('seen.until_at', '<=', time(present())),
      )
      .returning('key')
      .executeTakeFirst();
    return first !== undefined;
  };

  return {
    once: (key, until) => isFirst(key, until, 1),

    async beginOnce(key, until) {
      if (await isFirst(key, until, 0)) return 'first';
      const row = await relaxed
        .selectFrom('seen')
        .select('done')
        .where('key', '=', unnamed(key))
        .executeTakeFirst();
      return row?.done === 1 ? 'done' : 'under-way';
    },

    async endOnce(key, until) {
      const kept = { until_at: time(until), done: 1 };
      await relaxed
        .insertInto('seen')
        .values({ key: unnamed(key), ...kept })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(kept))
        .execute();
    },

    /** The generic cell rate algorithm: a token is the time it takes to grow back. */
    async take(key, { capacity, refillPerSecond }, at) {
      const token = Math.max(1, Math.round(1000 / refillPerSecond));
      const whole = Math.floor(capacity) * token;
      if (whole < token) return { isTaken: false, until: Number.POSITIVE_INFINITY };
      const now = time(at);
      const full = sql.ref('buckets.full_at');
      // A bucket that seems emptier than empty is one from before the clock was set back.
      const from = sql`case when ${full} < ${now} or ${full} > ${now} + ${sql.lit(whole + clockStepMs)} then ${now} else ${full} end`;
      const taken = await relaxed
        .insertInto('buckets')
        .values({ key, full_at: time(at + token) })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({ full_at: sql<number>`${from} + ${sql.lit(token)}` })
            .where(sql<boolean>`${from} + ${sql.lit(token)} <= ${now} + ${sql.lit(whole)}`),
        )
        .returning('key')
        .executeTakeFirst();
      if (taken !== undefined)
        return {
          isTaken: true,
          giveBack: async () => {
            await relaxed
              .updateTable('buckets')
              .set({ full_at: sql<number>`${full} - ${sql.lit(token)}` })
              .where('key', '=', key)
              .execute();
          },
        };
      const row = await relaxed
        .selectFrom('buckets')
        .select(sql<number>`${full} - ${now}`.as('left'))
        .where('key', '=', key)
        .executeTakeFirst();
      return { isTaken: false, until: at + Math.max(0, Number(row?.left ?? 0) + token - whole) };
    },

    links: {
      async put(hash, { conversationId, person, noticeId, checkId, expiresAt }) {
        await durable
          .insertInto('links')
          .values({
            hash,
            conversation_id: conversationId,
            platform: person.platform,
            person_id: person.id,
            notice_id: noticeId,
            check_id: checkId,
            expires_at: time(expiresAt),
          })
          .execute();
      },

      async peek(hash) {
        const row = await durable
          .selectFrom('links')
          .selectAll()
          .select(left())
          .where('hash', '=', hash)
          .where('used_by', 'is', null)
          .where('expires_at', '>', time(present()))
          .executeTakeFirst();
        return row === undefined ? null : read(row, row.left);
      },

      async consume(hash, { by, checkId }) {
        const row = await durable
          .updateTable('links')
          .set({ used_by: by, led_to: checkId })
          .where('hash', '=', hash)
          .where('used_by', 'is', null)
          .where('expires_at', '>', time(present()))
          .returningAll()
          .returning(left())
          .executeTakeFirst();
        return row === undefined ? null : read(row, row.left);
      },

      async recall(hash) {
        const row = await durable
          .selectFrom('links')
          .selectAll()
          .select(left())
          .where('hash', '=', hash)
          .where('expires_at', '>', time(present() - linkMemoryMs))
          .executeTakeFirst();
        if (row === undefined) return null;
        const use = row.used_by === null ? null : { by: row.used_by, checkId: row.led_to };
        return { ...read(row, row.left), use };
      },

      async claim(hash, by) {
        const row = await durable
          .updateTable('links')
          .set({ used_by: by })
          .where('hash', '=', hash)
          .where(({ or, eb }) => or([eb('used_by', 'is', null), eb('used_by', '=', by)]))
          .returning('hash')
          .executeTakeFirst();
        return row !== undefined;
      },
    },
  };
};
