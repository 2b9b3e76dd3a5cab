/**
 * The thread in the IT channel, kept in the conversation of the rep who came first. What IT does there reaches every
 * rep whom it concerns; what a rep does reaches it from her own conversation. Reps learn nothing of each other.
 */

import type { Effect } from '../events/effect.ts';
import type { Escalation } from '../state/conversation.ts';
import type { Member, Thread } from '../state/escalation.ts';
import { findEscalation, isConcerned, threadOf } from '../state/selectors.ts';
import { cause, changeEscalation, type Turn } from '../turn.ts';
import { applyAct } from './apply-thread-act.ts';
import type { ThreadAct } from './relay.ts';

/** The thread of a case that has just been handed over. */
export const newThread = (turn: Turn, id: string): Thread => {
  const { id: conversationId, person } = turn.conversation;
  const members: Member[] = [{ id, conversationId, person, state: 'in' }];
  return { state: 'open', claimedBy: null, resolvedBy: null, before: 'open', members, history: [] };
};

/** With its own rep in it, even if it was stored before there were threads. */
export const ownThread = (turn: Turn, escalation: Escalation): Thread =>
  escalation.thread ?? {
    ...threadOf(escalation),
    members: newThread(turn, escalation.id).members,
  };

export const changeThread = (turn: Turn, id: string, changes: Partial<Thread>): Turn => {
  const escalation = findEscalation(turn.conversation, id);
  return escalation
    ? changeEscalation(turn, id, { thread: { ...ownThread(turn, escalation), ...changes } })
    : turn;
};

export const withMembers = (
  members: readonly Member[],
  become: (member: Member) => Member['state'],
): Member[] => members.map((member) => ({ ...member, state: become(member) }));

/** To each rep whom the thread concerns, or only to some of them. */
export const tellAll = (
  turn: Turn,
  id: string,
  told: { act: ThreadAct; only?: (member: Member) => boolean },
): Turn => {
  const escalation = findEscalation(turn.conversation, id);
  if (!escalation) return turn;
  const { act, only = () => true } = told;
  const to = ownThread(turn, escalation).members.filter((member) => isConcerned(member) && only(member));
  const own = to.some((member) => member.id === id) ? applyAct(turn, id, act) : turn;
  const relays = to
    .filter((member) => member.id !== id)
    .map(({ id: escalationId, conversationId }): Effect => {
      return { type: 'relay', conversationId, relayed: { type: 'thread-did', escalationId, act } };
    });
  return cause(own, ...relays);
};
