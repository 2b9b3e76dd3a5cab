import { z } from 'zod';
import type { AdapterMemory } from '../../../chat/port.ts';
import type { Serves } from './origin.ts';
import { type ConnectorService, sameTenant, serviceSchema } from './service.ts';

const learnt = z.object({
  id: z.string(),
  team: z.string().nullable(),
  /** By whoever installed the bot; otherwise it is where the bot was met. */
  chosen: z.boolean().default(false),
});

type Installation = { id: string; team: string | null; chosen: boolean; service: ConnectorService };

/** The IT channel: the one that is set, else the first team channel that the bot was installed in. */
export type ItChannel = {
  id(): string | null;
  /** How a channel is reached: as its own people have shown, never as somebody elsewhere did. Null: nobody has yet. */
  serviceOf(channel: string): Promise<ConnectorService | null>;
  /** Whether cases of whoever is reached through this service may go there: none leaves its tenant. */
  takes(of: ConnectorService): Promise<boolean>;
  /** Something was said or done in a channel. */
  meet(channel: string, service: ConnectorService): Promise<void>;
  install(installation: Installation): Promise<void>;
  remove(id: string, team: string | null): Promise<void>;
};

/**
 * The first installation stays until it is removed: whoever may add apps to some other team must not thereby read what
 * reps hand over. One that was learnt without its tenant, as earlier versions did, counts from the moment at which
 * somebody of ours is met in it.
 */
export const openItChannel = async (
  memory: AdapterMemory,
  set: string | null,
  serves: Serves,
): Promise<ItChannel> => {
  const kept = learnt.nullable().safeParse(await memory.get('it-channel'));
  let channel = kept.success ? kept.data : null;
  const known = new Map<string, ConnectorService>();

  const ours = (value: unknown): ConnectorService | null => {
    const service = serviceSchema.safeParse(value).data;
    return service && serves.isOurs(service) ? service : null;
  };
  const own = async (id: string): Promise<ConnectorService | null> => {
    const service = known.get(id) ?? ours(await memory.get(`channel/${id}`));
    if (service) known.set(id, service);
    return service;
  };
  /** Where everybody is of one tenant, any door to it will do; earlier versions have kept one. */
  const isOneTenant = serves.tenant !== null || serves.local;
  const candidate = (): string | null => set ?? channel?.id ?? null;
  const id = (): string | null => {
    const one = candidate();
    return set !== null || serves.local || (one !== null && known.has(one)) ? one : null;
  };

  const learn = async (next: z.infer<typeof learnt> | null): Promise<void> => {
    await memory.put('it-channel', next);
    channel = next;
  };
  const keep = async (at: string, service: ConnectorService): Promise<void> => {
    await memory.put(`channel/${at}`, service);
    known.set(at, service);
  };

  const first = candidate();
  if (first !== null && !(await own(first)) && serves.tenant !== null) {
    // Learnt by an earlier version, which kept one door for all: where there is one tenant, that is its door too.
    const door = ours(await memory.get('service'));
    if (door) known.set(first, door);
  }
  return {
    id,
    serviceOf: async (at) => (await own(at)) ?? (isOneTenant ? ours(await memory.get('service')) : null),
    takes: async (of) => {
      const at = id();
      if (at === null || !serves.isOurs(of)) return false;
      if (serves.tenant !== null) return true;
      const there = await own(at);
      return there ? sameTenant(there.tenantId, of.tenantId) : serves.local;
    },
    meet: async (at, service) => {
      if (at === candidate() && !(await own(at))) await keep(at, service);
    },
    install: async ({ service, ...next }) => {
      const before = await own(next.id);
      if (before && !sameTenant(before.tenantId, service.tenantId)) return;
      if (JSON.stringify(before) !== JSON.stringify(service)) await keep(next.id, service);
      // Teams tells of one installation twice, and only once with the channel that was chosen.
      const isSaidBetter =
        next.chosen && !channel?.chosen && channel?.team === next.team && next.team !== null;
      if (channel === null || id() === null || isSaidBetter) await learn(next);
    },
    remove: async (at, team) => {
      const isIt = channel !== null && (channel.id === at || (team !== null && channel.team === team));
      if (isIt) await learn(null);
    },
  };
};
