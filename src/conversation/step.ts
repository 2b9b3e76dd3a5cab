import { loginSubmitted, testMailMoved } from './check/login.ts';
import { checkFailed, checkFinished } from './check/results.ts';
import { watched, watchFailed } from './check/watch.ts';
import { applyAct } from './escalation/apply-thread-act.ts';
import { personForgotten } from './escalation/forgotten.ts';
import { withHistory } from './escalation/history.ts';
import { passingOn, threadMoved, threadPassed } from './escalation/pass-on.ts';
import { reminderDue, withReminders } from './escalation/reminders.ts';
import { handOverDue } from './escalation/rep-actions.ts';
import { joined, joining, memberCame, memberDid } from './escalation/thread-members.ts';
import { posted, threadLost, undelivered } from './events/delivered.ts';
import { discovered, introduced } from './events/discovered.ts';
import type { Effect } from './events/effect.ts';
import type { Event, EventOf } from './events/event.ts';
import { erase, forgetQuietly } from './events/forget.ts';
import { pressed } from './events/pressed.ts';
import { refused } from './events/refused.ts';
import { repliedInThread, said } from './events/said.ts';
import { submitted } from './events/submitted.ts';
import type { Conversation } from './state/conversation.ts';
import { finish, type Rules, type Turn } from './turn.ts';

/** It comes under the id that it was sent with, as often as that takes. */
const isKnown = ({ conversation, stamp }: Turn): boolean =>
  conversation.notices.some(({ id }) => id.startsWith(`${stamp.id}-`));

const threadDid = (turn: Turn, { escalationId, act }: EventOf<'thread-did'>): Turn =>
  isKnown(turn) ? turn : applyAct(turn, escalationId, act);

/** What becomes of a thread besides what is said in it. */
const threadWent = (
  turn: Turn,
  event: EventOf<'passing-on' | 'thread-passed' | 'thread-moved' | 'thread-lost'>,
): Turn => {
  if (event.type === 'passing-on') return passingOn(turn, event);
  if (event.type === 'thread-passed') return threadPassed(turn, event);
  return event.type === 'thread-moved' ? threadMoved(turn, event) : threadLost(turn, event);
};

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
    case 'reminder-due':
      return reminderDue(turn, event);
    case 'discovered':
      return discovered(turn, event);
    case 'introduced':
      return introduced(turn, event);
    case 'login-submitted':
      return loginSubmitted(turn, event);
    case 'test-mail':
      return testMailMoved(turn, event);
    case 'refused':
      return refused(turn, event);
    case 'forget-asked':
      return forgetQuietly(turn);
    case 'passing-on':
    case 'thread-passed':
    case 'thread-moved':
    case 'thread-lost':
      return threadWent(turn, event);
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
  const taken = take({ conversation, effects: [], stamp: { at, id }, rules }, event);
  const turn = withReminders(conversation, taken);
  const [stepped, effects] = finish(conversation, turn);
  const after = withHistory(conversation, stepped, event);
  if (eventKey === undefined || after === conversation) return [after, effects];
  return [{ ...after, taken: [...after.taken, eventKey].slice(-mostTaken) }, effects];
};
