import { setTimeout as sleep } from 'node:timers/promises';
import { notYet } from '../errors.ts';

type Limits = { rate: readonly { count: number; ms: number }[] };

/** `orLater`: who would have to wait longer than `longestMs` is told when to come again. */
type Wait = { orLater: boolean; longestMs: number };

/** One conversation: when messages went out or may go out, and which of these turns wait for whoever was told to come again. */
type Line = { times: number[]; promised: number[]; heldUntil: number };

/**
 * Keeps every conversation within every rate, and holds up none for another. `await` waits for a turn; `orLater` waits a
 * moment only. @throws DeliveryError `throttled` with the time after which the turn of whoever comes again has come
 */
export const createRateLimit = ({ rate }: Limits, now: () => number) => {
  const lines = new Map<string, Line>();
  const longest = Math.max(...rate.map(({ ms }) => ms));

  const forgetOld = (): void => {
    for (const [key, { times, heldUntil }] of lines)
      if (Math.max(times.at(-1) ?? 0, heldUntil) < now() - longest) lines.delete(key);
  };

  const lineOf = (key: string): Line => {
    if (lines.size > 1000) forgetOld();
    const { times = [], promised = [], heldUntil = 0 } = lines.get(key) ?? {};
    const isRecent = (time: number): boolean => time > now() - longest;
    const line = { times: times.filter(isRecent), promised: promised.filter(isRecent), heldUntil };
    lines.set(key, line);
    return line;
  };

  const nextTurn = ({ times, heldUntil }: Line): number => {
    const earliest = rate.map(({ count, ms }) => (times.at(-count) ?? Number.NEGATIVE_INFINITY) + ms);
    return Math.max(now(), heldUntil, ...earliest);
  };

  return {
    /** Teams has asked for quiet in this conversation. */
    hold: (key: string, ms: number): void => {
      const line = lineOf(key);
      line.heldUntil = Math.max(line.heldUntil, now() + ms);
    },
    take: async (key: string, { orLater, longestMs }: Wait): Promise<void> => {
      const line = lineOf(key);
      const isFree = line.heldUntil <= now();
      const due = line.promised.findIndex((time) => time <= now());
      if (isFree && due >= 0) {
        line.promised.splice(due, 1);
        return;
      }
      const turn = nextTurn(line);
      const wait = turn - now();
      // Taken before waiting, so that those who come meanwhile queue up behind.
      line.times.push(turn);
      if (orLater && wait > longestMs) {
        line.promised.push(turn);
        throw notYet(wait);
      }
      if (wait > 0) await sleep(wait);
    },
  };
};
