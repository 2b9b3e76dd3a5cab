import { parseAddressForm, parseServersForm } from '../../diagnosis/account/parse.ts';
import { startCheck } from '../check/checks.ts';
import { ask, mayIt, samePerson } from '../escalation/it-actions.ts';
import { hubspotSaidElse } from '../escalation/outcome.ts';
import { answer, handOver, handOverObstacle, mayRep } from '../escalation/rep-actions.ts';
import type { Conversation } from '../state/conversation.ts';
import type { Thread } from '../state/escalation.ts';
import type { FieldErrors, FieldName } from '../state/fields.ts';
import {
  findCheck,
  findEscalation,
  hasUnmet,
  isConcerned,
  lacksHubspotError,
  runningCheck,
  threadOf,
} from '../state/selectors.ts';
import { cause, change, type Turn, tellRep } from '../turn.ts';
import {
  everybody,
  longestText,
  parseText,
  untouchedPorts,
  usualUsername,
  withPortsSplit,
  withTyped,
} from '../view/forms.ts';
import { addressKnown } from './discovered.ts';
import type { EventOf } from './event.ts';

type Submitted = EventOf<'submitted'>;

const close = (turn: Turn): Turn => cause(turn, { type: 'answer', answer: { type: 'close' } });
const errors = (turn: Turn, found: FieldErrors): Turn =>
  cause(turn, { type: 'answer', answer: { type: 'errors', errors: found } });
const askAddress = (turn: Turn, about: string): Turn =>
  cause(turn, { type: 'answer', answer: { type: 'form', form: 'address', about } });

/** What was sent needs no place to be kept any more. */
const forget = (turn: Turn, field: FieldName): Turn => {
  const { [field]: _, ...draft } = turn.conversation.draft;
  return change(turn, { draft });
};

/** Whoever uses her address as user name does so with the new one, too. */
const followAddress = (before: Conversation, turn: Turn): Turn =>
  before.draft.username === usualUsername(before.draft) ? forget(turn, 'username') : turn;

const address = (before: Conversation, turn: Turn, { about }: Submitted): Turn => {
  const parsed = parseAddressForm(turn.conversation.draft);
  if (!parsed.ok) return errors(turn, parsed.errors);
  return addressKnown(followAddress(before, turn), { address: parsed.value.address, about });
};

const servers = (turn: Turn, { about }: Submitted): Turn => {
  const { conversation, rules } = turn;
  const parsed = parseServersForm(conversation.draft, {
    ...rules,
    untouchedPorts: untouchedPorts(conversation),
  });
  if (!parsed.ok) {
    const { address: noAddress, ...underFields } = parsed.errors;
    const lacksAddressOnly = noAddress !== undefined && Object.keys(underFields).length === 0;
    return lacksAddressOnly ? askAddress(turn, about) : errors(turn, underFields);
  }
  const closed = close(change(turn, withPortsSplit(conversation, parsed.value)));
  return runningCheck(conversation)
    ? tellRep(closed, 'busy-values-kept')
    : startCheck(closed, parsed.value.account, null);
};

type ReadText = { ok: true; value: string } | { ok: false; errors: FieldErrors };

const text = (turn: Turn, field: 'comment' | 'question' | 'reply', required: boolean): ReadText => {
  const parsed = parseText(turn.conversation.draft[field], { max: longestText, required });
  return parsed.ok ? parsed : { ok: false, errors: { [field]: parsed.error } };
};

const escalate = (turn: Turn, { about }: Submitted): Turn => {
  const check = findCheck(turn.conversation, about);
  if (!check || !hasUnmet(check)) return tellRep(close(turn), 'stale');
  if (!turn.rules.itChannel) return tellRep(close(turn), 'no-it-channel');
  const comment = text(turn, 'comment', false);
  if (!comment.ok) return errors(turn, comment.errors);
  const obstacle = handOverObstacle(turn, check);
  return obstacle ? tellRep(close(turn), obstacle) : handOver(close(turn), check, comment.value);
};

const reply = (turn: Turn, { about }: Submitted): Turn => {
  const escalation = findEscalation(turn.conversation, about);
  const isAsked = escalation !== null && mayRep(escalation.state, 'answer');
  if (!escalation || !(isAsked || lacksHubspotError(escalation))) return tellRep(close(turn), 'stale');
  const typed = text(turn, 'reply', true);
  if (!typed.ok) return errors(turn, typed.errors);
  return (isAsked ? answer : hubspotSaidElse)(close(turn), escalation, typed.value);
};

const submittedByRep = (before: Conversation, turn: Turn, event: Submitted): Turn => {
  switch (event.form) {
    case 'address':
      return address(before, turn, event);
    case 'servers':
      return servers(turn, event);
    case 'escalate':
      return escalate(turn, event);
    case 'answer':
      return reply(turn, event);
    case 'ask-rep':
      return tellRep(close(turn), 'not-allowed');
    default:
      return event.form satisfies never;
  }
};

/** Everybody, or the one who was picked; null: she is not concerned any more. */
const recipient = (turn: Turn, { members }: Thread): { to: string | null } | null => {
  const picked = turn.conversation.draft.recipient ?? everybody;
  if (picked === everybody) return { to: null };
  return members.some((member) => member.id === picked && isConcerned(member)) ? { to: picked } : null;
};

const submittedByIt = (turn: Turn, event: Submitted): Turn => {
  const escalation = findEscalation(turn.conversation, event.about);
  if (!escalation || escalation.joinedTo || event.form !== 'ask-rep') return close(turn);
  const thread = threadOf(escalation);
  // A colleague was faster. Her words stay in her form; kept here they would stand in the next one's.
  if (!mayIt(thread.state, 'ask-rep'))
    return errors(forget(forget(turn, 'question'), 'recipient'), { question: { code: 'question-too-late' } });
  const question = text(turn, 'question', true);
  const picked = recipient(turn, thread);
  if (!question.ok) return errors(turn, question.errors);
  if (!picked) return errors(turn, { recipient: { code: 'choice-missing' } });
  const asked = ask(close(turn), escalation, { text: question.value, by: event.by, ...picked });
  return forget(forget(asked, 'question'), 'recipient');
};

/** Everything typed is kept first, whatever becomes of it. */
export const submitted = (turn: Turn, event: Submitted): Turn => {
  const before = turn.conversation;
  const byRep = !event.inItChannel && samePerson(before.person, event.by);
  if (!byRep && !event.inItChannel) return close(turn);
  const kept = change(turn, withTyped(before, event.form, event.values));
  return byRep ? submittedByRep(before, kept, event) : submittedByIt(kept, event);
};
