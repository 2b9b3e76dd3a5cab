import { applyAct } from './acts.ts';
import { handOverDue } from './cases.ts';
import type { Conversation } from './conversation.ts';
import { posted, undelivered } from './delivered.ts';
import { discovered, introduced } from './discover.ts';
import type { Effect } from './effect.ts';
import type { Event, EventOf } from './event.ts';
import { erase, forgetQuietly } from './forget.ts';
import { personForgotten } from './forgotten.ts';
import { withHistory } from './history.ts';
import { loginSubmitted } from './login.ts';
import { joined, joining, memberCame, memberDid } from './members.ts';
import { passingOn, threadMoved, threadPassed } from './pass-on.ts';
import { pressed } from './pressed.ts';
import { refused } from './refused.ts';
import { checkFailed, checkFinished } from './results.ts';
import { repliedInThread, said } from './said.ts';
import { submitted } from './submitted.ts';
import { finish, type Rules, type Turn } from './turn.ts';
import { watched, watchFailed } from './watch.ts';

/** It comes under the id that it was sent with, as often as that takes. */
const isKnown = ({ conversation, stamp }: Turn): boolean =>
  conversation.notices.some(({ id }) => id.startsWith(`${stamp.id}-`));

const threadDid = (turn: Turn, { escalationId, act }: EventOf<'thread-did'>): Turn =>
  isKnown(turn) ? turn : applyAct(turn, escalationId, act);

const take = (turn: Turn, event: Event): Turn => {
  switch (event.type) {
    case 'said':
      return said(turn, event);
    case 'replied-in-thread':
      return repliedInThread(turn, event);
    case 'pressed':
      return pressed(turn, event);
    case 'submitted':
      return submitted(turn, event);
    case 'check-finished':
      return checkFinished(turn, event);
    case 'check-failed':
      return checkFailed(turn, event);
    case 'posted':
      return posted(turn, event);
    case 'undelivered':
      return undelivered(turn, event);
    case 'thread-did':
      return threadDid(turn, event);
    case 'member-did':
      return memberDid(turn, event);
    case 'member-came':
      return memberCame(turn, event);
    case 'joining':
      return joining(turn, event);
    case 'joined':
      return joined(turn, event);
    case 'watched':
      return watched(turn, event);
    case 'watch-failed':
      return watchFailed(turn, event);
    case 'hand-over-due':
      return handOverDue(turn, event);
    case 'discovered':
      return discovered(turn, event);
    case 'introduced':
      return introduced(turn, event);
    case 'login-submitted':
      return loginSubmitted(turn, event);
    case 'refused':
      return refused(turn, event);
    case 'forget-asked':
      return forgetQuietly(turn);
    case 'passing-on':
      return passingOn(turn, event);
    case 'thread-passed':
      return threadPassed(turn, event);
    case 'thread-moved':
      return threadMoved(turn, event);
    case 'person-forgotten':
      return personForgotten(turn, event);
    case 'erasing':
      return erase(turn);
    default:
      return event satisfies never;
  }
};

/** A platform delivers again for some minutes what it takes for lost; a person does less in that time. */
const mostTaken = 30;

/**
 * The whole conversation: pure and total. Every event is answered in every state; one that comes twice, or too late,
 * changes nothing or gets a kind line. What was taken is kept with what it changed, in one commit, so that a crash in
 * between can neither lose an event that is delivered until it is taken, nor let it count twice.
 */
export const step = (conversation: Conversation, event: Event, rules: Rules): [Conversation, Effect[]] => {
  const { at, id, eventKey } = event;
  if (eventKey !== undefined && conversation.taken.includes(eventKey)) return [conversation, []];
  const turn = take({ conversation, effects: [], stamp: { at, id }, rules }, event);
  const [stepped, effects] = finish(conversation, turn);
  const after = withHistory(conversation, stepped, event);
  if (eventKey === undefined || after === conversation) return [after, effects];
  return [{ ...after, taken: [...after.taken, eventKey].slice(-mostTaken) }, effects];
};
