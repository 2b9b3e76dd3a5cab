/** Jobs: a queue is a line in which only the head can run, and a lease says who runs it. */
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { parseJson } from './json.ts';
import type { Job, NewJob, Store } from './ports.ts';
import type { JobRow, Tables } from './schema.ts';

const kinds = { show: 'show', diagnose: 'diagnose', erase: 'erase' } as const satisfies {
  [K in NewJob['kind']]: K;
};
const kind = z.enum(kinds);
const payload = z.record(z.string(), z.string());

/** Part of the transaction that saves the conversation; its row must have been written before. */
export const enqueue = async (db: Kysely<Tables>, conversationId: string, job: NewJob): Promise<void> => {
  const text = toText(job.payload);
  if (job.kind === 'show' && (await coalesced(db, conversationId, { queue: job.queue, payload: text })))
    return;
  const columns = { kind: job.kind, queue: job.queue, payload: text, run_at: job.runAt, due_at: job.runAt };
  await db
    .insertInto('jobs')
    .values({ conversation_id: conversationId, ...columns, attempts: 0, lease: null })
    .execute();
};

/**
 * A message is rendered from the conversation's state when the job runs, so a `show` that is still waiting
 * will show this state too, and a second one behind it would only repeat it. That holds while
 * - nothing stands between the two: it is the newest of its queue, so no other message changes its place;
 * - it has never been started: one that has may have rendered the old state already, and one that was put
 *   back has used up tries that the new one would still have.
 * An update, not a select: it locks the row, so on no engine can a worker start it before this state is committed.
 */
const coalesced = async (
  db: Kysely<Tables>,
  conversationId: string,
  job: { queue: string; payload: string },
): Promise<boolean> => {
  const newest = db
    .selectFrom('jobs as newest')
    .select('newest.id')
    .where('newest.queue', '=', job.queue)
    .orderBy('newest.id', 'desc')
    .limit(1);
  const waiting = await db
    .updateTable('jobs')
    .set({ kind: kinds.show })
    .where('id', '=', newest)
    .where('conversation_id', '=', conversationId)
    .where('kind', '=', kinds.show)
    .where('payload', '=', job.payload)
    .where('attempts', '=', 0)
    .returning('id')
    .executeTakeFirst();
  return waiting !== undefined;
};

export const createJobs = (
  db: Kysely<Tables>,
): Pick<Store, 'claim' | 'nextDue' | 'extend' | 'complete' | 'putBack'> => ({
  async claim(now, leaseMs) {
    const head = heads(db).where('job.due_at', '<=', now).select('job.id').limit(1);
    const row = await db
      .updateTable('jobs')
      .set(({ eb }) => ({
        lease: crypto.randomUUID(),
        due_at: now + leaseMs,
        attempts: eb('attempts', '+', 1),
      }))
      .where('id', '=', head)
      // Said again for engines that choose the row before they lock it: meanwhile someone else may have taken it.
      .where('due_at', '<=', now)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : read(row);
  },

  async nextDue(now) {
    const head = await heads(db).select('job.due_at').limit(1).executeTakeFirst();
    return head === undefined ? null : Math.max(now, head.due_at);
  },

  extend: (job, until) => held(db, job, { due_at: until }),

  putBack: (job, runAt) => held(db, job, { run_at: runAt, due_at: runAt, lease: null }),

  async complete(job) {
    const done = await db
      .deleteFrom('jobs')
      .where('id', '=', job.id)
      .where('lease', '=', job.lease)
      .returning('id')
      .executeTakeFirst();
    return done !== undefined;
  },
});

/**
 * The oldest job of each queue, the longest due first. A kind that a newer version of this program left
 * behind is not handed out, and keeps its queue waiting for that version.
 */
const heads = (db: Kysely<Tables>) =>
  db
    .selectFrom('jobs as job')
    .where('job.kind', 'in', kind.options)
    .where(({ not, exists, selectFrom }) =>
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

/** Changes a job if its lease is still the newest. */
const held = async (db: Kysely<Tables>, job: Job, change: Partial<JobRowChange>): Promise<boolean> => {
  const changed = await db
    .updateTable('jobs')
    .set(change)
    .where('id', '=', job.id)
    .where('lease', '=', job.lease)
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
};
type JobRowChange = Pick<Selectable<JobRow>, 'run_at' | 'due_at' | 'lease'>;

const read = (row: Selectable<JobRow>): Job => ({
  id: row.id,
  conversationId: row.conversation_id,
  kind: kind.parse(row.kind),
  queue: row.queue,
  payload: payload.parse(parseJson(row.payload, `the payload of job ${row.id}`)),
  runAt: row.run_at,
  attempts: row.attempts,
  lease: z.string().parse(row.lease),
});

const toText = (value: Record<string, string>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
