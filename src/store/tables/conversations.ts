/** Conversations: read with care, written with optimistic revisions, always together with the jobs they call for. */
import type { Kysely, Selectable } from 'kysely';
import { queuedIn } from '../../conversation/home/queued.ts';
import {
  type Conversation,
  conversationSchema,
  conversationVersion,
  type Escalation,
} from '../../conversation/state/conversation.ts';
import { isActive, isThreadActive } from '../../conversation/state/selectors.ts';
import type { Engine } from '../engine/engine.ts';
import { type Conversations, RevisionConflict, type Stored, UnreadableConversation } from '../ports.ts';
import { enqueue } from './jobs/enqueue.ts';
import { parseJson } from './json.ts';
import type { ConversationRow, Tables } from './schema.ts';

export const createConversations = (
  db: Kysely<Tables>,
  engine: Engine,
): Omit<Conversations, 'openEscalations'> => ({
  async load(id) {
    const row = await db.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : read(row);
  },

  async latestOf(person) {
    const row = await db
      .selectFrom('conversations')
      .selectAll()
      .where('platform', '=', person.platform)
      .where('person_id', '=', person.id)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? null : read(row);
  },

  save(conversation, expected, jobs) {
    // The conversation first: its row is the lock that keeps two writers' jobs for one conversation apart,
    // so that the ids of a queue are in the order of the commits on every engine.
    return db.transaction().execute(async (transaction) => {
      const revision = await write(transaction, conversation, expected);
      const add = enqueue(transaction, engine);
      for (const job of jobs) await add(conversation, job);
      return revision;
    });
  },
});

/** @throws UnreadableConversation */
export const read = (row: Selectable<ConversationRow>): Stored => {
  try {
    if (row.version > conversationVersion)
      throw new RangeError(`it has version ${row.version}, this program reads up to ${conversationVersion}`);
    const conversation = conversationSchema.parse(parseJson(row.state, 'its state'));
    return { conversation, revision: row.revision };
  } catch (cause) {
    throw new UnreadableConversation(row.id, { cause });
  }
};

/** A case that never arrived is nobody's work; one whose rep has left may still carry the thread of others. */
const isWithIt = (escalation: Escalation): boolean =>
  (isActive(escalation) || isThreadActive(escalation)) && escalation.delivery !== 'failed';

const write = async (
  db: Kysely<Tables>,
  conversation: Conversation,
  expected: number | null,
): Promise<number> => {
  const revision = (expected ?? 0) + 1;
  const columns = {
    platform: conversation.person.platform,
    person_id: conversation.person.id,
    revision,
    version: conversation.version,
    state: JSON.stringify(conversation),
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    is_open: conversation.escalations.some(isWithIt) ? 1 : 0,
    queue: JSON.stringify(queuedIn(conversation)),
    queue_revision: revision,
  };
  const written =
    expected === null
      ? await db
          .insertInto('conversations')
          .values({ id: conversation.id, ...columns })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst()
      : await db
          .updateTable('conversations')
          .set(columns)
          .where('id', '=', conversation.id)
          .where('revision', '=', expected)
          .returning('id')
          .executeTakeFirst();
  if (written === undefined) throw new RevisionConflict(conversation.id, expected ?? 0);
  return revision;
};
