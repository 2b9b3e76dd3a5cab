import { z } from 'zod';
import type { AdapterMemory } from '../../../../chat/port.ts';

/** Why nothing can be posted in a channel any more, as Teams has told. */
export const channelEnds = ['channel-deleted', 'team-deleted', 'team-archived', 'removed'] as const;
export type ChannelEnd = (typeof channelEnds)[number];

const lifeSchema = z.object({ team: z.string().nullable(), end: z.enum(channelEnds).nullable() });
type Life = z.infer<typeof lifeSchema>;

const unknown: Life = { team: null, end: null };

/** What is known of channels besides how they are reached: of which team they are, and whether they are still there. */
export const createChannelLife = (memory: AdapterMemory) => {
  const key = (channel: string): string => `life/${channel}`;
  const of = async (channel: string): Promise<Life> =>
    lifeSchema.safeParse(await memory.get(key(channel))).data ?? unknown;
  const change = async (channel: string, changes: Partial<Life>): Promise<void> => {
    const before = await of(channel);
    const now = { ...before, ...changes };
    if (JSON.stringify(now) !== JSON.stringify(before)) await memory.put(key(channel), now);
  };
  return {
    of,
    /** A channel has shown of which team it is. */
    belongs: async (channel: string, team: string | null): Promise<void> => {
      if (team !== null) await change(channel, { team });
    },
    end: (channel: string, end: ChannelEnd): Promise<void> => change(channel, { end }),
    /** It can be used, or could be. */
    goesOn: (channel: string): Promise<void> => change(channel, { end: null }),
  };
};
export type ChannelLife = ReturnType<typeof createChannelLife>;
