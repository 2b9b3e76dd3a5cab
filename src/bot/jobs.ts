import type { Conversation } from '../conversation/conversation.ts';
import type { Effect } from '../conversation/effect.ts';
import { sideOf, subjectOf } from '../conversation/slot.ts';
import type { NewJob } from '../store/ports.ts';
import { workerLimits } from './ports.ts';

/** What must survive a crash. Messages to one side go out in the order in which they were meant. */
export const jobsOf = (conversation: Conversation, effects: readonly Effect[], now: number): NewJob[] =>
  effects.flatMap((effect): NewJob[] => {
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
      // Durable is only that somebody looks after it: the password is in one process, and goes with it.
      case 'try-login': {
        const payload = { checkId: effect.checkId, withLogin: 'yes' };
        const runAt = now + workerLimits.loginMs;
        return [{ kind: 'diagnose', queue: `${conversation.id}:login`, payload, runAt }];
      }
      // Behind everything that IT is still to be told.
      case 'erase': {
        const counts = Object.entries(effect.counts).map(([thing, count]) => [thing, String(count)]);
        const payload: Record<string, string> = Object.fromEntries(counts);
        return [{ kind: 'erase', queue: `${conversation.id}:it`, payload, runAt: now }];
      }
      default:
        return effect satisfies never;
    }
  });
