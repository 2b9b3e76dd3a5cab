/** How jobs come into their queues: with the conversation that asks for them, and not twice for the same message. */
import type { Kysely } from 'kysely';
import type { Conversation } from '../../../conversation/state/conversation.ts';
import type { Engine } from '../../engine/engine.ts';
import type { NewJob } from '../../ports.ts';
import type { Tables } from '../schema.ts';
import { toRow } from './job-row.ts';

/** Part of the transaction that saves the conversation; its row must have been written before. */
export const enqueue =
  (db: Kysely<Tables>, { time }: Engine) =>
  async ({ id, updatedAt }: Conversation, job: NewJob): Promise<void> => {
    const { kind, payload } = toRow(job);
    if (kind === 'show' && (await coalesced(db, id, { queue: job.queue, payload }))) return;
    const due = time(job.runAt);
    await db
      .insertInto('jobs')
      .values({
        conversation_id: id,
        kind,
        queue: job.queue,
        payload,
        run_at: due,
        due_at: due,
        set_at: time(updatedAt),
        attempts: 0,
        lease: null,
      })
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
    .set({ kind: 'show' satisfies NewJob['kind'] })
    .where('id', '=', newest)
    .where('conversation_id', '=', conversationId)
    .where('kind', '=', 'show' satisfies NewJob['kind'])
    .where('payload', '=', job.payload)
    .where('attempts', '=', 0)
    .returning('id')
    .executeTakeFirst();
  return waiting !== undefined;
};
