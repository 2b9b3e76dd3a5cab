import { z } from 'zod';
import type { AdapterMemory } from '../../chat/port.ts';
import { type Service, serviceSchema } from './service.ts';

const personSchema = z.object({
  name: z.string(),
  /** Her own chat with the bot; null: she was only met in a channel. */
  chat: z.string().nullable(),
  address: z.string().nullable(),
  /** What her client speaks, or what she chose. */
  locale: z.string().nullable(),
  localeChosen: z.boolean(),
  service: serviceSchema,
});
export type Known = z.infer<typeof personSchema>;

/** Whom the bot has met, and how to reach them again. */
export type People = {
  find(id: string): Promise<Known | null>;
  /** Keeps what is new. */
  meet(id: string, now: Pick<Known, 'name' | 'chat' | 'locale' | 'service'>): Promise<Known>;
  change(id: string, changes: Partial<Known>): Promise<void>;
  /** Through which service a person's chat is reached; null: it is nobody's chat. */
  serviceOf(chat: string): Promise<Service | null>;
};

const key = (id: string): string => `person/${id}`;
const chatKey = (chat: string): string => `chat/${chat}`;

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Read once and written only when something changes, since every click of a person passes here. */
export const createPeople = (memory: AdapterMemory): People => {
  const known = new Map<string, Known>();
  const cached = 5000;

  const remember = (id: string, person: Known): Known => {
    if (known.size >= cached) known.clear();
    known.set(id, person);
    return person;
  };

  const find = async (id: string): Promise<Known | null> => {
    const here = known.get(id);
    if (here) return here;
    const kept = personSchema.safeParse(await memory.get(key(id)));
    return kept.success ? remember(id, kept.data) : null;
  };

  const keep = async (id: string, before: Known | null, person: Known): Promise<Known> => {
    if (before && same(before, person)) return before;
    const isMoved = before?.chat !== person.chat || !same(before.service, person.service);
    if (person.chat !== null && isMoved) await memory.put(chatKey(person.chat), person.service);
    await memory.put(key(id), person);
    return remember(id, person);
  };

  return {
    find,
    meet: async (id, { name, chat, locale, service }) => {
      const before = await find(id);
      return keep(id, before, {
        name: name || (before?.name ?? ''),
        chat: chat ?? before?.chat ?? null,
        address: before?.address ?? null,
        locale: before?.localeChosen ? before.locale : (locale ?? before?.locale ?? null),
        localeChosen: before?.localeChosen ?? false,
        service: chat === null && before?.chat ? before.service : service,
      });
    },
    change: async (id, changes) => {
      const before = await find(id);
      if (before) await keep(id, before, { ...before, ...changes });
    },
    serviceOf: async (chat) =>
      serviceSchema
        .nullable()
        .catch(null)
        .parse((await memory.get(chatKey(chat))) ?? null),
  };
};
