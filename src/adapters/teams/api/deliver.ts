import { setTimeout as sleep } from 'node:timers/promises';
import { type BudgetParts, createBudget } from '../../../chat/budget.ts';
import type { Priority } from '../../../chat/port.ts';
import { backoffMs } from '../../../lib/backoff.ts';
import { deliveryError, statusOf, type Target } from '../errors.ts';
import { limits } from '../limits.ts';
import { createRateLimit } from './rate-limit.ts';
import { platform } from './refs.ts';

/** `isOnce`: nobody else tries it again, so it waits for its turn, and is tried here. `priority`: `high` unless said. */
export type To = { target: Target; conversation: string; isOnce?: boolean; priority?: Priority };

/** Too many requests: the only answer that also speaks of what else goes to this conversation. */
const tooMany = 429;
/** Teams' own words for “try again”, which pass in a moment; see the rate limits page of the Teams bots documentation. */
const passing = [412, 502, 504];
const mostTries = 3;

/** `elapsed`: milliseconds by a clock that nobody sets. */
export type DeliverParts = Pick<BudgetParts, 'buckets' | 'now' | 'onError'> & { elapsed: () => number };

/** Hands a message to Teams as soon as its conversation may have one more. Rejects with DeliveryError only. */
export const createDeliver = ({ elapsed, ...parts }: DeliverParts) => {
  const pace = createRateLimit({ rate: limits.rate }, elapsed);
  const rates = { all: null, each: limits.sharedRate };
  const budget = createBudget({ ...parts, platform, rates: () => rates });

  /** What somebody waits for within a request takes its turn in this process, and is not held back by others. */
  const takeTurn = async ({ conversation, isOnce = false, priority = 'high' }: To): Promise<void> => {
    const isDroppable = priority === 'low';
    await pace.take(conversation, { orLater: !isOnce, longestMs: isDroppable ? 0 : limits.paceMs });
    if (isOnce) return;
    const waitMs = await budget.take({ method: 'message', channel: conversation }, priority);
    if (waitMs > 0) await sleep(waitMs);
  };

  const attempt = async <T>(to: To, task: () => Promise<T>, tries: number): Promise<T> => {
    const { target, conversation, isOnce = false } = to;
    try {
      return await task();
    } catch (error) {
      const failure = deliveryError(error, target);
      const status = statusOf(error);
      if (status === tooMany) {
        const ms = failure.retryAfterMs ?? limits.updateMs;
        pace.hold(conversation, ms);
        await budget.hold({ method: 'message', channel: conversation }, ms);
      }
      const isWorthIt =
        (status !== null && passing.includes(status)) || (isOnce && failure.code === 'temporary');
      if (!isWorthIt || tries >= mostTries) throw failure;
      await sleep(backoffMs(tries, limits.betweenTries));
      // Whether this try has arrived may be open, so it is what is told where there is no turn for another.
      await takeTurn(to).catch(() => {
        throw failure;
      });
    }
    return attempt(to, task, tries + 1);
  };

  return async <T>(to: To, task: () => Promise<T>): Promise<T> => {
    await takeTurn(to);
    return attempt(to, task, 1);
  };
};
export type Deliver = ReturnType<typeof createDeliver>;
