import { causeKey } from '../../conversation/check/causes.ts';
import { heirsOf } from '../../conversation/escalation/pass-on.ts';
import type { EscalationAddress, Stamp } from '../../conversation/events/event.ts';
import type { Conversation, Escalation } from '../../conversation/state/conversation.ts';
import { findEscalation, threadOf } from '../../conversation/state/selectors.ts';
import { type Store, UnreadableConversation } from '../../store/ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import { pathOf, type Threads } from '../turn/threads.ts';
import { causeRow } from './join.ts';

type Parts = { store: Store; dispatch: Dispatch; threads: Threads; stamp(): Stamp };

/**
 * Gives every thread that others still need to one of them, so that nothing of whoever kept it has to stay. Every step may
 * be repeated after a crash: the thread is frozen where it is until it has arrived.
 */
export const createPassOn = ({ store, dispatch, threads, stamp }: Parts) => {
  const holders = store.memory('causes');

  /** In the other's conversation; null where it cannot be read or is gone. */
  const tell = async (id: string, event: Parameters<Dispatch>[1]): Promise<Conversation | null> => {
    try {
      return (await dispatch(byId(store, id), event))?.conversation ?? null;
    } catch (error) {
      if (error instanceof UnreadableConversation) return null;
      throw error;
    }
  };

  /** Gives the conversation of who keeps it now; null: she does not. */
  const give = async (from: EscalationAddress, to: EscalationAddress): Promise<Conversation | null> => {
    const { escalationId } = from;
    const frozen = await tell(from.conversationId, { ...stamp(), type: 'passing-on', escalationId, to });
    const thread = frozen && findEscalation(frozen, escalationId)?.thread;
    const root = frozen?.messages[`it-root:${escalationId}`];
    if (!thread || !root) return null;
    const passed = { ...stamp(), type: 'thread-passed' as const, from, root, thread };
    const heir = await tell(to.conversationId, { ...passed, escalationId: to.escalationId });
    const kept = heir && findEscalation(heir, to.escalationId);
    return kept?.thread && !kept.joinedTo ? heir : null;
  };

  /** Everything that leads to the thread by its address. */
  const redirect = async (
    heir: Conversation,
    from: EscalationAddress,
    to: EscalationAddress,
  ): Promise<void> => {
    const kept = findEscalation(heir, to.escalationId);
    const root = heir.messages[`it-root:${to.escalationId}`];
    if (!kept || !root) return;
    await threads.move(root, from, to);
    const key = causeKey(heir, kept);
    if (key !== null) await holders.take(causeRow(root.platform, key), pathOf(to), pathOf(from));
    for (const { id, conversationId, state } of threadOf(kept).members)
      if (state !== 'left' && id !== to.escalationId)
        await tell(conversationId, { ...stamp(), type: 'thread-moved', escalationId: id, from, to });
  };

  const passOn = async (conversation: Conversation, escalation: Escalation): Promise<void> => {
    const from = { conversationId: conversation.id, escalationId: escalation.id };
    for (const to of heirsOf(conversation, escalation)) {
      const heir = await give(from, to);
      if (heir) return await redirect(heir, from, to);
    }
  };

  return async (conversation: Conversation): Promise<void> => {
    for (const escalation of conversation.escalations) await passOn(conversation, escalation);
  };
};
