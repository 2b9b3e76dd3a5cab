import type { ChatAdapter, Person } from '../chat/port.ts';

/** Where each side of a conversation lives. `itOf`: the own platform's IT channel, else another's; null: there is none for this person. */
export type Adapters = {
  byPlatform(platform: string): ChatAdapter | null;
  itOf(person: Person): Promise<ChatAdapter | null>;
};

/** Whether a case can be handed over at all. */
export const hasItChannel = (adapters: readonly ChatAdapter[]): boolean =>
  adapters.some(({ capabilities }) => capabilities.itChannel);

export const createAdapters = (adapters: readonly ChatAdapter[]): Adapters => {
  const byPlatform = (platform: string) => adapters.find((one) => one.platform === platform) ?? null;
  return {
    byPlatform,
    itOf: async (person) => {
      const own = byPlatform(person.platform);
      if (own?.capabilities.itChannel) return (await (own.takesEscalationOf?.(person) ?? true)) ? own : null;
      return adapters.find(({ capabilities }) => capabilities.itChannel) ?? null;
    },
  };
};
