/** What all processes must agree on: events seen before, fair shares, one-time links. Each is decided by one statement. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Engine } from '../../engine/engine.ts';
import type { Limits } from '../../ports.ts';
import type { Tables } from '../schema.ts';
import { createHold, createTake } from './buckets.ts';
import { createLinks } from './links.ts';

/**
 * `relaxed`: where a power cut may take back the last moments. What was seen or taken then is allowed once more, and an
 * event that has changed anything is on the disk together with that change, for one log holds both.
 */
type Databases = { durable: Kysely<Tables>; relaxed: Kysely<Tables> };

type Clocked = Engine & { now(): number };

/** A platform's id of an event may name who caused it: what is kept for hours says nothing of anybody. */
const unnamed = (key: string): string => createHash('sha256').update(key).digest('base64url');

/** What has been seen of events that are to be done once. */
const createSeen = (
  relaxed: Kysely<Tables>,
  { time, now }: Clocked,
): Pick<Limits, 'once' | 'beginOnce' | 'endOnce'> => {
  const isFirst = async (event: string, until: number, done: 0 | 1): Promise<boolean> => {
    const key = unnamed(event);
    const kept = { until_at: time(until), done };
    const first = await relaxed
      .insertInto('seen')
      .values({ key, ...kept })
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet(kept).where('seen.until_at', '<=', time(now())),
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
  };
};

export const createLimits = ({ durable, relaxed }: Databases, engine: Clocked): Limits => ({
  ...createSeen(relaxed, engine),
  take: createTake(relaxed, engine),
  hold: createHold(relaxed, engine),
  links: createLinks(durable, engine),
});
