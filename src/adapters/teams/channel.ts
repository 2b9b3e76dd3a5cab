import { z } from 'zod';
import type { AdapterMemory } from '../../chat/port.ts';
import { type Service, serviceSchema } from './service.ts';

const learnt = z.object({
  id: z.string(),
  team: z.string().nullable(),
  /** By whoever installed the bot; otherwise it is where the bot was met. */
  chosen: z.boolean().default(false),
});

/** The IT channel: the one that is set, else the first team channel that the bot was installed in. */
export type ItChannel = {
  id(): string | null;
  /** Where the bot was met last; null: nowhere yet. */
  service(): Service | null;
  meet(service: Service): Promise<void>;
  install(channel: { id: string; team: string | null; chosen: boolean }): Promise<void>;
  remove(id: string, team: string | null): Promise<void>;
};

/**
 * The first installation stays until it is removed: whoever may add apps to some other team must not thereby read what
 * reps hand over.
 */
export const openItChannel = async (memory: AdapterMemory, set: string | null): Promise<ItChannel> => {
  const kept = learnt.nullable().safeParse(await memory.get('it-channel'));
  let channel = kept.success ? kept.data : null;
  const keptService = serviceSchema.safeParse(await memory.get('service'));
  let service = keptService.success ? keptService.data : null;

  const learn = async (next: z.infer<typeof learnt> | null): Promise<void> => {
    await memory.put('it-channel', next);
    channel = next;
  };

  return {
    id: () => set ?? channel?.id ?? null,
    service: () => service,
    meet: async (now) => {
      if (JSON.stringify(now) === JSON.stringify(service)) return;
      await memory.put('service', now);
      service = now;
    },
    install: async (next) => {
      // Teams tells of one installation twice, and only once with the channel that was chosen.
      const isSaidBetter =
        next.chosen && !channel?.chosen && channel?.team === next.team && next.team !== null;
      if (channel === null || isSaidBetter) await learn(next);
    },
    remove: async (id, team) => {
      const isIt = channel !== null && (channel.id === id || (team !== null && channel.team === team));
      if (isIt) await learn(null);
    },
  };
};
