/** Jobs: a queue is a line in which only the head can run, and a lease says who runs it. */
import { type Expression, type Kysely, type SqlBool, sql, type UpdateObject } from 'kysely';
import type { Engine } from '../../engine/engine.ts';
import { type JobKind, type Jobs, jobKinds, type Leased } from '../../ports.ts';
import type { Tables } from '../schema.ts';
import { fromRow, storedKinds } from './job-row.ts';

/** Clocks are set right by small steps all the time; more than these milliseconds back is a jump. */
const clockStepMs = 5000;
/** It reads all jobs, so it is not done each time there is nothing to do. */
const lookAtClockMs = 1000;

type Databases = {
  durable: Kysely<Tables>;
  /** The same database, where a commit need not wait for the disk; for leases and ends of jobs. */
  leases: Kysely<Tables>;
};

/**
 * The oldest job of each queue, the longest due first. A kind that a newer version of this program left
 * behind is not handed out, and keeps its queue waiting for that version.
 */
const heads = (db: Kysely<Tables>, kinds: readonly JobKind[]) =>
  db
    .selectFrom('jobs as job')
    .where('job.kind', 'in', storedKinds(kinds))
    .where(
      ({ not, exists, selectFrom }): Expression<SqlBool> =>
        not(
          exists(
            selectFrom('jobs as older')
              .select('older.id')
              .whereRef('older.queue', '=', 'job.queue')
              .whereRef('older.id', '<', 'job.id'),
          ),
        ),
    )
    .orderBy('job.due_at')
    .orderBy('job.id');

/** Takes the head that has been due longest. */
const createTake =
  (db: Kysely<Tables>, { time, skipsLocked }: Engine) =>
  async (now: number, leaseMs: number, of: { kinds: readonly JobKind[]; holder: string | null }) => {
    const due = time(now);
    const head = heads(db, of.kinds).where('job.due_at', '<=', due).select('job.id').limit(1);
    const row = await db
      .updateTable('jobs')
      .set(({ eb }) => ({
        lease: crypto.randomUUID(),
        holder: of.holder,
        due_at: time(now + leaseMs),
        set_at: due,
        attempts: eb('attempts', '+', 1),
      }))
      .where('id', '=', skipsLocked ? head.forUpdate('job').skipLocked() : head)
      // Said again for engines that choose the row before they lock it: meanwhile someone else may have taken it.
      .where('due_at', '<=', due)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : fromRow(row);
  };

/**
 * A clock that was set back would keep everything waiting that was due by the old one, for as long as it jumped.
 * What was set in the future is counted again from now: as long from now as it was from then.
 */
const createFollowClock = (db: Kysely<Tables>, { time }: Engine) => {
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** Whether something has moved. */
  return async (now: number): Promise<boolean> => {
    if (performance.now() < lookedAt + lookAtClockMs) return false;
    lookedAt = performance.now();
    const present = time(now);
    const moved = await db
      .updateTable('jobs')
      .set({
        due_at: sql<number>`${sql.ref('due_at')} - ${sql.ref('set_at')} + ${present}`,
        set_at: present,
      })
      .where('set_at', '>', time(now + clockStepMs))
      .returning('id')
      .executeTakeFirst();
    return moved !== undefined;
  };
};

/** How jobs are handed out. */
const createClaims = (db: Kysely<Tables>, engine: Engine): Pick<Jobs, 'claim' | 'nextDue' | 'extend'> => {
  const { time } = engine;
  const take = createTake(db, engine);
  const followClock = createFollowClock(db, engine);
  return {
    async claim(now, leaseMs, { kinds = jobKinds, holder = null as string | null } = {}) {
      if (kinds.length === 0) return null;
      const job = await take(now, leaseMs, { kinds, holder });
      if (job !== null || !(await followClock(now))) return job;
      return take(now, leaseMs, { kinds, holder });
    },

    async nextDue(now, kinds = jobKinds) {
      if (kinds.length === 0) return null;
      const head = await heads(db, kinds)
        .select(sql<number>`${sql.ref('job.due_at')} - ${time(now)}`.as('wait'))
        .limit(1)
        .executeTakeFirst();
      return head === undefined ? null : now + Math.max(0, head.wait);
    },

    async extend(jobs, now, leaseMs) {
      if (jobs.length === 0) return [];
      const ids = jobs.map(({ id }) => id);
      const leases = jobs.map(({ lease }) => lease);
      const rows = await db
        .updateTable('jobs')
        .set({ due_at: time(now + leaseMs), set_at: time(now) })
        .where('id', 'in', ids)
        .where('lease', 'in', leases)
        .returning('lease')
        .execute();
      const extended = new Set(rows.map(({ lease }) => lease));
      return jobs.filter(({ lease }) => !extended.has(lease));
    },
  };
};

/** Changes a job if its lease is still the newest. */
const held = async (
  db: Kysely<Tables>,
  { id, lease }: Leased,
  change: UpdateObject<Tables, 'jobs'>,
): Promise<boolean> => {
  const changed = await db
    .updateTable('jobs')
    .set(change)
    .where('id', '=', id)
    .where('lease', '=', lease)
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
};

/** How jobs are handed back before they are done. */
const createReturns = (
  db: Kysely<Tables>,
  { time }: Engine,
): Pick<Jobs, 'putBack' | 'keep' | 'putOff' | 'releaseAll'> => {
  // `set_at` stays that of the last heartbeat: near enough, and never in the future.
  const free = (runAt: number) => ({ run_at: time(runAt), due_at: time(runAt), lease: null, holder: null });
  return {
    putBack: (job, runAt) => held(db, job, free(runAt)),

    keep: (job, runAt, queue) =>
      held(db, job, {
        ...free(runAt),
        attempts: job.attempts - 1,
        begun: job.begun ? 1 : 0,
        ...(queue === undefined ? {} : { queue }),
      }),

    async putOff(queue, now, ms) {
      const moved = await db
        .updateTable('jobs')
        .set({ run_at: time(now + ms), due_at: time(now + ms), set_at: time(now) })
        .where('queue', '=', queue)
        .where('lease', 'is', null)
        .returning('id')
        .executeTakeFirst();
      return moved !== undefined;
    },

    async releaseAll(holder, now) {
      const rows = await db
        .updateTable('jobs')
        .set({ due_at: time(now), set_at: time(now), lease: null, holder: null })
        .where('holder', '=', holder)
        .returning('id')
        .execute();
      return rows.length;
    },
  };
};

/** How jobs end. */
const createEnds = ({ durable, leases }: Databases, { time }: Engine): Pick<Jobs, 'complete' | 'giveUp'> => ({
  async complete(job) {
    const done = await leases
      .deleteFrom('jobs')
      .where('id', '=', job.id)
      .where('lease', '=', job.lease)
      .returning('id')
      .executeTakeFirst();
    return done !== undefined;
  },

  giveUp: (job, now, code) =>
    durable.transaction().execute(async (transaction) => {
      const row = await transaction
        .deleteFrom('jobs')
        .where('id', '=', job.id)
        .where('lease', '=', job.lease)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return false;
      const { id: job_id, conversation_id, kind, queue, payload, attempts } = row;
      await transaction
        .insertInto('failed')
        .values({ job_id, conversation_id, kind, queue, payload, attempts, code, failed_at: time(now) })
        .execute();
      return true;
    }),
});

export const createJobs = (databases: Databases, engine: Engine): Jobs => ({
  ...createClaims(databases.leases, engine),
  ...createReturns(databases.leases, engine),
  ...createEnds(databases, engine),
  begin: (job) => held(databases.durable, job, { begun: 1 }),
});
