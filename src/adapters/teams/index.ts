import type { Router } from 'express';
import { z } from 'zod';
import type { AdapterMemory, ChatAdapter, Incoming } from '../../chat/port.ts';
import { openItChannel } from './channel.ts';
import { createOnce, type Once } from './once.ts';
import { createPeople } from './people.ts';
import { createPosts } from './posts.ts';
import { platform } from './refs.ts';
import { renderMessage } from './render.ts';
import { createRoutes } from './routes.ts';
import { openSdk, type SdkOptions } from './sdk.ts';
import type { TeamsLocale, TeamsTexts } from './texts.ts';
import { createTurns } from './turns.ts';

export type { TeamsLocale, TeamsTexts } from './texts.ts';

export type TeamsOptions = SdkOptions & {
  /** Null: the first team channel that the bot is installed in. */
  itChannel: string | null;
  memory: AdapterMemory;
  /** Must come back before the platform's time limit; what takes longer is done elsewhere. */
  receive: (incoming: Incoming) => Promise<void>;
  texts: (locale: TeamsLocale) => TeamsTexts;
  locales: { default: TeamsLocale; it: TeamsLocale };
  /** Hears of failures that nobody else is told of. */
  onError: (error: unknown) => void;
  /** Shared between processes where there are several; by default the adapter's memory remembers. */
  once?: Once;
  /** Milliseconds since the epoch. */
  now?: () => number;
};

const member = z.object({
  email: z.email().nullish().catch(null),
  userPrincipalName: z.email().nullish().catch(null),
});

/** Microsoft Teams. Loads the SDK, so it is only called when Teams is configured. */
export const openTeamsAdapter = async (options: TeamsOptions): Promise<ChatAdapter & { router: Router }> => {
  const { memory, receive, texts, locales, onError, now = Date.now } = options;
  const sdk = await openSdk(options);
  const people = createPeople(memory);
  const itChannel = await openItChannel(memory, options.itChannel);
  const posts = createPosts({ sdk, people, itChannel, now });
  const take = createTurns({
    people,
    itChannel,
    posts,
    receive,
    addressOf: async (service, chat, id) => {
      const found = member.safeParse(await sdk.member(service, chat, id)).data;
      return found?.email ?? found?.userPrincipalName ?? null;
    },
    once: options.once ?? (await createOnce(memory, { now, onError })),
    texts,
    locales,
    now,
    onError,
  });
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
    router: createRoutes({ sdk, take, local, onError }),
    post: (place, message) => posts.post(place, renderMessage(message)),
    update: (ref, message) => posts.update(ref, renderMessage(message)),
  };
};
