import { z } from 'zod';
import { cleanedName } from '../../../chat/cleaned.ts';
import type { AdapterMemory } from '../../../chat/port.ts';
import { limits } from '../limits.ts';
import { platform } from './refs.ts';
import { type ConnectorService, serviceSchema } from './service.ts';

const personSchema = z.object({
  name: z.string(),
  /** Her own chat with the bot; null: she was only met in a channel. */
  chat: z.string().nullable(),
  address: z.string().nullable(),
  /** What her client speaks. */
  locale: z.string().nullable(),
  /** What the bot speaks with her; null: not known yet. */
  spoken: z.string().nullable().default(null),
  service: serviceSchema,
});
export type Known = z.infer<typeof personSchema>;

/** Whom the bot has met, and how to reach them again. */
export type People = {
  find(id: string): Promise<Known | null>;
  /** What this process knows of somebody who has just spoken, where the store does not answer. */
  recall(id: string): Known | null;
  /** Keeps what is new. */
  meet(id: string, now: Pick<Known, 'name' | 'chat' | 'locale' | 'service'>): Promise<Known>;
  change(id: string, changes: Partial<Known>): Promise<void>;
  /** Through which service a person's chat is reached; null: it is nobody's chat. */
  serviceOf(chat: string): Promise<ConnectorService | null>;
};

const personKey = (id: string): string => `person/${id}`;
const chatKey = (chat: string): string => `chat/${chat}`;

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * Nobody is kept in the process but for a moment: what the store has erased is forgotten, and another process may have
 * learnt more. Whoever speaks just while she is erased is still to be answered.
 */
export const createPeople = (memory: AdapterMemory, now: () => number): People => {
  const recent = new Map<string, { person: Known; until: number }>();

  const justMet = (id: string, person: Known): Known => {
    recent.delete(id);
    recent.set(id, { person, until: now() + limits.recentMs });
    for (const [key, { until }] of recent) {
      if (until > now()) break;
      recent.delete(key);
    }
    return person;
  };

  const stored = async (id: string): Promise<Known | null> =>
    personSchema.safeParse(await memory.get(personKey(id))).data ?? null;

  /** Written only when something changes, since every click of a person passes here. */
  const keep = async (id: string, before: Known | null, person: Known): Promise<Known> => {
    if (before && same(before, person)) return before;
    const about = { person: { platform, id } };
    const { chat, service } = person;
    if (chat !== null && !(before?.chat === chat && same(before.service, service)))
      await memory.put(chatKey(chat), service, about);
    await memory.put(personKey(id), person, about);
    return person;
  };

  const recall = (id: string): Known | null => {
    const here = recent.get(id);
    return here && here.until > now() ? here.person : null;
  };

  return {
    recall,
    find: async (id) => (await stored(id)) ?? recall(id),
    meet: async (id, { name, chat, locale, service }) => {
      const before = await stored(id);
      const person = await keep(id, before, {
        name: cleanedName(name) || (before?.name ?? ''),
        chat: chat ?? before?.chat ?? null,
        address: before?.address ?? null,
        locale: locale ?? before?.locale ?? null,
        spoken: before?.spoken ?? null,
        service: chat === null && before?.chat ? before.service : service,
      });
      return justMet(id, person);
    },
    change: async (id, changes) => {
      const before = await stored(id);
      if (before) await keep(id, before, { ...before, ...changes });
    },
    serviceOf: async (chat) => serviceSchema.safeParse(await memory.get(chatKey(chat))).data ?? null,
  };
};
