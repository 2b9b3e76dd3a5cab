import { DeliveryError, type MessageRef, type Place } from '../../chat/port.ts';
import type { ItChannel } from './channel.ts';
import type { Card } from './elements.ts';
import { deliveryError, type Target } from './errors.ts';
import { limits } from './limits.ts';
import { createPace } from './pace.ts';
import type { People } from './people.ts';
import { platform, refOf, splitThread, spotOf } from './refs.ts';
import { asActivity, type Outgoing } from './render.ts';
import type { Sdk } from './sdk.ts';
import type { Service } from './service.ts';
import { createUpdates } from './updates.ts';

export type PostsParts = { sdk: Sdk; people: People; itChannel: ItChannel; now: () => number };

/** Everything that goes out. Rejects with DeliveryError only. */
export type Posts = {
  post(place: Place, activity: Outgoing): Promise<MessageRef>;
  update(ref: MessageRef, activity: Outgoing): Promise<void>;
  /** A card in the conversation in which somebody has just done something. */
  reply(service: Service, conversation: string, card: Card): Promise<void>;
};

/** For a channel that was set but in which the bot has met nobody yet. */
const notMet = (): DeliveryError =>
  new DeliveryError('not-in-channel', 'the bot has not been installed in a team yet');

export const createPosts = ({ sdk, people, itChannel, now }: PostsParts): Posts => {
  const pace = createPace(limits.rate, now);

  const deliver = async <T>(target: Target, conversation: string, task: () => Promise<T>): Promise<T> => {
    await pace(conversation);
    try {
      return await task();
    } catch (error) {
      throw deliveryError(error, target);
    }
  };

  const send = (target: Target, service: Service, conversation: string, activity: Outgoing) =>
    deliver(target, conversation, async () => {
      const sent = await sdk.send(service, conversation, activity);
      return refOf({ conversation, activity: sent });
    });

  /** A person who was met in a channel has no chat with the bot until one is made. */
  const chatWith = async (id: string): Promise<{ chat: string; service: Service }> => {
    const person = await people.find(id);
    if (!person) throw new DeliveryError('person-gone', 'the bot has never met this person');
    const { chat, service } = person;
    if (chat !== null) return { chat, service };
    const made = await deliver('person', id, () =>
      sdk.create(service, {
        isGroup: false,
        members: [{ id, name: person.name }],
        ...(service.tenantId && {
          tenantId: service.tenantId,
          channelData: { tenant: { id: service.tenantId } },
        }),
      }),
    );
    await people.change(id, { chat: made });
    return { chat: made, service };
  };

  const newThread = async (activity: Outgoing): Promise<MessageRef> => {
    const channel = itChannel.id();
    const service = itChannel.service();
    if (channel === null || service === null) throw notMet();
    const created = await deliver('channel', channel, () =>
      sdk.create(service, {
        isGroup: true,
        activity,
        channelData: {
          channel: { id: channel },
          ...(service.tenantId && { tenant: { id: service.tenantId } }),
        },
        ...(service.tenantId && { tenantId: service.tenantId }),
      }),
    );
    const { root } = splitThread(created);
    if (root === null) throw new DeliveryError('rejected', 'Teams has made no thread');
    return refOf({ conversation: created, activity: root });
  };

  /** Chats have the service of their person, channels the one that was met last. */
  const serviceFor = async (conversation: string): Promise<Service> => {
    const service = (await people.serviceOf(conversation)) ?? itChannel.service();
    if (!service) throw notMet();
    return service;
  };

  const updates = createUpdates<Outgoing>({
    spacingMs: limits.updateMs,
    now,
    send: async (key, activity) => {
      const spot = spotOf({ platform, id: key });
      if (!spot) throw new DeliveryError('rejected', 'this is no message of Teams');
      const service = await serviceFor(spot.conversation);
      await deliver('update', spot.conversation, () =>
        sdk.update(service, spot.conversation, { ...activity, id: spot.activity }),
      );
    },
  });

  return {
    post: async (place, activity) => {
      switch (place.type) {
        case 'person': {
          if (place.person.platform !== platform)
            throw new DeliveryError('person-gone', 'this person is not in Teams');
          const { chat, service } = await chatWith(place.person.id);
          return send('person', service, chat, activity);
        }
        case 'it-channel':
          return newThread(activity);
        case 'thread': {
          const spot = spotOf(place.root);
          if (!spot) throw new DeliveryError('rejected', 'this thread is none of Teams');
          return send('channel', await serviceFor(spot.conversation), spot.conversation, activity);
        }
        default:
          return place satisfies never;
      }
    },
    update: async (ref, activity) => {
      if (!spotOf(ref)) throw new DeliveryError('rejected', 'this is no message of Teams');
      await updates(ref.id, activity);
    },
    reply: async (service, conversation, card) => {
      await send('person', service, conversation, asActivity(card));
    },
  };
};
