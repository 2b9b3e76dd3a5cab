import { createHash } from 'node:crypto';
import { createBoundedMap } from '../lib/bounded-map.ts';
import { DeliveryError, type Priority } from './port.ts';

/** A token bucket: so many at once, and so many more a second. */
export type Rate = {
  capacity: number;
  refillPerSecond: number;
  /** A message of high priority that can go out within so many milliseconds has its turn kept; any other comes again. */
  patienceMs?: number;
  /** How many tokens each leaves for those who matter more. */
  reserve?: Readonly<Record<Exclude<Priority, 'high'>, number>>;
};

/** What a platform allows for one method. Null: it counts nothing there. */
export type MethodRates = {
  /** In the whole workspace. */
  all: Rate | null;
  /** In each channel. */
  each: Rate | null;
};

/** What goes out, and where; null: a method that is of no channel. */
export type Sending = { method: string; channel: string | null };

type Wish = { key: string; rate: Rate };

type Bucket = {
  capacity: number;
  refillPerSecond: number;
  /** So many tokens are left for others. */
  reserve?: number;
  /** A token that is there within so many milliseconds can be had now, for then. */
  patienceMs?: number;
};

/**
 * `waitMs`: how long from now it is not to be used yet. `giveBack`: what it was for was not done. `until`: when the next
 * can be had, in milliseconds since the epoch.
 */
export type Taken =
  | { isTaken: true; waitMs: number; giveBack(): Promise<void> }
  | { isTaken: false; until: number };

/** Token buckets that all processes draw on. */
export type SharedBuckets = {
  /** Takes a token. */
  take(key: string, bucket: Bucket, now: number): Promise<Taken>;
  /** Nothing is taken out of a bucket before `until`, by whatever process; said again, the last word counts. */
  hold(key: string, until: number, now: number): Promise<void>;
};

export type BudgetParts = {
  platform: string;
  buckets: SharedBuckets;
  rates: (method: string) => MethodRates;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The store did not answer: the platform itself still counts. */
  onError(error: unknown): void;
};

export type Budget = {
  /**
   * Takes a message's share of what the platform allows, in its channel and in all, and gives how many milliseconds it is
   * to wait before it goes out. @throws DeliveryError `throttled`, with the time after which to come again: nothing may go
   * out now
   */
  take(to: Sending, priority: Priority): Promise<number>;
  /** The platform has asked to be left alone for so long. It counts by channel, so that one keeps no other waiting. */
  hold(to: Sending, ms: number): Promise<void>;
};

/** Refusals that are remembered, so that the store is not asked for what it has just refused. */
const mostRefusals = 5000;
/** How long a method rests everywhere when the platform has refused it in several channels at once. */
const restMs = 1000;

const throttled = (method: string, retryAfterMs: number): DeliveryError =>
  new DeliveryError('throttled', `${method}: waits for its turn`, { retryAfterMs });

/**
 * Whether a refusal is of more than its channel, which the platform does not say: it is where another channel has just been
 * refused, too.
 */
const createHeldChannels = (now: () => number) => {
  const held = new Map<string, Map<string, number>>();
  return ({ method, channel }: Sending, until: number): boolean => {
    if (channel === null) return true;
    const channels = held.get(method) ?? new Map<string, number>();
    held.set(method, channels);
    for (const [one, end] of channels) if (end <= now()) channels.delete(one);
    channels.set(channel, until);
    return channels.size > 1;
  };
};

/**
 * What one platform lets us send, shared by all processes through the store. Everything is counted, and what matters less
 * leaves something for what matters more, so that live progress cannot keep a report waiting.
 */
export const createBudget = ({ platform, buckets, rates, now, onError }: BudgetParts): Budget => {
  const refused = createBoundedMap<string, { at: number; until: number }>(mostRefusals);
  const isOfAll = createHeldChannels(now);

  const keyOf = (method: string): string => `out:${platform}:${method}`;
  /** A channel may be somebody's chat: the store learns nobody's name from it. */
  const channelKey = (method: string, channel: string): string =>
    `${keyOf(method)}:${createHash('sha256').update(channel).digest('base64url').slice(0, 22)}`;

  const takeOne = async ({ key, rate }: Wish, priority: Priority): Promise<Taken> => {
    const known = `${key}/${priority}`;
    const last = refused.get(known);
    // A clock that was set back says nothing about it.
    if (last && last.at <= now() && now() < last.until) return { isTaken: false, until: last.until };
    const { capacity, refillPerSecond, patienceMs = 0 } = rate;
    const share =
      priority === 'high' ? { reserve: 0, patienceMs } : { reserve: rate.reserve?.[priority] ?? 0 };
    const answer = await buckets.take(key, { capacity, refillPerSecond, ...share }, now());
    if (!answer.isTaken) refused.set(known, { at: now(), until: answer.until });
    return answer;
  };

  const wishesOf = ({ method, channel }: Sending): Wish[] => {
    const { all, each } = rates(method);
    return [
      ...(each && channel !== null ? [{ key: channelKey(method, channel), rate: each }] : []),
      ...(all ? [{ key: keyOf(method), rate: all }] : []),
    ];
  };

  /** All or nothing: what is refused has cost nothing. */
  const takeAll = async (to: Sending, priority: Priority): Promise<number> => {
    const taken: Extract<Taken, { isTaken: true }>[] = [];
    for (const wish of wishesOf(to)) {
      const answer = await takeOne(wish, priority);
      if (!answer.isTaken) {
        await Promise.all(taken.map(({ giveBack }) => giveBack()));
        throw throttled(to.method, Math.max(1, answer.until - now()));
      }
      taken.push(answer);
    }
    return Math.max(0, ...taken.map(({ waitMs }) => waitMs));
  };

  return {
    take: async (to, priority) => {
      try {
        return await takeAll(to, priority);
      } catch (error) {
        if (error instanceof DeliveryError) throw error;
        onError(error);
        return 0;
      }
    },
    hold: async (to, ms) => {
      const { method, channel } = to;
      const until = now() + ms;
      const isEverywhere = isOfAll(to, until);
      try {
        if (channel !== null) await buckets.hold(channelKey(method, channel), until, now());
        if (isEverywhere)
          await buckets.hold(keyOf(method), channel === null ? until : now() + Math.min(ms, restMs), now());
      } catch (error) {
        onError(error);
      }
    },
  };
};
