import type { AdapterMemory } from '../../../../chat/port.ts';
import type { Serves } from '../origin.ts';
import { type ConnectorService, serviceSchema } from '../service.ts';

/** How channels are reached, each as its own people have shown. */
export const createChannelServices = (memory: AdapterMemory, serves: Serves) => {
  const known = new Map<string, ConnectorService>();
  const ours = (value: unknown): ConnectorService | null => {
    const service = serviceSchema.safeParse(value).data;
    return service && serves.isOurs(service) ? service : null;
  };
  const find = async (channel: string): Promise<ConnectorService | null> => {
    const service = known.get(channel) ?? ours(await memory.get(`channel/${channel}`));
    if (service) known.set(channel, service);
    return service;
  };
  return {
    find,
    /** Without asking the store. */
    isKnown: (channel: string): boolean => known.has(channel),
    keep: async (channel: string, service: ConnectorService): Promise<void> => {
      const before = await find(channel);
      if (JSON.stringify(before) !== JSON.stringify(service)) await memory.put(`channel/${channel}`, service);
      known.set(channel, service);
    },
    /** The one door that earlier versions have kept for all: where everybody is of one tenant, any will do. */
    ofEarlierVersion: async (): Promise<ConnectorService | null> => ours(await memory.get('service')),
    assume: (channel: string, service: ConnectorService): void => void known.set(channel, service),
  };
};
export type ChannelServices = ReturnType<typeof createChannelServices>;
