/** How cases find into one thread, and what reaches the thread from the reps whom it concerns. */

import { causeKey } from '../check/causes.ts';
import { startWatch } from '../check/watch.ts';
import type { EventOf } from '../events/event.ts';
import type { Escalation } from '../state/conversation.ts';
import type { Member, Thread } from '../state/escalation.ts';
import { findEscalation, isActive, isConcerned, isThreadActive } from '../state/selectors.ts';
import { cause, change, changeEscalation, show, type Turn, tellThread } from '../turn.ts';
import type { MemberAct } from './relay.ts';
import { changeThread, newThread, ownThread, tellAll, withMembers } from './thread.ts';

/** Nobody is waited for any more: the state is again what it was before the question. */
const settled = (thread: Thread): Thread =>
  thread.state === 'waiting-for-rep' && !thread.members.some(({ state }) => state === 'waiting')
    ? { ...thread, state: thread.before }
    : thread;

const left = (turn: Turn, escalation: Escalation, member: Member): Turn => {
  const thread = ownThread(turn, escalation);
  const members = withMembers(thread.members, ({ id, state }) => (id === member.id ? 'left' : state));
  const isLast = !members.some(isConcerned);
  const state = isLast && isActive(thread) ? 'withdrawn' : thread.state;
  const gone = changeThread(turn, escalation.id, settled({ ...thread, members, state }));
  const shown = show(gone, `it-root:${escalation.id}`);
  // Nothing stands in the channel yet that this could be said below.
  if (escalation.delivery !== 'arrived' || !isActive(thread)) return shown;
  return tellThread(shown, isLast ? 'withdrawn' : 'left', {
    escalationId: escalation.id,
    by: member.person.name,
    // Where others are still concerned, nothing changes for whoever has the case.
    calls: isLast ? thread.claimedBy : null,
  });
};

const answered = (turn: Turn, escalation: Escalation, member: Member): Turn => {
  const thread = ownThread(turn, escalation);
  const members = withMembers(thread.members, ({ id, state }) =>
    id === member.id && state === 'waiting' ? 'in' : state,
  );
  return show(changeThread(turn, escalation.id, settled({ ...thread, members })), `it-root:${escalation.id}`);
};

/** For the others it stays resolved until they say otherwise. */
const reopened = (turn: Turn, escalation: Escalation, member: Member): Turn => {
  const thread = ownThread(turn, escalation);
  const wasActive = isActive(thread);
  const members = withMembers(thread.members, (one) => {
    if (one.id === member.id) return 'in';
    return !wasActive && isConcerned(one) ? 'done' : one.state;
  });
  const changes = wasActive ? { members } : { members, state: 'open' as const, claimedBy: null };
  const open = show(changeThread(turn, escalation.id, changes), `it-root:${escalation.id}`);
  if (!wasActive) return startWatch(open, escalation.id);
  const by = thread.claimedBy;
  return by
    ? tellAll(open, escalation.id, { act: { type: 'claimed', by }, only: ({ id }) => id === member.id })
    : open;
};

/** What a rep did, where the thread is kept. Somebody who is not in it has nothing to say there. */
export const memberDid = (turn: Turn, event: Omit<EventOf<'member-did'>, 'at' | 'id' | 'type'>): Turn => {
  const escalation = findEscalation(turn.conversation, event.escalationId);
  const member = escalation && ownThread(turn, escalation).members.find(({ id }) => id === event.member);
  if (!escalation || !member || member.state === 'left') return turn;
  switch (event.act.type) {
    case 'left':
      return left(turn, escalation, member);
    case 'answered':
      return answered(turn, escalation, member);
    case 'reopened':
      return reopened(turn, escalation, member);
    default:
      return event.act.type satisfies never;
  }
};

/** From a rep's own case to its thread, wherever that is kept. */
export const toThread = (turn: Turn, { id, joinedTo }: Escalation, act: MemberAct): Turn =>
  joinedTo
    ? cause(turn, {
        type: 'relay',
        conversationId: joinedTo.conversationId,
        relayed: { type: 'member-did', escalationId: joinedTo.escalationId, member: id, act },
      })
    : memberDid(turn, { escalationId: id, member: id, act });

/** Somebody else has the same problem. Whether there is a place for her shows in the members afterwards. */
export const memberCame = (turn: Turn, { escalationId, member, key }: EventOf<'member-came'>): Turn => {
  const escalation = findEscalation(turn.conversation, escalationId);
  if (!escalation || escalation.joinedTo || escalation.delivery !== 'arrived') return turn;
  const isSame = causeKey(turn.conversation, escalation) === key;
  const { members } = ownThread(turn, escalation);
  if (!isSame || !isThreadActive(escalation) || members.some(({ id }) => id === member.id)) return turn;
  const joined = changeThread(turn, escalationId, { members: [...members, { ...member, state: 'in' }] });
  return show(joined, `it-root:${escalationId}`);
};

/** Noted before the thread is asked, so that a rep who withdraws at this moment leaves it again. */
export const joining = (turn: Turn, { escalationId, to }: EventOf<'joining'>): Turn => {
  const escalation = findEscalation(turn.conversation, escalationId);
  if (!escalation || escalation.delivery === 'arrived' || !isActive(escalation)) return turn;
  const isSo = escalation.joinedTo?.escalationId === to?.escalationId;
  if (isSo && (to !== null || escalation.thread !== null)) return turn;
  const thread = to === null ? newThread(turn, escalationId) : null;
  // Where it has asked before, it may have been let in.
  const away = escalation.joinedTo ? toThread(turn, escalation, { type: 'left' }) : turn;
  return changeEscalation(away, escalationId, { joinedTo: to, thread });
};

/** There is a place in an open thread. It has arrived when the message below the root stands. */
export const joined = (turn: Turn, { escalationId, root, claimedBy }: EventOf<'joined'>): Turn => {
  const escalation = findEscalation(turn.conversation, escalationId);
  if (!escalation?.joinedTo || escalation.delivery === 'arrived' || !isActive(escalation)) return turn;
  const slot = `it-root:${escalationId}`;
  if (turn.conversation.messages[slot]) return turn;
  const messages = { ...turn.conversation.messages, [slot]: root };
  const since = claimedBy ? 'claimed' : 'open';
  // In a thread that has moved to another channel IT may wait for her.
  const state = escalation.state === 'waiting-for-rep' ? escalation.state : since;
  const known = changeEscalation(change(turn, { messages }), escalationId, { state, claimedBy });
  return tellThread(known, 'joined', { escalationId });
};
