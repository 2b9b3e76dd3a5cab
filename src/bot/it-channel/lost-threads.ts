import type { EscalationAddress } from '../../conversation/events/event.ts';
import { queueOf } from '../../conversation/home/queued.ts';
import type { Conversation } from '../../conversation/state/conversation.ts';
import { findEscalation, isConcerned, threadOf } from '../../conversation/state/selectors.ts';
import { UnreadableConversation } from '../../store/ports.ts';
import { byId } from '../turn/dispatch.ts';
import type { KeptCasesParts } from './kept-cases.ts';

/**
 * Open cases that stand in a channel which is not IT's any more, since it was deleted or another one was chosen, are handed
 * over again to the one that is, with all who are in them. Gives how many cases there were.
 */
export const createMoveLost = ({ store, adapters, dispatch, stamp }: KeptCasesParts) => {
  const load = async (id: string): Promise<Conversation | null> => {
    try {
      return (await store.load(id))?.conversation ?? null;
    } catch (error) {
      if (error instanceof UnreadableConversation) return null;
      throw error;
    }
  };

  /** The keeper of the thread first: the others wait until it has arrived, and join it there. */
  const casesIn = async ({
    conversationId,
    escalationId,
  }: EscalationAddress): Promise<EscalationAddress[]> => {
    const keeper = await load(conversationId);
    const escalation = keeper && findEscalation(keeper, escalationId);
    if (!escalation) return [];
    const others = threadOf(escalation).members.filter(
      (member) => member.id !== escalationId && isConcerned(member),
    );
    return [
      { conversationId, escalationId },
      ...others.map((member) => ({ conversationId: member.conversationId, escalationId: member.id })),
    ];
  };

  return async (): Promise<number> => {
    let count = 0;
    const cases = await store.openEscalations();
    const threads = [...new Set(cases.map(({ platform }) => platform))].flatMap((platform) =>
      queueOf(cases, { platform, query: null }),
    );
    for (const thread of threads)
      for (const { conversationId, escalationId } of await casesIn(thread)) {
        const root = (await load(conversationId))?.messages[`it-root:${escalationId}`];
        if (!root || (adapters.byPlatform(root.platform)?.isInItChannel?.(root) ?? true)) continue;
        await dispatch(byId(store, conversationId), { ...stamp(), type: 'thread-lost', escalationId, root });
        count += 1;
      }
    return count;
  };
};
