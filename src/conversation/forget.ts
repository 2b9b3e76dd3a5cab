import type { Escalation } from './case.ts';
import { type Check, type Conversation, newConversation } from './conversation.ts';
import type { ErasedThing } from './effect.ts';
import { toThread } from './members.ts';
import { isActive, isThreadActive, peopleOf } from './select.ts';
import { cause, change, changeCase, show, type Turn, tellRep } from './turn.ts';

/** What is about to go, so that the last message can say it after everything is gone. */
const countsOf = ({ conversation }: Turn): Record<ErasedThing, number> => ({
  accounts: new Set(conversation.checks.map(({ account }) => account.address.toLowerCase())).size,
  checks: conversation.checks.length,
  cases: conversation.escalations.length,
  messages: Object.keys(conversation.messages).length,
});

/** IT is told first: whoever works on a case must not find it gone without a word. */
export const forget = (turn: Turn): Turn => {
  const withdrawn = turn.conversation.escalations.filter(isActive).reduce((told, escalation) => {
    const { id } = escalation;
    const changed = changeCase(told, id, { state: 'withdrawn', retry: null, reportDue: false });
    return toThread(show(changed, `it-root:${id}`), escalation, { type: 'left' });
  }, turn);
  return cause(tellRep(withdrawn, 'forgetting'), { type: 'erase', counts: countsOf(turn) });
};

/** A thread that others still need is kept for them, without its first owner. */
const isCarried = (escalation: Escalation): boolean =>
  isThreadActive(escalation) && peopleOf(escalation).length > 0;

const nameless = (check: Check): Check => ({
  ...check,
  account: { ...check.account, address: '', username: '' },
  transcripts: [],
});

const carriedOf = ({ escalations, checks, messages }: Conversation) => {
  const carried = escalations
    .filter(isCarried)
    .map((one) => ({ ...one, comment: '', question: null, claimedBy: null, resolvedBy: null }));
  const ids = carried.map(({ id }) => id);
  const concerned = checks.filter(
    ({ id, forCase }) =>
      (forCase !== null && ids.includes(forCase)) || carried.some(({ checkId }) => checkId === id),
  );
  const roots = Object.entries(messages).filter(([slot]) => ids.some((id) => slot === `it-root:${id}`));
  return { escalations: carried, checks: concerned.map(nameless), messages: Object.fromEntries(roots) };
};

/**
 * Nothing is left but who she is, until that is deleted too, and but the threads that concern others. A second time there
 * may be something new; it stays.
 */
export const erase = (turn: Turn): Turn => {
  if (!turn.conversation.notices.some(({ kind }) => kind === 'forgetting')) return turn;
  const { id, person, locale, createdAt } = turn.conversation;
  const empty = newConversation(id, {
    person: { ...person, name: '' },
    locale,
    at: createdAt,
    address: null,
  });
  return change(turn, { ...empty, ...carriedOf(turn.conversation) });
};
