import type { Effect } from '../../conversation/events/effect.ts';
import type { Conversation } from '../../conversation/state/conversation.ts';
import { sideOf, subjectOf } from '../../conversation/view/slot.ts';
import type { NewJob } from '../../store/ports.ts';
import { workerLimits } from '../ports.ts';

/** `random`: between 0 and 1; spreads what was planned together, so that it does not come back together. */
export type Planning = { now: number; id: string; random(): number };

/** A fifth earlier or later. */
const roughly = (ms: number, random: number): number => Math.round(ms * (0.8 + 0.4 * random));

/** What a member says keeps its place behind her case on its way there; IT's acts wait for no message. */
const relay = (from: string, effect: Extract<Effect, { type: 'relay' }>, { now, id }: Planning): NewJob => {
  const { conversationId: to, relayed } = effect;
  const queue = relayed.type === 'member-did' ? `${from}:it` : `${from}:to:${to}`;
  const event = JSON.stringify(relayed);
  return { kind: 'relay', queue, payload: { to, id: `${id}.${relayed.escalationId}`, event }, runAt: now };
};

/** Where the job stands that calls a check with a login off. */
export const loginQueue = ({
  conversationId,
  checkId,
}: {
  conversationId: string;
  checkId: string;
}): string => `${conversationId}:login:${checkId}`;

/** What must survive a crash. Messages to one side go out in the order in which they were meant. */
export const jobsOf = (
  conversation: Conversation,
  effects: readonly Effect[],
  planning: Planning,
): NewJob[] =>
  effects.flatMap((effect): NewJob[] => {
    const { now, random } = planning;
    switch (effect.type) {
      case 'answer':
      case 'open-form':
      case 'discover':
      case 'offer-login':
        return [];
      case 'show': {
        const subject = subjectOf(conversation, effect.slot);
        if (!subject) return [];
        const side = sideOf(subject).type === 'rep' ? 'rep' : 'it';
        const queue = `${conversation.id}:${side}`;
        return [{ kind: 'show', queue, payload: { slot: effect.slot }, runAt: now }];
      }
      case 'diagnose': {
        const { checkId } = effect;
        return [{ kind: 'diagnose', queue: `${conversation.id}:check`, payload: { checkId }, runAt: now }];
      }
      case 'relay':
        return [relay(conversation.id, effect, planning)];
      // Each planned one has a queue of its own, so that one that is not wanted any more holds up nobody.
      case 'watch': {
        const { escalationId, look, afterMs } = effect;
        const queue = `${conversation.id}:watch:${escalationId}:${look}`;
        const payload = { escalationId, look: String(look) };
        return [{ kind: 'watch', queue, payload, runAt: now + roughly(afterMs, random()) }];
      }
      case 'hand-over-again': {
        const { escalationId, count, afterMs } = effect;
        const queue = `${conversation.id}:again:${escalationId}:${count}`;
        const payload = { escalationId, count: String(count) };
        return [{ kind: 'hand-over', queue, payload, runAt: now + roughly(afterMs, random()) }];
      }
      // Durable is only that it is called off: the password is in one process, which puts that off as long as it lives.
      case 'try-login': {
        const { checkId } = effect;
        const queue = loginQueue({ conversationId: conversation.id, checkId });
        const runAt = now + workerLimits.loginLeaseMs;
        return [{ kind: 'diagnose', queue, payload: { checkId, withLogin: 'yes' }, runAt }];
      }
      // Behind everything that IT is still to be told.
      case 'erase': {
        const counts = Object.entries(effect.counts).map(([thing, count]) => [thing, String(count)]);
        const payload: Record<string, string> = Object.fromEntries(counts);
        if (effect.isQuiet) payload.quiet = 'yes';
        return [{ kind: 'erase', queue: `${conversation.id}:it`, payload, runAt: now }];
      }
      default:
        return effect satisfies never;
    }
  });
