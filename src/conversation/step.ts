import { checkFailed, checkFinished } from './checks.ts';
import type { Conversation } from './conversation.ts';
import { posted, undelivered } from './delivered.ts';
import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import { pressed } from './pressed.ts';
import { repliedInThread, said } from './said.ts';
import { submitted } from './submitted.ts';
import { finish, type Rules, type Turn } from './turn.ts';

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
    default:
      return event satisfies never;
  }
};

/**
 * The whole conversation: pure and total. Every event is answered in every state; one that comes twice, or too late,
 * changes nothing or gets a kind line.
 */
export const step = (conversation: Conversation, event: Event, rules: Rules): [Conversation, Effect[]] => {
  const stamp = { at: event.at, id: event.id };
  return finish(conversation, take({ conversation, effects: [], stamp, rules }, event));
};
