/** Conversations and jobs in few words. */
import { type Conversation, newConversation } from '../../src/conversation/state/conversation.ts';
import type { Job, NewJob } from '../../src/store/ports.ts';

export const conversationOf = (id: string, at = 1000, person = 'U1'): Conversation =>
  newConversation(id, {
    person: { platform: 'slack', id: person, name: 'Erika Mustermann' },
    locale: 'de',
    at,
    address: null,
  });

/** A message that is to be shown; `name`: what tells it from others. */
export const show = (name: string, { queue = 'q', runAt = 0 } = {}): NewJob => ({
  kind: 'show',
  queue,
  payload: { slot: `notice:${name}` },
  runAt,
});

export const diagnose = (checkId: string, { queue = 'q', runAt = 0 } = {}): NewJob => ({
  kind: 'diagnose',
  queue,
  payload: { checkId },
  runAt,
});

/** What a job of those above was named. */
export const nameOf = (job: Job): string => {
  if (job.kind === 'show') return job.payload.slot.replace('notice:', '');
  return job.kind === 'diagnose' ? job.payload.checkId : '';
};
