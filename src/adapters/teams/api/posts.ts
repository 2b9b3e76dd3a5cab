import { DeliveryError, type MessageRef, type Person, type Place } from '../../../chat/port.ts';
import { limits } from '../limits.ts';
import type { Card } from '../render/elements.ts';
import { asActivity, type Outgoing } from '../render/render.ts';
import { createDeliver, type To } from './deliver.ts';
import type { ItChannel } from './it-channel.ts';
import type { People } from './people.ts';
import { platform, refOf, type Spot, splitThread, spotOf } from './refs.ts';
import type { Sdk } from './sdk/index.ts';
import type { Serves, Service } from './service.ts';
import { createUpdates } from './updates.ts';

export type PostsParts = {
  sdk: Sdk;
  people: People;
  itChannel: ItChannel;
  serves: Serves;
  now: () => number;
};

/** Everything that goes out. Rejects with DeliveryError only. */
export type Posts = {
  post(place: Place, activity: Outgoing): Promise<MessageRef>;
  update(ref: MessageRef, activity: Outgoing): Promise<void>;
  /** A card in the conversation in which somebody has just done something. */
  reply(service: Service, conversation: string, card: Card): Promise<void>;
  /** The same in the place of a card that stands there. */
  replace(service: Service, spot: Spot, card: Card): Promise<void>;
};

/** For a channel that was set but in which the bot has met nobody yet. */
const notMet = (): DeliveryError =>
  new DeliveryError('not-in-channel', 'the bot has not been installed in a team yet');
const gone = (): DeliveryError => new DeliveryError('person-gone', 'the bot has never met this person');

const inTenant = ({ tenantId }: Service) =>
  tenantId === null ? {} : { tenantId, channelData: { tenant: { id: tenantId } } };

export const createPosts = ({ sdk, people, itChannel, serves, now }: PostsParts): Posts => {
  const deliver = createDeliver(now);

  const send = (to: To, service: Service, activity: Outgoing) =>
    deliver(to, async () => {
      const sent = await sdk.send(service, to.conversation, activity);
      return refOf({ conversation: to.conversation, activity: sent });
    });

  /** Null: not met, or met by an earlier version that let strangers in. */
  const serviceOfPerson = async ({ platform: of, id }: Person): Promise<Service | null> => {
    const service = of === platform ? (await people.find(id))?.service : undefined;
    return service && serves.isOurs(service) ? service : null;
  };

  /** A person who was met in a channel has no chat with the bot until one is made. */
  const chatWith = async (id: string): Promise<{ chat: string; service: Service }> => {
    const person = await people.find(id);
    if (!person || !serves.isOurs(person.service)) throw gone();
    const { chat, service } = person;
    if (chat !== null) return { chat, service };
    const made = await deliver({ target: 'person', conversation: id }, () =>
      sdk.create(service, {
        isGroup: false,
        members: [{ id, name: person.name }],
        ...inTenant(service),
      }),
    );
    await people.change(id, { chat: made });
    return { chat: made, service };
  };

  /** A case of somebody of another tenant stays out, even where it was handed over before that was asked. */
  const itService = async (channel: string, of: Person | undefined): Promise<Service> => {
    const hers = of ? await serviceOfPerson(of) : null;
    if (hers && !(await itChannel.takes(hers)))
      throw new DeliveryError('not-in-channel', 'the IT channel is of another tenant');
    const service = (await itChannel.serviceOf(channel)) ?? hers;
    if (!service) throw notMet();
    return service;
  };

  const newThread = async (activity: Outgoing, of: Person | undefined): Promise<MessageRef> => {
    const channel = itChannel.id();
    if (channel === null) throw notMet();
    const service = await itService(channel, of);
    const { tenantId, channelData } = { tenantId: undefined, channelData: {}, ...inTenant(service) };
    const created = await deliver({ target: 'channel', conversation: channel }, () =>
      sdk.create(service, {
        isGroup: true,
        activity,
        channelData: { ...channelData, channel: { id: channel } },
        ...(tenantId && { tenantId }),
      }),
    );
    const { root } = splitThread(created);
    if (root === null) throw new DeliveryError('rejected', 'Teams has made no thread');
    return refOf({ conversation: created, activity: root });
  };

  /** Each conversation has its own: a chat that of its person, a thread that of its channel. */
  const serviceFor = async (conversation: string): Promise<Service> => {
    const ofChat = await people.serviceOf(conversation);
    if (ofChat && serves.isOurs(ofChat)) return ofChat;
    const service = await itChannel.serviceOf(splitThread(conversation).channel);
    if (!service) throw notMet();
    return service;
  };

  const updates = createUpdates<{ activity: Outgoing; service: Service | null }>({
    spacingMs: limits.updateMs,
    now,
    send: async (key, { activity, service: given }) => {
      const spot = spotOf({ platform, id: key });
      if (!spot) throw new DeliveryError('rejected', 'this is no message of Teams');
      const { conversation, activity: id } = spot;
      const service = given ?? (await serviceFor(conversation));
      const to = { target: 'update', conversation, isOnce: given !== null } as const;
      await deliver(to, () => sdk.update(service, conversation, { ...activity, id }));
    },
  });

  return {
    post: async (place, activity) => {
      switch (place.type) {
        case 'person': {
          if (place.person.platform !== platform)
            throw new DeliveryError('person-gone', 'this person is not in Teams');
          const { chat, service } = await chatWith(place.person.id);
          return send({ target: 'person', conversation: chat }, service, activity);
        }
        case 'it-channel':
          return newThread(activity, place.of);
        case 'thread': {
          const spot = spotOf(place.root);
          if (!spot) throw new DeliveryError('rejected', 'this thread is none of Teams');
          const { conversation } = spot;
          return send({ target: 'channel', conversation }, await serviceFor(conversation), activity);
        }
        default:
          return place satisfies never;
      }
    },
    update: async (ref, activity) => {
      if (!spotOf(ref)) throw new DeliveryError('rejected', 'this is no message of Teams');
      await updates(ref.id, { activity, service: null });
    },
    reply: async (service, conversation, card) => {
      await send({ target: 'person', conversation, isOnce: true }, service, asActivity(card));
    },
    replace: (service, spot, card) => updates(refOf(spot).id, { activity: asActivity(card), service }),
  };
};
