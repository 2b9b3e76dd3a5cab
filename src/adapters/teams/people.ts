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

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Read once and written only when something changes, since every click of a person passes here. */
export const createPeople = (memory: AdapterMemory): People => {
  const known = new Map<string, Known>();
  const cached = 5000;
  /** Read when first asked for: messages are updated by their chat, not by their person. */
  let ofChats: Promise<Map<string, Service>> | null = null;

  const remember = (id: string, person: Known): Known => {
    if (known.size >= cached) known.clear();
    known.set(id, person);
    return person;
  };

  const readChats = async (): Promise<Map<string, Service>> => {
    const all = (await memory.list('person/')).map(({ value }) => personSchema.safeParse(value).data);
    return new Map(all.flatMap((one) => (one?.chat ? [[one.chat, one.service] as const] : [])));
  };

  const find = async (id: string): Promise<Known | null> => {
    const here = known.get(id);
    if (here) return here;
    const kept = personSchema.safeParse(await memory.get(key(id)));
    return kept.success ? remember(id, kept.data) : null;
  };

  const keep = async (id: string, before: Known | null, person: Known): Promise<Known> => {
    if (before && same(before, person)) return before;
    await memory.put(key(id), person);
    if (person.chat !== null) (await ofChats)?.set(person.chat, person.service);
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
    serviceOf: async (chat) => {
      ofChats ??= readChats();
      const chats = await ofChats.catch((error: unknown) => {
        ofChats = null;
        throw error;
      });
      return chats.get(chat) ?? null;
    },
  };
};
