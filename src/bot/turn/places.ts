import type { Incoming } from '../../chat/port.ts';
import { samePerson } from '../../conversation/escalation/it-actions.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import { type Conversation, newConversation } from '../../conversation/state/conversation.ts';
import { type Locale, localeOf } from '../../language.ts';
import { type Store, UnreadableConversation } from '../../store/ports.ts';
import type { Log } from '../ports.ts';
import { byId, type Loaded } from './dispatch.ts';

export type PlacesParts = { store: Store; log: Log; defaultLocale: Locale };

/** Name, language and time zone as the platform knows them today; a language that was chosen stays. */
const upToDate = (conversation: Conversation, incoming: Incoming): Conversation => {
  if (!samePerson(conversation.person, incoming.person)) return conversation;
  const { platformLocale, later } = incoming;
  // While the platform is still being asked, its name for a person may be no more than her handle.
  const person = later === null ? incoming.person : conversation.person;
  const locale = conversation.localeChosen
    ? conversation.locale
    : (localeOf(platformLocale) ?? conversation.locale);
  const timeZone = incoming.timeZone ?? conversation.timeZone;
  const isSame =
    locale === conversation.locale &&
    person.name === conversation.person.name &&
    timeZone === conversation.timeZone;
  return isSame ? conversation : { ...conversation, locale, person, timeZone };
};

/** The conversations in which something that came in may belong. */
export const createPlaces = ({ store, log, defaultLocale }: PlacesParts) => {
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
      const { person, platformLocale, profileAddress, timeZone = null } = incoming;
      const locale = localeOf(platformLocale) ?? defaultLocale;
      return {
        conversation: newConversation(id, { person, locale, at, address: profileAddress, timeZone }),
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

  /** In which language somebody is spoken to. */
  const localeFor = async (incoming: Incoming): Promise<Locale> => {
    const stored = await newest(incoming);
    if (stored) return upToDate(stored.conversation, incoming).locale;
    return localeOf(incoming.platformLocale) ?? defaultLocale;
  };

  return { own, of, localeFor };
};
