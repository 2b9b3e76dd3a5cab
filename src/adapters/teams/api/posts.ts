import {
  DeliveryError,
  type MessageRef,
  type Person,
  type Place,
  type Priority,
} from '../../../chat/port.ts';
import { createLatestOnly } from '../../../lib/latest-only.ts';
import { limits } from '../limits.ts';
import type { Card } from '../render/elements.ts';
import { asActivity, type Outgoing } from '../render/render.ts';
import { createDeliver, type Deliver, type DeliverParts, type To } from './deliver.ts';
import type { ItChannel } from './it-channel.ts';
import type { Serves } from './origin.ts';
import type { People } from './people.ts';
import { createPlaces, inTenant, notMet } from './places.ts';
import { platform, refOf, type Spot, splitThread, spotOf } from './refs.ts';
import type { Sdk } from './sdk/index.ts';
import type { ConnectorService } from './service.ts';

export type PostsParts = {
  sdk: Sdk;
  people: People;
  itChannel: ItChannel;
  serves: Serves;
} & DeliverParts;

/** Everything that goes out. Rejects with DeliveryError only. */
export type Posts = {
  post(place: Place, activity: Outgoing): Promise<MessageRef>;
  update(ref: MessageRef, activity: Outgoing, priority?: Priority): Promise<void>;
  /** Something in the conversation in which somebody has just done something. */
  reply(service: ConnectorService, conversation: string, shown: Card | Outgoing): Promise<void>;
  /** The same in the place of a card that stands there. */
  replace(service: ConnectorService, spot: Spot, card: Card): Promise<void>;
};

const outgoing = (shown: Card | Outgoing): Outgoing => ('attachments' in shown ? shown : asActivity(shown));

type UpdateParts = Pick<PostsParts, 'sdk'> & {
  deliver: Deliver;
  serviceFor(conversation: string): Promise<ConnectorService>;
};

/** `within` a request nobody tries it again. */
type How = { within: ConnectorService } | { priority: Priority };

const createUpdate = ({ sdk, deliver, serviceFor }: UpdateParts) => {
  const updates = createLatestOnly({ gapMs: limits.updateMs });
  return (spot: Spot, activity: Outgoing, how: How): Promise<void> =>
    updates.run(refOf(spot).id, async () => {
      const { conversation, activity: id } = spot;
      const isOnce = 'within' in how;
      const service = isOnce ? how.within : await serviceFor(conversation);
      const to: To = { target: 'update', conversation, ...(isOnce ? { isOnce } : how) };
      await deliver(to, () => sdk.update(service, conversation, { ...activity, id }));
    });
};

type Begin = { itService: ReturnType<typeof createPlaces>['itService']; deliver: Deliver };

/** A thread in the IT channel begins with its root. */
const createBeginThread =
  ({ sdk, itChannel }: PostsParts, { itService, deliver }: Begin) =>
  async (activity: Outgoing, of: Person | undefined): Promise<MessageRef> => {
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
    await itChannel.reached();
    return refOf({ conversation: created, activity: root });
  };

export const createPosts = (parts: PostsParts): Posts => {
  const { sdk } = parts;
  const deliver = createDeliver(parts);
  const { chatWith, itService, serviceFor } = createPlaces({ ...parts, deliver });
  const beginThread = createBeginThread(parts, { itService, deliver });
  const update = createUpdate({ sdk, deliver, serviceFor });

  const send = (to: To, service: ConnectorService, activity: Outgoing) =>
    deliver(to, async () => {
      const sent = await sdk.send(service, to.conversation, activity);
      return refOf({ conversation: to.conversation, activity: sent });
    });

  const post = async (place: Place, activity: Outgoing): Promise<MessageRef> => {
    switch (place.type) {
      case 'person': {
        if (place.person.platform !== platform)
          throw new DeliveryError('person-gone', 'this person is not in Teams');
        const { chat, service } = await chatWith(place.person.id);
        return send({ target: 'person', conversation: chat }, service, activity);
      }
      case 'it-channel':
        return beginThread(activity, place.of);
      case 'thread': {
        const spot = spotOf(place.root);
        if (!spot) throw new DeliveryError('rejected', 'this thread is none of Teams');
        const { conversation } = spot;
        return send({ target: 'channel', conversation }, await serviceFor(conversation), activity);
      }
      default:
        return place satisfies never;
    }
  };

  return {
    post,
    update: async (ref, activity, priority = 'normal') => {
      const spot = spotOf(ref);
      if (!spot) throw new DeliveryError('rejected', 'this is no message of Teams');
      await update(spot, activity, { priority });
    },
    reply: async (service, conversation, shown) => {
      await send({ target: 'person', conversation, isOnce: true }, service, outgoing(shown));
    },
    replace: (service, spot, card) => update(spot, asActivity(card), { within: service }),
  };
};
