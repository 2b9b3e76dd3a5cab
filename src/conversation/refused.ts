import { withoutOpenLink } from './checks.ts';
import type { Act, EventOf } from './event.ts';
import { longestDraft, withTyped } from './forms.ts';
import { samePerson } from './it.ts';
import { findCase, findCheck } from './select.ts';
import { cause, change, type Turn, tellRep, tellThread } from './turn.ts';

/** Nothing typed is lost, and a form that was sent is closed. */
const kept = (turn: Turn, act: Act): Turn => {
  if (act.type === 'submitted')
    return cause(change(turn, withTyped(turn.conversation, act.form, act.values)), {
      type: 'answer',
      answer: { type: 'close' },
    });
  if (act.type === 'login-submitted') return withoutOpenLink(turn);
  if (act.type !== 'said') return turn;
  const reply = act.text.slice(0, longestDraft);
  return change(turn, { draft: { ...turn.conversation.draft, reply } });
};

/** The case in whose thread IT is told; null: the rep is. */
const caseOfIt = (act: Act): string | null => {
  if (act.type === 'replied-in-thread') return act.escalationId;
  return (act.type === 'pressed' || act.type === 'submitted') && act.inItChannel ? act.about : null;
};

/** Too much in a short time: it was not done, and whoever wanted it reads when it works again. */
export const refused = (turn: Turn, { what, until, instead }: EventOf<'refused'>): Turn => {
  const after = kept(turn, instead);
  const escalation = findCase(after.conversation, caseOfIt(instead) ?? '');
  const minutes = Math.max(1, Math.ceil((until - turn.stamp.at) / 60_000));
  const text = String(minutes);
  if (escalation && what !== 'logins')
    return tellThread(after, `too-many-${what}`, { escalationId: escalation.id, text });
  const isHers = !('by' in instead) || samePerson(after.conversation.person, instead.by);
  const checkId = findCheck(after.conversation, 'about' in instead ? instead.about : '')?.id;
  return isHers ? tellRep(after, `too-many-${what}`, { text, ...(checkId ? { checkId } : {}) }) : after;
};
