import { withoutOpenLink } from '../check/checks.ts';
import { samePerson } from '../escalation/it-actions.ts';
import { findCheck, findEscalation, openQuestion } from '../state/selectors.ts';
import { cause, change, type Turn, tellRep, tellThread } from '../turn.ts';
import { longestDraft, withTyped } from '../view/forms.ts';
import type { Act, EventOf } from './event.ts';

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

const minutesLeft = (turn: Turn, until: number): string =>
  String(Math.max(1, Math.ceil((until - turn.stamp.at) / 60_000)));

/** The case in whose thread IT is told; null: the rep is. */
const escalationOfIt = (act: Act): string | null => {
  if (act.type === 'replied-in-thread') return act.escalationId;
  return (act.type === 'pressed' || act.type === 'submitted') && act.inItChannel ? act.about : null;
};

/** Said once, for what answers a flood must not be one; only what answers IT is kept. */
const unread = (turn: Turn, { until, instead }: EventOf<'refused'>): Turn => {
  const after = openQuestion(turn.conversation) ? kept(turn, instead) : turn;
  const isSaid = after.conversation.notices.at(-1)?.kind === 'too-many-messages';
  return isSaid ? after : tellRep(after, 'too-many-messages', { text: minutesLeft(turn, until) });
};

/** Too much in a short time: it was not done, and whoever wanted it reads when it works again. */
export const refused = (turn: Turn, event: EventOf<'refused'>): Turn => {
  const { what, until, instead } = event;
  if (what === 'messages') return unread(turn, event);
  const after = kept(turn, instead);
  const escalation = findEscalation(after.conversation, escalationOfIt(instead) ?? '');
  const text = minutesLeft(turn, until);
  if (escalation && what !== 'logins')
    return tellThread(after, `too-many-${what}`, { escalationId: escalation.id, text });
  const isHers = !('by' in instead) || samePerson(after.conversation.person, instead.by);
  const checkId = findCheck(after.conversation, 'about' in instead ? instead.about : '')?.id;
  return isHers ? tellRep(after, `too-many-${what}`, { text, ...(checkId ? { checkId } : {}) }) : after;
};
