/** Fair shares that all processes draw on, each taken in one statement. */
import { type Kysely, sql } from 'kysely';
import type { Engine } from '../../engine/engine.ts';
import type { Limits, Taken } from '../../ports.ts';
import type { Tables } from '../schema.ts';

/** No bucket is ever this much longer from being full than it can be, but for a clock that was set back. */
const clockStepMs = 60_000;

/** Longer than any platform asks to be left alone; what seems to be held longer is from before the clock was set back. */
const longestHoldMs = 10 * 60_000;

const full = sql.ref('buckets.full_at');
const held = sql.ref('buckets.held_until');

const giveBack = async (db: Kysely<Tables>, key: string, token: number): Promise<void> => {
  await db
    .updateTable('buckets')
    .set({ full_at: sql<number>`${full} - ${sql.lit(token)}` })
    .where('key', '=', key)
    .execute();
};

/** The generic cell rate algorithm: a token is the time it takes to grow back. */
export const createTake =
  (db: Kysely<Tables>, { time }: Engine): Limits['take'] =>
  async (key, { capacity, refillPerSecond, reserve = 0, patienceMs = 0 }, at): Promise<Taken> => {
    const token = Math.max(1, Math.round(1000 / refillPerSecond));
    const whole = Math.floor(capacity) * token;
    if (whole < token) return { isTaken: false, until: Number.POSITIVE_INFINITY };
    const now = time(at);
    /** How far from full it may be afterwards. */
    const most = whole - reserve * token + patienceMs;
    // A bucket that seems emptier than empty is one from before the clock was set back.
    const from = sql`case when ${full} < ${now} or ${full} > ${now} + ${sql.lit(whole + patienceMs + clockStepMs)} then ${now} else ${full} end`;
    const isHeld = sql<boolean>`${held} > ${now} and ${held} <= ${now} + ${sql.lit(longestHoldMs)}`;
    const taken = await db
      .insertInto('buckets')
      .values({ key, full_at: time(at + token) })
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet({ full_at: sql<number>`${from} + ${sql.lit(token)}` })
          .where(sql<boolean>`${from} + ${sql.lit(token)} <= ${now} + ${sql.lit(most)}`)
          .where(sql<boolean>`not (${isHeld})`),
      )
      .returning(sql<number>`${full} - ${now}`.as('left'))
      .executeTakeFirst();
    if (taken !== undefined) {
      const waitMs = Math.max(0, Number(taken.left) - whole);
      return { isTaken: true, waitMs, giveBack: () => giveBack(db, key, token) };
    }
    const row = await db
      .selectFrom('buckets')
      .select([
        sql<number>`${full} - ${now}`.as('left'),
        sql<number>`case when ${isHeld} then ${held} - ${now} else 0 end`.as('held'),
      ])
      .where('key', '=', key)
      .executeTakeFirst();
    const untilToken = Number(row?.left ?? 0) + token - most;
    return { isTaken: false, until: at + Math.max(0, untilToken, Number(row?.held ?? 0)) };
  };

export const createHold =
  (db: Kysely<Tables>, { time }: Engine): Limits['hold'] =>
  async (key, until, at) => {
    const held_until = time(Math.min(until, at + longestHoldMs));
    await db
      .insertInto('buckets')
      .values({ key, full_at: time(at), held_until })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ held_until }))
      .execute();
  };
