import type { Effect, Slot } from '../../conversation/events/effect.ts';
import type { Work } from '../../conversation/events/job.ts';
import type { Conversation } from '../../conversation/state/conversation.ts';
import { sideOf, subjectOf } from '../../conversation/view/slot.ts';
import type { NewJob } from '../../store/ports.ts';
import { workerLimits } from '../ports.ts';

/** `random`: between 0 and 1; spreads what was planned together, so that it does not come back together. */
export type Planning = { now: number; id: string; random(): number };

const withinRequest = ['answer', 'open-form', 'discover', 'offer-login'] as const;
/** What must survive a crash. */
type Durable = Exclude<Effect, { type: (typeof withinRequest)[number] }>;
const isDurable = (effect: Effect): effect is Durable => !withinRequest.some((type) => type === effect.type);

/** A fifth earlier or later. */
const roughly = (ms: number, random: number): number => Math.round(ms * (0.8 + 0.4 * random));

/** Where a message that stands is brought up to date: it has its place, so nothing has to wait behind it. */
export const updateQueue = (conversationId: string, slot: Slot): string => `${conversationId}:update:${slot}`;

/** A message of the rep's that stands. In IT's queue everything keeps its order, since the end of a case comes last in it. */
export const isInPlace = (conversation: Conversation, slot: Slot): boolean => {
  const subject = subjectOf(conversation, slot);
  return conversation.messages[slot] !== undefined && subject !== null && sideOf(subject).type === 'rep';
};

/** The queue in which an effect waits: messages to one side go out in the order in which they were meant. */
export const queueOf = (conversation: Conversation, effect: Durable): string => {
  const { id } = conversation;
  switch (effect.type) {
    case 'show': {
      const subject = subjectOf(conversation, effect.slot);
      if (isInPlace(conversation, effect.slot)) return updateQueue(id, effect.slot);
      return subject && sideOf(subject).type === 'rep' ? `${id}:rep` : `${id}:it`;
    }
    case 'diagnose':
      return `${id}:check`;
    case 'try-login':
      return `${id}:login:${effect.checkId}`;
    // What a member says keeps its place behind her case on its way there; IT's acts wait for no message.
    case 'relay':
      return effect.relayed.type === 'member-did' ? `${id}:it` : `${id}:to:${effect.conversationId}`;
    // Each planned one has a queue of its own, so that one that is not wanted any more holds up nobody.
    case 'watch':
      return `${id}:watch:${effect.escalationId}:${effect.look}`;
    case 'hand-over-again':
      return `${id}:again:${effect.escalationId}:${effect.count}`;
    case 'remind':
      return `${id}:remind:${effect.escalationId}:${effect.number}`;
    // Behind everything that IT is still to be told.
    case 'erase':
      return `${id}:it`;
    default:
      return effect satisfies never;
  }
};

/** `eventId`: of the event that asks for it. */
const workOf = (effect: Durable, eventId: string): Work => {
  switch (effect.type) {
    case 'show':
      return { kind: 'show', payload: { slot: effect.slot } };
    case 'diagnose':
      return { kind: 'diagnose', payload: { checkId: effect.checkId } };
    // Durable is only that it is called off: the password is in one process, which puts that off as long as it lives.
    case 'try-login':
      return { kind: 'login-lost', payload: { checkId: effect.checkId } };
    case 'relay': {
      const { conversationId: to, relayed } = effect;
      return { kind: 'relay', payload: { to, id: `${eventId}.${relayed.escalationId}`, event: relayed } };
    }
    case 'watch':
      return { kind: 'watch', payload: { escalationId: effect.escalationId, look: effect.look } };
    case 'hand-over-again':
      return { kind: 'hand-over-again', payload: { escalationId: effect.escalationId, count: effect.count } };
    case 'remind':
      return { kind: 'remind', payload: { escalationId: effect.escalationId, number: effect.number } };
    case 'erase':
      return { kind: 'erase', payload: { ...effect.counts, ...(effect.isQuiet && { quiet: true }) } };
    default:
      return effect satisfies never;
  }
};

/** In milliseconds. */
const delayOf = (effect: Durable, random: number): number => {
  if (effect.type === 'try-login') return workerLimits.loginLeaseMs;
  if (effect.type === 'remind') return effect.afterMs;
  return 'afterMs' in effect ? roughly(effect.afterMs, random) : 0;
};

/** Nothing is to be shown where there is nothing to say any more. */
const isDue = (conversation: Conversation, effect: Durable): boolean =>
  effect.type !== 'show' || subjectOf(conversation, effect.slot) !== null;

export const jobsOf = (
  conversation: Conversation,
  effects: readonly Effect[],
  { now, id, random }: Planning,
): NewJob[] =>
  effects
    .filter(isDurable)
    .filter((effect) => isDue(conversation, effect))
    .map((effect) => ({
      ...workOf(effect, id),
      queue: queueOf(conversation, effect),
      runAt: now + delayOf(effect, random()),
    }));
