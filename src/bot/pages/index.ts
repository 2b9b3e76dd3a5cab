/** What people see of the bot besides their conversations: pages of their own, and IT's queue. Reads; changes nothing. */
import type { Incoming, Received } from '../../chat/port.ts';
import type { Locale } from '../../language.ts';
import type { Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Adapters } from '../adapters.ts';
import type { Clock, ForConversation, Log } from '../ports.ts';
import type { UsageLimits } from '../turn/limits.ts';
import { createPlaces } from '../turn/places.ts';
import { createHomes } from './home.ts';
import { createAnswerQuery, queueAsked } from './query.ts';
import { createReadQueue } from './read-queue.ts';

export type PagesParts = {
  store: Store;
  adapters: Adapters;
  wording: Wording;
  abuse: UsageLimits;
  clock: Clock;
  log: Log;
  defaultLocale: Locale;
  itLocale: Locale;
};

/** `forConversation`: it is none of these. */
export type TakenByPages = { received: Received } | { forConversation: ForConversation };

export const createPages = (parts: PagesParts) => {
  const readQueue = createReadQueue(parts.store);
  const { localeFor: localeOf } = createPlaces(parts);
  const homes = createHomes({ ...parts, readQueue, localeOf });
  const answer = createAnswerQuery({ ...parts, readQueue, localeOf });

  return {
    take: async (incoming: Incoming): Promise<TakenByPages> => {
      if (incoming.type === 'home') {
        homes.open(incoming);
        return { received: { locale: await localeOf(incoming) } };
      }
      const asked = queueAsked(incoming);
      return asked ? { received: await answer(asked) } : { forConversation: incoming };
    },
    changed: homes.changed,
    stop: homes.stop,
  };
};
export type Pages = ReturnType<typeof createPages>;
