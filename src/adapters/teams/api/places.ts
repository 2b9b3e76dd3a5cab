import { DeliveryError, type Person } from '../../../chat/port.ts';
import type { Deliver } from './deliver.ts';
import type { ItChannel } from './it-channel.ts';
import type { Serves } from './origin.ts';
import type { People } from './people.ts';
import { platform, splitThread } from './refs.ts';
import type { Sdk } from './sdk/index.ts';
import type { ConnectorService } from './service.ts';

/** For a channel that was set but in which the bot has met nobody yet. */
export const notMet = (): DeliveryError =>
  new DeliveryError('not-in-channel', 'the bot has not been installed in a team yet');
const gone = (): DeliveryError => new DeliveryError('person-gone', 'the bot has never met this person');

export const inTenant = ({ tenantId }: ConnectorService) =>
  tenantId === null ? {} : { tenantId, channelData: { tenant: { id: tenantId } } };

type Parts = { sdk: Sdk; people: People; itChannel: ItChannel; serves: Serves; deliver: Deliver };

/** How each place is reached: through which service, and in which conversation. All reject with DeliveryError only. */
export const createPlaces = ({ sdk, people, itChannel, serves, deliver }: Parts) => {
  /** Null: not met, or met by an earlier version that let strangers in. */
  const serviceOfPerson = async ({ platform: of, id }: Person): Promise<ConnectorService | null> => {
    const service = of === platform ? (await people.find(id))?.service : undefined;
    return service && serves.isOurs(service) ? service : null;
  };

  return {
    /** A person who was met in a channel has no chat with the bot until one is made. */
    chatWith: async (id: string): Promise<{ chat: string; service: ConnectorService }> => {
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
    },

    /** A case of somebody of another tenant stays out, even where it was handed over before that was asked. */
    itService: async (channel: string, of: Person | undefined): Promise<ConnectorService> => {
      const hers = of ? await serviceOfPerson(of) : null;
      if (hers && !(await itChannel.takes(hers)))
        throw new DeliveryError('not-in-channel', 'the IT channel is of another tenant');
      const service = (await itChannel.serviceOf(channel)) ?? hers;
      if (!service) throw notMet();
      return service;
    },

    /** Each conversation has its own: a chat that of its person, a thread that of its channel. */
    serviceFor: async (conversation: string): Promise<ConnectorService> => {
      const ofChat = await people.serviceOf(conversation);
      if (ofChat && serves.isOurs(ofChat)) return ofChat;
      const service = await itChannel.serviceOf(splitThread(conversation).channel);
      if (!service) throw notMet();
      return service;
    },
  };
};
