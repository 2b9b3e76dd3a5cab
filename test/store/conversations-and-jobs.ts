/** Conversations and jobs in few words. */
import { type Conversation, newConversation } from '../../src/conversation/state/conversation.ts';
import type { NewJob } from '../../src/store/ports.ts';

export const conversationOf = (id: string, at = 1000, person = 'U1'): Conversation =>
  newConversation(id, {
    person: { platform: 'slack', id: person, name: 'Erika Mustermann' },
    locale: 'de',
    at,
    address: null,
  });

export const show = (slot: string, { queue = 'q', runAt = 0 } = {}): NewJob => ({
  kind: 'show',
  queue,
  payload: { slot },
  runAt,
});

export const diagnose = (checkId: string, { queue = 'q', runAt = 0 } = {}): NewJob => ({
  kind: 'diagnose',
  queue,
  payload: { checkId },
  runAt,
});
