import type { Arrivals } from '../../../chat/arrivals.ts';
import type { HearOfChannel, Incoming, Receive, ReplyInPlace } from '../../../chat/port.ts';
import { type Locale, localeOf } from '../../../language.ts';
import { createBoundedMap } from '../../../lib/bounded-map.ts';
import { rejectAfter } from '../../../lib/timeout.ts';
import type { ItChannel } from '../api/it-channel.ts';
import type { Members } from '../api/members.ts';
import type { People } from '../api/people.ts';
import type { Posts } from '../api/posts.ts';
import { platform } from '../api/refs.ts';
import type { ConnectorService } from '../api/service.ts';
import { limits } from '../limits.ts';
import { card, text } from '../render/elements.ts';
import { renderMessage } from '../render/render.ts';
import type { TeamsTexts } from '../texts.ts';
import type { InlineForms } from './inline-forms.ts';
import { type Activity, eventKeyOf, serviceOf, threadIn, threadRef } from './parse.ts';
import type { ActivityTurn } from './turn.ts';

export type ContextParts = {
  people: People;
  itChannel: ItChannel;
  posts: Posts;
  inline: InlineForms;
  receive: Receive;
  hearOfChannel: HearOfChannel;
  /** Whether somebody belongs to a channel; rejects when Teams does not say. */
  members: Members;
  /** The address of a member; null: Teams does not tell. */
  addressOf: (service: ConnectorService, chat: string, id: string) => Promise<string | null>;
  /** Teams repeats what it believes lost, and even what it does not. */
  once: Arrivals;
  texts: (locale: Locale) => TeamsTexts;
  onError: (error: unknown) => void;
};

type From = Pick<
  Incoming,
  'eventKey' | 'person' | 'platformLocale' | 'profileAddress' | 'timeZone' | 'later'
>;

/** What every kind of event is handled with. */
export type Context = Pick<ContextParts, 'itChannel' | 'inline' | 'once' | 'hearOfChannel' | 'members'> & {
  /** The lines of the client's own windows, in the language of the conversation; null: nothing was done. */
  receive(turn: ActivityTurn, incoming: Incoming): Promise<TeamsTexts | null>;
  /** With her address, so that the first form has it; but nobody waits long for it. */
  withProfile(turn: ActivityTurn): Promise<ActivityTurn>;
  /** A line beside the request, in the thread or chat of the activity. */
  sayIn(activity: Activity, line: string): void;
  /** The same for a whole message, waited for. */
  replyIn(activity: Activity): ReplyInPlace;
};

/** What comes with everything that a person does. */
export const from = ({ activity, known }: ActivityTurn): From => {
  const eventKey = eventKeyOf(activity);
  return {
    ...(eventKey !== null && { eventKey }),
    person: { platform, id: activity.from.id, name: known.name },
    platformLocale: activity.locale ?? known.locale,
    profileAddress: known.address,
    timeZone: activity.localTimezone ?? null,
    later: null,
  };
};

const tooLong = (): Error => new Error('Teams does not tell the address in time');

/** Each person is asked for once: whoever has no address here has none the next time either. */
const createProfiles = ({ people, addressOf }: Pick<ContextParts, 'people' | 'addressOf'>) => {
  const asked = createBoundedMap<string, true>(limits.asked);
  return async (turn: ActivityTurn): Promise<ActivityTurn> => {
    const { activity, known, personal } = turn;
    const { id } = activity.from;
    if (!personal || known.address !== null || asked.has(id)) return turn;
    asked.set(id, true);
    const found = addressOf(serviceOf(activity), activity.conversation.id, id)
      .then(async (address) => {
        if (address !== null) await people.change(id, { address });
        return address;
      })
      .catch(() => null);
    const address = await rejectAfter(limits.profileMs, found, tooLong).catch(() => null);
    return { ...turn, known: { ...known, address } };
  };
};

/** The thread or chat in which something was done. */
const placeOf = (activity: Activity): string => {
  const { channel, root } = threadIn(activity);
  return root === null ? activity.conversation.id : threadRef(channel, root).conversation;
};

export const createContext = (parts: ContextParts): Context => {
  const { people, itChannel, posts, inline, once, hearOfChannel, members, onError } = parts;
  return {
    itChannel,
    inline,
    once,
    hearOfChannel,
    members,
    withProfile: createProfiles(parts),
    receive: async (turn, incoming) => {
      const received = await parts.receive(incoming);
      const spoken = localeOf(received?.locale ?? null);
      if (!spoken) return null;
      if (!turn.personal) return turn.lines;
      if (spoken !== turn.known.spoken) await people.change(turn.activity.from.id, { spoken });
      return parts.texts(spoken);
    },
    sayIn: (activity, line) => {
      posts.reply(serviceOf(activity), placeOf(activity), card(line, text(line), [])).catch(onError);
    },
    replyIn: (activity) => (message) =>
      posts.reply(serviceOf(activity), placeOf(activity), renderMessage(message)),
  };
};
