import { newConversation } from './conversation.ts';
import type { ErasedThing } from './effect.ts';
import { isActive } from './select.ts';
import { cause, change, changeCase, show, type Turn, tellRep, tellThread } from './turn.ts';

/** What is about to go, so that the last message can say it after everything is gone. */
const countsOf = ({ conversation }: Turn): Record<ErasedThing, number> => ({
  accounts: new Set(conversation.checks.map(({ account }) => account.address.toLowerCase())).size,
  checks: conversation.checks.length,
  cases: conversation.escalations.length,
  messages: Object.keys(conversation.messages).length,
});

/** IT is told first: whoever works on a case must not find it gone without a word. */
export const forget = (turn: Turn): Turn => {
  const by = turn.conversation.person.name;
  const withdrawn = turn.conversation.escalations.filter(isActive).reduce((told, { id, delivery }) => {
    const changed = show(changeCase(told, id, { state: 'withdrawn' }), `it-root:${id}`);
    return delivery === 'arrived' ? tellThread(changed, 'withdrawn', { escalationId: id, by }) : changed;
  }, turn);
  const counts = countsOf(turn);
  return cause(tellRep(withdrawn, 'forgetting'), { type: 'erase', counts });
};

/** Nothing is left but who she is, until that is deleted too. A second time there may be something new; it stays. */
export const erase = (turn: Turn): Turn => {
  if (!turn.conversation.notices.some(({ kind }) => kind === 'forgetting')) return turn;
  const { id, person, locale, createdAt } = turn.conversation;
  return change(
    turn,
    newConversation(id, { person: { ...person, name: '' }, locale, at: createdAt, address: null }),
  );
};
