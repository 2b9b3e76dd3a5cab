import type { Incoming } from '../../chat/port.ts';
import { samePerson } from '../../conversation/escalation/it-actions.ts';
import type { Event, Stamp } from '../../conversation/events/event.ts';
import { type Conversation, newConversation } from '../../conversation/state/conversation.ts';
import { type Locale, localeOf } from '../../language.ts';
import { type Store, UnreadableConversation } from '../../store/ports.ts';
import type { Log } from '../ports.ts';
import { byId, type Loaded } from './dispatch.ts';
import { type ConversationPath, splitPath, type Threads } from './threads.ts';

/** Where something that came in belongs, and what it means there. */
export type Located = { find(): Promise<Loaded | null>; event: Event };

export type LocateParts = {
  store: Store;
  threads: Threads;
  stamp(): Stamp;
  log: Log;
  defaultLocale: Locale;
};

/** Name and language as the platform knows them today; a language that was chosen stays. */
const upToDate = (conversation: Conversation, incoming: Incoming): Conversation => {
  if (!samePerson(conversation.person, incoming.person)) return conversation;
  const { platformLocale, later } = incoming;
  // While the platform is still being asked, its name for a person may be no more than her handle.
  const person = later === null ? incoming.person : conversation.person;
  const locale = conversation.localeChosen
    ? conversation.locale
    : (localeOf(platformLocale) ?? conversation.locale);
  const isSame = locale === conversation.locale && person.name === conversation.person.name;
  return isSame ? conversation : { ...conversation, locale, person };
};

export const createToEvent = ({ store, threads, stamp, log, defaultLocale }: LocateParts) => {
  const newest = async ({ person }: Incoming) => {
    try {
      return await store.latestOf(person);
    } catch (error) {
      if (!(error instanceof UnreadableConversation)) throw error;
      log.error({ code: error.code }, 'a conversation cannot be read; a new one begins');
      return null;
    }
  };

  /** The person's own conversation: the newest, else a new one. */
  const own =
    (incoming: Incoming, { at, id }: Stamp) =>
    async (): Promise<Loaded> => {
      const stored = await newest(incoming);
      if (stored) return { conversation: upToDate(stored.conversation, incoming), stored };
      const { person, platformLocale, profileAddress } = incoming;
      const locale = localeOf(platformLocale) ?? defaultLocale;
      return {
        conversation: newConversation(id, { person, locale, at, address: profileAddress }),
        stored: null,
      };
    };

  /** The conversation that a button or form belongs to; one that is gone gives way to the person's own. */
  const of = (conversationId: string, incoming: Incoming, now: Stamp) => async (): Promise<Loaded> => {
    const place = conversationId === '' ? null : await byId(store, conversationId)();
    if (!place) return own(incoming, now)();
    const inItChannel = 'inItChannel' in incoming && incoming.inItChannel;
    return inItChannel ? place : { ...place, conversation: upToDate(place.conversation, incoming) };
  };

  /** IT's buttons outlive the conversation in which the thread was kept when they were drawn. */
  const addressed = async (value: string, inItChannel: boolean): Promise<ConversationPath> =>
    inItChannel ? threads.whereNow(splitPath(value)) : splitPath(value);

  /** Null: said in a thread that is no case, so that it is neither for a rep nor her own word to the bot. */
  return async (incoming: Incoming): Promise<Located | null> => {
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
