/** What IT does in its channel. It acts on the thread, and so on the case of every rep whom that concerns. */
import type { Person } from '../../chat/port.ts';
import { accountOfEscalation, repeatCheck, showEscalation } from '../check/checks.ts';
import { startWatch } from '../check/watch.ts';
import type { EventOf } from '../events/event.ts';
import type { Escalation } from '../state/conversation.ts';
import {
  buttonsByState,
  type EscalationState,
  type ItAction,
  itActions,
} from '../state/escalation-states.ts';
import { findEscalation, isActive, isConcerned } from '../state/selectors.ts';
import { cause, type Turn, tellThread } from '../turn.ts';
import { changeThread, ownThread, tellAll, withMembers } from './thread.ts';

export const mayIt = (state: EscalationState, action: ItAction): boolean =>
  (buttonsByState[state].it as readonly ItAction[]).includes(action);

export const samePerson = (one: Person | null, other: Person): boolean =>
  one?.platform === other.platform && one.id === other.id;

/** `to`: the case of the rep who is asked; null: everybody. */
export type QuestionToRep = { text: string; by: Person; to: string | null };

export const ask = (turn: Turn, { id }: Escalation, { text, by, to }: QuestionToRep): Turn => {
  const escalation = findEscalation(turn.conversation, id);
  if (!escalation) return turn;
  const thread = ownThread(turn, escalation);
  const isAsked = (one: { id: string }) => to === null || one.id === to;
  const before = thread.state === 'claimed' ? 'claimed' : 'open';
  const asked = changeThread(turn, id, {
    state: 'waiting-for-rep',
    before: thread.state === 'waiting-for-rep' ? thread.before : before,
    members: withMembers(thread.members, (one) => (isConcerned(one) && isAsked(one) ? 'waiting' : one.state)),
  });
  const act = { type: 'asked', by: by.name, text } as const;
  return tellAll(showEscalation(asked, escalation), id, { act, only: isAsked });
};

const claim = (turn: Turn, escalation: Escalation, by: Person): Turn => {
  const { claimedBy } = ownThread(turn, escalation);
  if (samePerson(claimedBy, by)) return showEscalation(turn, escalation);
  if (claimedBy)
    return tellThread(turn, 'already-claimed', {
      escalationId: escalation.id,
      by: claimedBy.name,
      text: by.name,
    });
  const claimed = changeThread(turn, escalation.id, { state: 'claimed', claimedBy: by });
  return tellAll(showEscalation(claimed, escalation), escalation.id, { act: { type: 'claimed', by } });
};

const resolve = (turn: Turn, escalation: Escalation, { name }: Person): Turn => {
  const { members } = ownThread(turn, escalation);
  const resolved = changeThread(turn, escalation.id, {
    state: 'resolved',
    resolvedBy: name,
    members: withMembers(members, ({ state }) => (state === 'waiting' ? 'in' : state)),
  });
  return tellAll(showEscalation(resolved, escalation), escalation.id, {
    act: { type: 'resolved', by: name },
  });
};

const reopen = (turn: Turn, escalation: Escalation, { name }: Person): Turn => {
  const { members } = ownThread(turn, escalation);
  const reopened = changeThread(turn, escalation.id, {
    state: 'open',
    claimedBy: null,
    members: withMembers(members, ({ state }) => (state === 'done' ? 'in' : state)),
  });
  const told = tellAll(showEscalation(reopened, escalation), escalation.id, {
    act: { type: 'reopened', by: name },
  });
  return startWatch(told, escalation.id);
};

/** What a second click on the same button finds: it is done already, and the message only has to catch up. */
const isDone = (action: ItAction, state: EscalationState): boolean =>
  (action === 'resolve' && state === 'resolved') || (action === 'reopen' && state === 'open');

/** A button pressed in the IT channel. */
export const pressedByIt = (turn: Turn, event: EventOf<'pressed'>): Turn => {
  const escalation = findEscalation(turn.conversation, event.about);
  if (!escalation || escalation.joinedTo) return turn;
  const thread = ownThread(turn, escalation);
  const action = itActions.find((known) => known === event.action);
  if (action === 'claim' && thread.claimedBy && isActive(thread)) return claim(turn, escalation, event.by);
  if (action && isDone(action, thread.state)) return showEscalation(turn, escalation);
  if (!action || !mayIt(thread.state, action))
    return tellThread(showEscalation(turn, escalation), 'stale', { escalationId: escalation.id });
  switch (action) {
    case 'claim':
      return claim(turn, escalation, event.by);
    case 'check-again': {
      const account = accountOfEscalation(turn.conversation, escalation);
      return account ? repeatCheck(turn, account, { escalation, byWatch: false }) : turn;
    }
    case 'ask-rep':
      return cause(turn, { type: 'open-form', form: 'ask-rep', about: escalation.id });
    case 'resolve':
      return resolve(turn, escalation, event.by);
    case 'reopen':
      return reopen(turn, escalation, event.by);
    default:
      return action satisfies never;
  }
};
