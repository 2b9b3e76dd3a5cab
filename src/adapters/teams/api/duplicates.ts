import type { Delivery } from '../../../chat/port.ts';
import type { Message } from '../../../chat/view.ts';
import { createBoundedMap } from '../../../lib/bounded-map.ts';
import { isRefused } from '../errors.ts';
import { limits } from '../limits.ts';

/** A line of the adapter in the language of a message. */
export type AdapterLine = (message: Message) => string;

/**
 * Teams lets a bot neither name a message nor look for it. So one that an earlier try may have posted says that it may stand there
 * twice; not where that try is known to have been refused.
 */
export const createDuplicateMark = (line: AdapterLine) => {
  const notPosted = createBoundedMap<string, true>(limits.refused);
  return async <T>(
    message: Message,
    delivery: Delivery | undefined,
    post: (message: Message) => Promise<T>,
  ): Promise<T> => {
    const key = delivery?.key ?? '';
    const wasRefused = notPosted.delete(key);
    const mayStand = delivery?.mayBeRepeat === true && !wasRefused;
    try {
      return await post(
        mayStand
          ? { ...message, blocks: [{ type: 'note', text: line(message) }, ...message.blocks] }
          : message,
      );
    } catch (error) {
      if (key !== '' && !mayStand && isRefused(error)) notPosted.set(key, true);
      throw error;
    }
  };
};
