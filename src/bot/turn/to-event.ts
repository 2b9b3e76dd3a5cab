import type { Event, Stamp } from '../../conversation/events/event.ts';
import type { ForConversation } from '../ports.ts';
import { byId, type Loaded } from './dispatch.ts';
import { createPlaces, type PlacesParts } from './places.ts';
import { type ConversationPath, splitPath, type Threads } from './threads.ts';

/** Where something that came in belongs, and what it means there. */
export type Located = { find(): Promise<Loaded | null>; event: Event };

export type ToEventParts = PlacesParts & { threads: Threads; stamp(): Stamp };

export const createToEvent = ({ threads, stamp, ...parts }: ToEventParts) => {
  const { store } = parts;
  const { own, of } = createPlaces(parts);

  /** IT's buttons outlive the conversation in which the thread was kept when they were drawn. */
  const addressed = async (value: string, inItChannel: boolean): Promise<ConversationPath> =>
    inItChannel ? threads.whereNow(splitPath(value)) : splitPath(value);

  /** Null: said in a thread that is no case, so that it is neither for a rep nor her own word to the bot. */
  return async (incoming: ForConversation): Promise<Located | null> => {
    const now = { ...stamp(), eventKey: incoming.eventKey };
    const by = incoming.person;
    switch (incoming.type) {
      case 'command':
        return {
          find: own(incoming, now),
          event: { ...now, type: 'said', text: incoming.text, as: 'command' },
        };
      case 'message': {
        const { text, thread } = incoming;
        if (!thread)
          return { find: own(incoming, now), event: { ...now, type: 'said', text, as: 'message' } };
        const found = await threads.find(thread);
        if (!found) return null;
        const { conversationId, about: escalationId } = found;
        return {
          find: byId(store, conversationId),
          event: { ...now, type: 'replied-in-thread', escalationId, text, by },
        };
      }
      case 'button': {
        const { action, inItChannel } = incoming;
        const { conversationId, about } = await addressed(incoming.value, inItChannel);
        return {
          find: of(conversationId, incoming, now),
          event: { ...now, type: 'pressed', action, about, by, inItChannel },
        };
      }
      case 'form': {
        const { form, values, inItChannel } = incoming;
        const { conversationId, about } = await addressed(incoming.context, inItChannel);
        return {
          find: of(conversationId, incoming, now),
          event: { ...now, type: 'submitted', form, about, values, by, inItChannel },
        };
      }
      default:
        return incoming satisfies never;
    }
  };
};
export type ToEvent = ReturnType<typeof createToEvent>;
