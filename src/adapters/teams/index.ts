import type { Router } from 'express';
import { z } from 'zod';
import { type ArrivalRecord, createArrivals } from '../../chat/arrivals.ts';
import type { SharedBuckets } from '../../chat/budget.ts';
import type { AdapterMemory, ChatAdapter, HearOfChannel, Receive } from '../../chat/port.ts';
import type { OnRefused } from '../../chat/refusals.ts';
import type { Message } from '../../chat/view.ts';
import { type Locale, localeOf } from '../../language.ts';
import { createDuplicateMark } from './api/duplicates.ts';
import { createHealth } from './api/health.ts';
import { openItChannel } from './api/it-channel.ts';
import { createItMention } from './api/it-mention.ts';
import { createMembers } from './api/members.ts';
import { createServes } from './api/origin.ts';
import { createPeople } from './api/people.ts';
import { createPosts } from './api/posts.ts';
import { platform, standsIn } from './api/refs.ts';
import { openSdk, type SdkOptions } from './api/sdk/index.ts';
import { createAdmission } from './events/admission.ts';
import { createDispatch } from './events/dispatch.ts';
import { createRoutes } from './events/routes.ts';
import { callsIt } from './render/mention.ts';
import { renderMessage } from './render/render.ts';
import type { TeamsTexts } from './texts.ts';

export type { TeamsTexts } from './texts.ts';

export type TeamsOptions = SdkOptions & {
  /** Null: the first team channel that the bot is installed in. */
  itChannel: string | null;
  /** The id of the person or tag that is called by a new case; absent or null: nobody. */
  itMention?: string | null;
  memory: AdapterMemory;
  /** Must come back before the platform's time limit; what takes longer is done elsewhere. */
  receive: Receive;
  hearOfChannel: HearOfChannel;
  texts: (locale: Locale) => TeamsTexts;
  locales: { default: Locale; it: Locale };
  /** Hears of failures that nobody else is told of. */
  onError: (error: unknown) => void;
  onRefused: OnRefused;
  seen: ArrivalRecord;
  /** What all processes count together that goes out to a conversation. */
  buckets: SharedBuckets;
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
  const { memory, receive, buckets, texts, locales, onError, onRefused, now = Date.now } = options;
  // How long ago something was is not asked of a clock that can be set.
  const elapsed = options.now ?? (() => performance.now());
  const serves = createServes(options);
  const sdk = await openSdk(options);
  const people = createPeople(memory, elapsed);
  const itChannel = await openItChannel(memory, options.itChannel, serves);
  const posts = createPosts({ sdk, people, itChannel, serves, buckets, now, elapsed, onError });
  const members = createMembers(sdk.member, elapsed);
  const admission = createAdmission({ itChannel, members, people, onRefused });
  const take = createDispatch({
    people,
    itChannel,
    admission,
    posts,
    receive,
    hearOfChannel: options.hearOfChannel,
    members,
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
  const repeats = createDuplicateMark(
    ({ locale = null }) => texts(localeOf(locale) ?? locales.default)['maybe-repeated'],
  );

  const itMention = createItMention({
    id: options.itMention ?? null,
    member: sdk.member,
    itChannel,
    otherwise: texts(locales.it)['it-team'],
    now: elapsed,
  });
  const render = async (message: Message) =>
    renderMessage(message, callsIt(message.blocks) ? await itMention() : null);

  return {
    platform,
    capabilities: {
      // A channel can be learnt at any time.
      get itChannel() {
        return itChannel.id() !== null;
      },
      formUpdates: false,
    },
    health: async () => {
      const [teams, end] = await Promise.all([isHealthy(), itChannel.ended()]);
      return { teams, ...(itChannel.id() === null ? {} : { teamsItChannel: end === null }) };
    },
    router: createRoutes({ sdk, take, serves, onRefused, onError }),
    post: (place, message, delivery) =>
      repeats(message, delivery, async (one) => posts.post(place, await render(one))),
    update: async (ref, message, priority) => posts.update(ref, await render(message), priority),
    isInItChannel: (ref) => standsIn(itChannel.id(), ref),
    isOfIt: async ({ platform: of, id }) => of === platform && (await admission.isOfIt(id)),
    takesEscalationOf: async ({ platform: of, id }) => {
      const isOfAll = serves.tenant !== null || of !== platform;
      if (isOfAll) return itChannel.id() !== null;
      const known = await people.find(id);
      return known ? itChannel.takes(known.service) : serves.local && itChannel.id() !== null;
    },
  };
};
