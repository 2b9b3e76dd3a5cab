import type { MessageRef } from '../../chat/port.ts';
import type { CaseAddress } from '../../conversation/events/event.ts';
import type { Store } from '../../store/ports.ts';

/** Ids only: which conversation, and which check or case in it; the latter may be empty. */
export type Address = { conversationId: string; about: string };

/** Reads what buttons and forms carry: `conversation/about`. */
export const splitAddress = (value: string): Address => {
  const slash = value.indexOf('/');
  return slash < 0
    ? { conversationId: value, about: '' }
    : { conversationId: value.slice(0, slash), about: value.slice(slash + 1) };
};

export const addressOf = ({ conversationId, escalationId }: CaseAddress): string =>
  `${conversationId}/${escalationId}`;

/** Which case a thread in the IT channel belongs to, and where it is when it has moved. */
export const createThreads = (store: Store) => {
  const memory = store.memory('threads');
  const moved = store.memory('moved-threads');
  const key = ({ platform, id }: MessageRef) => `${platform}:${id}`;
  const find = async (root: MessageRef): Promise<Address | null> => {
    const value = await memory.get(key(root));
    return typeof value === 'string' ? splitAddress(value) : null;
  };
  return {
    find,
    remember: (root: MessageRef, { conversationId, about }: Address): Promise<void> =>
      memory.put(key(root), `${conversationId}/${about}`, { conversationId }),
    /** The same address, unless its thread has been passed on since a button was drawn. */
    whereNow: async (address: Address): Promise<Address> => {
      const value = await moved.get(`${address.conversationId}/${address.about}`);
      return typeof value === 'string' ? splitAddress(value) : address;
    },
    /** All that has led to `from` leads to `to`, also by way of earlier moves. */
    move: async (root: MessageRef, from: CaseAddress, to: CaseAddress): Promise<void> => {
      const about = { conversationId: to.conversationId };
      const led = (await moved.list('')).filter(({ value }) => value === addressOf(from));
      for (const old of [addressOf(from), ...led.map((one) => one.key)])
        await moved.put(old, addressOf(to), about);
      await memory.put(key(root), addressOf(to), about);
    },
  };
};
export type Threads = ReturnType<typeof createThreads>;
