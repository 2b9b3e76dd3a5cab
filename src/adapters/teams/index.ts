import type { Router } from 'express';
import { z } from 'zod';
import { createArrivals, type Seen } from '../../chat/arrivals.ts';
import type { AdapterMemory, ChatAdapter, Receive } from '../../chat/port.ts';
import { type Locale, localeOf } from '../../language.ts';
import { openItChannel } from './channel.ts';
import { createHealth } from './health.ts';
import { createPeople } from './people.ts';
import { createPosts } from './posts.ts';
import { platform } from './refs.ts';
import { renderMessage } from './render.ts';
import { createRepeats } from './repeats.ts';
import { createRoutes } from './routes.ts';
import { openSdk, type SdkOptions } from './sdk.ts';
import type { TeamsTexts } from './texts.ts';
import { createTurns } from './turns.ts';

export type { TeamsTexts } from './texts.ts';

export type TeamsOptions = SdkOptions & {
  /** Null: the first team channel that the bot is installed in. */
  itChannel: string | null;
  memory: AdapterMemory;
  /** Must come back before the platform's time limit; what takes longer is done elsewhere. */
  receive: Receive;
  texts: (locale: Locale) => TeamsTexts;
  locales: { default: Locale; it: Locale };
  /** Hears of failures that nobody else is told of. */
  onError: (error: unknown) => void;
  seen: Seen;
  /** Milliseconds since the epoch. */
  now?: () => number;
};

const member = z.object({
  email: z.email().nullish().catch(null),
  userPrincipalName: z.email().nullish().catch(null),
});

export type TeamsAdapter = ChatAdapter & { router: Router; health(): Promise<Record<string, boolean>> };

/** Microsoft Teams. Loads the SDK, so it is only called when Teams is configured. */
export const openTeamsAdapter = async (options: TeamsOptions): Promise<TeamsAdapter> => {
  const { memory, receive, texts, locales, onError, now = Date.now } = options;
  // How long ago something was is not asked of a clock that can be set.
  const elapsed = options.now ?? (() => performance.now());
  const sdk = await openSdk(options);
  const people = createPeople(memory, elapsed);
  const itChannel = await openItChannel(memory, options.itChannel);
  const posts = createPosts({ sdk, people, itChannel, now: elapsed });
  const take = createTurns({
    people,
    itChannel,
    posts,
    receive,
    addressOf: async (service, chat, id) => {
      const found = member.safeParse(await sdk.member(service, chat, id)).data;
      return found?.email ?? found?.userPrincipalName ?? null;
    },
    once: createArrivals(options.seen, { now, onError }),
    texts,
    locales,
    onError,
  });
  const isHealthy = createHealth(sdk.signIn, elapsed);
  const repeats = createRepeats(
    ({ locale = null }) => texts(localeOf(locale) ?? locales.default)['maybe-repeated'],
  );
  const local = options.app === null || options.openIdMetadataUrl !== null;

  return {
    platform,
    capabilities: {
      // A channel can be learnt at any time.
      get itChannel() {
        return itChannel.id() !== null;
      },
      formUpdates: false,
    },
    health: async () => ({ teams: await isHealthy() }),
    router: createRoutes({ sdk, take, local, onError }),
    post: (place, message, delivery) =>
      repeats(message, delivery, (one) => posts.post(place, renderMessage(one))),
    update: (ref, message) => posts.update(ref, renderMessage(message)),
  };
};
