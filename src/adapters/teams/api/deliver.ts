import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../../lib/backoff.ts';
import { deliveryError, statusOf, type Target } from '../errors.ts';
import { limits } from '../limits.ts';
import { createRateLimit } from './rate-limit.ts';

/** `isOnce`: nobody else tries it again, so it waits for its turn, and is tried here. */
export type To = { target: Target; conversation: string; isOnce?: boolean };

/** Too many requests: the only answer that also speaks of what else goes to this conversation. */
const tooMany = 429;
/** Teams' own words for “try again”, which pass in a moment; see the rate limits page of the Teams bots documentation. */
const passing = [412, 502, 504];
const mostTries = 3;

/** Hands a message to Teams as soon as its conversation may have one more. Rejects with DeliveryError only. */
export const createDeliver = (now: () => number) => {
  const pace = createRateLimit({ rate: limits.rate, longestMs: limits.paceMs }, now);

  const deliver = async <T>(to: To, task: () => Promise<T>, tries = 1): Promise<T> => {
    const { target, conversation, isOnce = false } = to;
    await pace.take(conversation, { orLater: !isOnce });
    try {
      return await task();
    } catch (error) {
      const failure = deliveryError(error, target);
      const status = statusOf(error);
      if (status === tooMany) pace.hold(conversation, failure.retryAfterMs ?? limits.updateMs);
      const isWorthIt =
        (status !== null && passing.includes(status)) || (isOnce && failure.code === 'temporary');
      if (!isWorthIt || tries >= mostTries) throw failure;
    }
    await sleep(backoffMs(tries, limits.betweenTries));
    return deliver(to, task, tries + 1);
  };
  return <T>(to: To, task: () => Promise<T>): Promise<T> => deliver(to, task);
};
export type Deliver = ReturnType<typeof createDeliver>;
