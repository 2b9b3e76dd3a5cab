import type { MessageRef } from '../../chat/port.ts';
import type { EscalationAddress } from '../../conversation/events/event.ts';
import type { Store } from '../../store/ports.ts';

/** Ids only: which conversation, and which check or case in it; the latter may be empty. */
export type ConversationPath = { conversationId: string; about: string };

/** Reads what buttons and forms carry: `conversation/about`. */
export const splitPath = (value: string): ConversationPath => {
  const slash = value.indexOf('/');
  return slash < 0
    ? { conversationId: value, about: '' }
    : { conversationId: value.slice(0, slash), about: value.slice(slash + 1) };
};

export const pathOf = ({ conversationId, escalationId }: EscalationAddress): string =>
  `${conversationId}/${escalationId}`;

/** Which case a thread in the IT channel belongs to, and where it is when it has moved. */
export const createThreads = (store: Store) => {
  const memory = store.memory('threads');
  const moved = store.memory('moved-threads');
  const key = ({ platform, id }: MessageRef) => `${platform}:${id}`;
  const find = async (root: MessageRef): Promise<ConversationPath | null> => {
    const value = await memory.get(key(root));
    return typeof value === 'string' ? splitPath(value) : null;
  };
  return {
    find,
    remember: (root: MessageRef, { conversationId, about }: ConversationPath): Promise<void> =>
      memory.put(key(root), `${conversationId}/${about}`, { conversationId }),
    /** The same path, unless its thread has been passed on since a button was drawn. */
    whereNow: async (path: ConversationPath): Promise<ConversationPath> => {
      const value = await moved.get(`${path.conversationId}/${path.about}`);
      return typeof value === 'string' ? splitPath(value) : path;
    },
    /** All that has led to `from` leads to `to`, also by way of earlier moves. */
    move: async (root: MessageRef, from: EscalationAddress, to: EscalationAddress): Promise<void> => {
      const about = { conversationId: to.conversationId };
      const led = (await moved.list('')).filter(({ value }) => value === pathOf(from));
      for (const old of [pathOf(from), ...led.map((one) => one.key)]) await moved.put(old, pathOf(to), about);
      await memory.put(key(root), pathOf(to), about);
    },
  };
};
export type Threads = ReturnType<typeof createThreads>;
