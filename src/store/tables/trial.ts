/** Whether a click could be kept now: tried, not guessed. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { conversationVersion } from '../../conversation/state/conversation.ts';
import type { Engine } from '../engine/engine.ts';
import type { JobKind, Limits } from '../ports.ts';
import type { Tables } from './schema.ts';

/** So many limits may be asked side by side within one click, each over a connection of its own where the engine has several. */
const limitsAtOnce = 3;
/**
 * As much as a conversation with a report takes. Random, since an engine would compress anything else, and with less
 * a disk that has just become full still has room in pages that are there already.
 */
const stateBytes = 12 * 1024;

type Parts = { db: Kysely<Tables>; limits: Pick<Limits, 'endOnce'>; engine: Engine; now(): number };

/**
 * Writes what a click writes, by the same ways, and takes it back within the same transaction, so that nobody sees it:
 * what has been seen and the shares taken, then a conversation with a job. Rejects with what the engine said.
 */
export const createTrial = ({ db, limits, engine, now }: Parts): (() => Promise<void>) => {
  const claim = async (): Promise<void> => {
    const shares = Array.from({ length: limitsAtOnce }, (_, n) => limits.endOnce(`trial:${n}`, now()));
    await Promise.all(shares);
  };
  const keep = (): Promise<void> =>
    db.transaction().execute(async (transaction) => {
      const id = `trial:${crypto.randomUUID()}`;
      const at = now();
      const due = engine.time(at);
      await transaction
        .insertInto('conversations')
        .values({
          id,
          platform: 'trial',
          person_id: 'trial',
          revision: 1,
          version: conversationVersion,
          state: JSON.stringify(randomBytes(stateBytes).toString('base64')),
          created_at: at,
          updated_at: at,
          is_open: 0,
        })
        .execute();
      await transaction
        .insertInto('jobs')
        .values({
          conversation_id: id,
          kind: 'show' satisfies JobKind,
          queue: id,
          payload: '{}',
          run_at: due,
          due_at: due,
          set_at: due,
          attempts: 0,
          lease: null,
        })
        .execute();
      // The job goes with it.
      await transaction.deleteFrom('conversations').where('id', '=', id).execute();
    });
  return async () => {
    await claim();
    await keep();
  };
};
