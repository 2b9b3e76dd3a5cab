import { toThread } from '../escalation/thread-members.ts';
import { type Conversation, newConversation } from '../state/conversation.ts';
import { isActive } from '../state/selectors.ts';
import { cause, change, changeEscalation, show, type Turn, tellRep } from '../turn.ts';
import type { ErasedThing } from './effect.ts';

/** What is about to go, so that the last message can say it after everything is gone. */
const countsOf = ({ conversation }: Turn): Record<ErasedThing, number> => ({
  accounts: new Set(conversation.checks.map(({ account }) => account.address.toLowerCase())).size,
  checks: conversation.checks.length,
  cases: conversation.escalations.length,
  messages: Object.keys(conversation.messages).length,
});

/** IT is told first: whoever works on a case must not find it gone without a word. */
const withdrawAll = (turn: Turn): Turn =>
  turn.conversation.escalations.filter(isActive).reduce((told, escalation) => {
    const { id } = escalation;
    const changed = changeEscalation(told, id, { state: 'withdrawn', retry: null, reportDue: false });
    return toThread(show(changed, `it-root:${id}`), escalation, { type: 'left' });
  }, turn);

export const forget = (turn: Turn): Turn =>
  cause(tellRep(withdrawAll(turn), 'forgetting'), { type: 'erase', counts: countsOf(turn) });

/** For somebody who is not there any more: IT hears of it, she does not. What is under way already is enough. */
export const forgetQuietly = (turn: Turn): Turn => {
  if (isForgetting(turn.conversation)) return turn;
  const told = withdrawAll(turn);
  const { notices } = tellRep(told, 'forgetting').conversation;
  return cause(change(told, { notices }), { type: 'erase', counts: countsOf(turn), isQuiet: true });
};

/** Asked for, and not done yet. */
export const isForgetting = ({ notices }: Conversation): boolean =>
  notices.some(({ kind }) => kind === 'forgetting');

/** Nothing is left but who she is, until that is deleted too. A second time there may be something new; it stays. */
export const erase = (turn: Turn): Turn => {
  if (!isForgetting(turn.conversation)) return turn;
  const { id, person, locale, createdAt } = turn.conversation;
  const empty = newConversation(id, {
    person: { ...person, name: '' },
    locale,
    at: createdAt,
    address: null,
  });
  return change(turn, empty);
};
