/** How a thread finds a new keeper when the rep in whose conversation it is kept is forgotten. */

import { startWatch } from '../check/watch.ts';
import type { EscalationAddress, EventOf } from '../events/event.ts';
import type { Conversation, Escalation } from '../state/conversation.ts';
import { type HistoryEntry, nobody, type Thread } from '../state/escalation.ts';
import { findEscalation, isConcerned, threadOf } from '../state/selectors.ts';
import { change, changeEscalation, show, type Turn, tellThread } from '../turn.ts';

const sameEscalation = (one: EscalationAddress | null, other: EscalationAddress | null): boolean =>
  one?.conversationId === other?.conversationId && one?.escalationId === other?.escalationId;

/** It keeps what it has for the one who takes it over, and takes part in nothing any more. */
export const isBeingPassedOn = ({ thread, joinedTo }: Escalation): boolean =>
  thread !== null && joinedTo !== null;

/** Whom the thread of a case can be passed on to, in the order in which they came; none: there is nothing to pass on. */
export const heirsOf = (conversation: Conversation, escalation: Escalation): EscalationAddress[] => {
  const { state, members } = threadOf(escalation);
  const isPosted = conversation.messages[`it-root:${escalation.id}`] !== undefined;
  if (!escalation.thread || !isPosted || state === 'withdrawn') return [];
  return members
    .filter((member) => isConcerned(member) && member.conversationId !== conversation.id)
    .map(({ conversationId, id }) => ({ conversationId, escalationId: id }));
};

/** From now on nobody changes it here, so that whoever takes it over has all of it. */
export const passingOn = (turn: Turn, { escalationId, to }: EventOf<'passing-on'>): Turn => {
  const escalation = findEscalation(turn.conversation, escalationId);
  if (!escalation?.thread || sameEscalation(escalation.joinedTo, to)) return turn;
  return changeEscalation(turn, escalationId, { joinedTo: to });
};

/** What whoever kept it so far has done stays done, by nobody. */
const without = (from: EscalationAddress, { members }: Thread) => {
  const gone = members.find(({ id }) => id === from.escalationId)?.person;
  return (entry: HistoryEntry): HistoryEntry =>
    gone && entry.who?.id === gone.id && entry.who.platform === gone.platform
      ? { ...entry, who: { platform: gone.platform, id: '' } }
      : entry;
};

/** Taken over, if she is still in it: what IT did stays done, and whoever kept it so far has no name any more. */
export const threadPassed = (turn: Turn, event: EventOf<'thread-passed'>): Turn => {
  const { escalationId, from, root, thread } = event;
  const escalation = findEscalation(turn.conversation, escalationId);
  if (!escalation || !sameEscalation(escalation.joinedTo, from)) return turn;
  if (escalation.state === 'withdrawn' || escalation.delivery === 'failed') return turn;
  const members = thread.members.map((member) =>
    member.conversationId === from.conversationId
      ? { ...member, person: nobody(member.person), state: 'left' as const }
      : member,
  );
  const slot = `it-root:${escalationId}` as const;
  const hasComeIn = turn.conversation.messages[slot] !== undefined;
  const messages = { ...turn.conversation.messages, [slot]: root };
  const taken = changeEscalation(change(turn, { messages }), escalationId, {
    joinedTo: null,
    thread: { ...thread, members, history: thread.history.map(without(from, thread)) },
  });
  const shown = show(taken, slot);
  // She was let in, and has not been told where: the line that says so stands for her hand-over.
  if (!hasComeIn) return tellThread(shown, 'joined', { escalationId });
  return startWatch(shown, escalationId);
};

/** For the others in it: what they do reaches it there. */
export const threadMoved = (turn: Turn, { escalationId, from, to }: EventOf<'thread-moved'>): Turn => {
  const escalation = findEscalation(turn.conversation, escalationId);
  if (!escalation || !sameEscalation(escalation.joinedTo, from) || escalation.thread) return turn;
  return changeEscalation(turn, escalationId, { joinedTo: to });
};
