import type { MessageRef } from '../chat/port.ts';
import type { Store } from '../store/ports.ts';

/** Ids only: which conversation, and which check or case in it; the latter may be empty. */
export type Address = { conversationId: string; about: string };

/** Reads what buttons and forms carry: `conversation/about`. */
export const splitAddress = (value: string): Address => {
  const slash = value.indexOf('/');
  return slash < 0
    ? { conversationId: value, about: '' }
    : { conversationId: value.slice(0, slash), about: value.slice(slash + 1) };
};

/** Which case a thread in the IT channel belongs to. */
export const createThreads = (store: Store) => {
  const memory = store.memory('threads');
  const key = ({ platform, id }: MessageRef) => `${platform}:${id}`;
  return {
    remember: (root: MessageRef, { conversationId, about }: Address): Promise<void> =>
      memory.put(key(root), `${conversationId}/${about}`, { conversationId }),
    find: async (root: MessageRef): Promise<Address | null> => {
      const value = await memory.get(key(root));
      return typeof value === 'string' ? splitAddress(value) : null;
    },
  };
};
export type Threads = ReturnType<typeof createThreads>;
