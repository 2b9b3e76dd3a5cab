import type { HistoryEntry } from '../conversation/state/escalation.ts';
import { findEscalation, threadOf } from '../conversation/state/selectors.ts';
import { type Store, UnreadableConversation } from '../store/ports.ts';
import { OperatorFault } from './fault.ts';

/** `thread`: the case in whose thread it stands; its own, unless it has joined another. */
export type Audit = { id: string; thread: string; history: HistoryEntry[] };

const escalationIn = async (store: Store, conversationId: string, id: string) => {
  const stored = await store.load(conversationId).catch((error: unknown) => {
    if (error instanceof UnreadableConversation) return null;
    throw error;
  });
  return stored && findEscalation(stored.conversation, id);
};

/** Who did what in the thread of a case, the oldest first. @throws OperatorFault */
export const auditEscalation = async (store: Store, id: string): Promise<Audit> => {
  for (const conversationId of await store.mentioning([id])) {
    const found = await escalationIn(store, conversationId, id);
    if (!found) continue;
    const { joinedTo } = found;
    const kept = joinedTo ? await escalationIn(store, joinedTo.conversationId, joinedTo.escalationId) : found;
    return { id, thread: kept?.id ?? id, history: kept ? threadOf(kept).history : [] };
  }
  throw new OperatorFault({ type: 'no-such-case', id });
};
