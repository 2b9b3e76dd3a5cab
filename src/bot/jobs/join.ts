import { createHash } from 'node:crypto';
import { DeliveryError } from '../../chat/port.ts';
import { causeKey } from '../../conversation/check/causes.ts';
import type { EscalationAddress, Stamp } from '../../conversation/events/event.ts';
import type { Conversation, Escalation } from '../../conversation/state/conversation.ts';
import { findEscalation, isActive, threadOf } from '../../conversation/state/selectors.ts';
import { type Store, UnreadableConversation } from '../../store/ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import { splitPath } from '../turn/threads.ts';

/** The index holds no host names. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Where the row about a cause stands. */
export const causeRow = (itPlatform: string, key: string): string =>
  digest(JSON.stringify([itPlatform, key]));

type Asked = { conversation: Conversation; escalation: Escalation; key: string };

const isOnItsWay = (escalation: Escalation): boolean =>
  escalation.delivery === 'pending' && isActive(threadOf(escalation));

const wait = (): DeliveryError =>
  new DeliveryError('temporary', 'the thread that this case belongs to is on its way');

type Parts = { store: Store; dispatch: Dispatch; stamp(): Stamp };

/** One that cannot be read keeps nobody from having a thread of her own. */
const createEscalationAt =
  ({ store }: Parts) =>
  async (holder: string): Promise<Escalation | null> => {
    const { conversationId, about } = splitPath(holder);
    const stored = await store.load(conversationId).catch((error: unknown) => {
      if (error instanceof UnreadableConversation) return null;
      throw error;
    });
    return stored && findEscalation(stored.conversation, about);
  };

/** Writes down where a case is to stand, before anybody else is told. */
const createNoteJoining =
  ({ store, dispatch, stamp }: Parts) =>
  async ({ conversation, escalation }: Asked, to: EscalationAddress | null): Promise<Escalation | null> => {
    const event = { ...stamp(), type: 'joining' as const, escalationId: escalation.id, to };
    const done = await dispatch(byId(store, conversation.id), event);
    return done && findEscalation(done.conversation, escalation.id);
  };

/** Asks for a place in the thread that `holder` has. */
const createAsk = (parts: Parts) => {
  const { store, dispatch, stamp } = parts;
  const escalationAt = createEscalationAt(parts);
  const noteJoining = createNoteJoining(parts);

  /** False: that thread has ended, is about something else by now, or never arrived. @throws DeliveryError while it is on its way */
  return async (asked: Asked, holder: string): Promise<boolean> => {
    const theirs = await escalationAt(holder);
    if (!theirs) return false;
    if (isOnItsWay(theirs)) throw wait();
    const { conversationId, about: escalationId } = splitPath(holder);
    const noted = await noteJoining(asked, { conversationId, escalationId });
    if (!noted || !isActive(noted)) return true;
    const { id, person } = asked.conversation;
    const member = { id: asked.escalation.id, conversationId: id, person };
    const came = { ...stamp(), type: 'member-came' as const, escalationId, member, key: asked.key };
    const done = await dispatch(byId(store, conversationId), came);
    const host = done && findEscalation(done.conversation, escalationId);
    const root = done?.conversation.messages[`it-root:${escalationId}`];
    const isIn = host && threadOf(host).members.some((one) => one.id === member.id && one.state !== 'left');
    if (!root || !isIn || !isActive(threadOf(host))) return false;
    const { claimedBy } = threadOf(host);
    const joined = { type: 'joined' as const, escalationId: asked.escalation.id, root, claimedBy };
    await dispatch(byId(store, id), { ...stamp(), ...joined });
    return true;
  };
};

/**
 * Finds the thread of a case that has none yet: its own, or the open one about the same cause. Who holds a cause stands
 * in one row, so of two who hand over at the same moment one has the thread and the other joins it. Every step may be
 * repeated after a crash.
 */
export const createJoin = (parts: Parts) => {
  const holders = parts.store.memory('causes');
  const ask = createAsk(parts);
  const escalationAt = createEscalationAt(parts);
  const noteJoining = createNoteJoining(parts);

  /** It has a thread of its own, unless it was withdrawn meanwhile. */
  const hasEnded = async (asked: Asked): Promise<boolean> => {
    const own = await noteJoining(asked, null);
    return !own || !isActive(own);
  };

  /** True: it stands in somebody else's thread, or was withdrawn meanwhile; there is nothing to post. */
  return async (conversation: Conversation, escalation: Escalation, itPlatform: string): Promise<boolean> => {
    const key = causeKey(conversation, escalation);
    const asked = { conversation, escalation, key: key ?? '' };
    if (key === null) return await hasEnded(asked);
    const mine = `${conversation.id}/${escalation.id}`;
    const row = causeRow(itPlatform, key);
    let holder = await holders.take(row, mine, null);
    while (holder !== mine) {
      const before = holder;
      if (await ask(asked, before)) return true;
      holder = await holders.take(row, mine, before);
      // Between our look and our hand on the row they may have begun a new try of their own.
      const theirs = holder === mine ? await escalationAt(before) : null;
      if (theirs && isOnItsWay(theirs)) {
        await holders.take(row, before, mine);
        throw wait();
      }
    }
    return await hasEnded(asked);
  };
};
export type Join = ReturnType<typeof createJoin>;
