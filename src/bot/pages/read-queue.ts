import { queueOf } from '../../conversation/home/queued.ts';
import { findEscalation } from '../../conversation/state/selectors.ts';
import { type Store, UnreadableConversation } from '../../store/ports.ts';
import type { Queued, QueueView } from '../../wording/wording.ts';

/** More cases than these are only counted: nobody reads them in one message. */
const mostQueued = 20;

/** What IT has to do on one platform. Reads the few cases that are shown, and of all others only that they are there. */
export const createReadQueue =
  (store: Pick<Store, 'openEscalations' | 'load'>) =>
  async (platform: string, query: string | null): Promise<QueueView> => {
    const threads = queueOf(await store.openEscalations(), { platform, query });
    const cases: Queued[] = [];
    for (const { conversationId, escalationId, openedAt } of threads.slice(0, mostQueued)) {
      const stored = await store.load(conversationId).catch((error: unknown) => {
        if (error instanceof UnreadableConversation) return null;
        throw error;
      });
      const escalation = stored && findEscalation(stored.conversation, escalationId);
      if (escalation) cases.push({ conversation: stored.conversation, escalation, openedAt });
    }
    return { cases, more: Math.max(0, threads.length - mostQueued), query };
  };
export type ReadQueue = ReturnType<typeof createReadQueue>;
