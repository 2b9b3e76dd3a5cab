import { createHash } from 'node:crypto';
import { type Cost, type LimitName, limits } from '../conversation/limits.ts';
import type { Clock, Take } from './ports.ts';

/** Names neither a person nor a server, so that the store learns nobody's name from it. */
const keyOf = (name: LimitName, of: string, index: number): string =>
  `${name}:${index}:${createHash('sha256').update(of).digest('base64url').slice(0, 22)}`;

/** Null: it may be done, and is counted. Else when it may be done again, in milliseconds since the epoch. */
export const createLimits = ({ take, clock }: { take: Take; clock: Clock }) => {
  const takeOne = async (name: LimitName, of: string): Promise<number | null> => {
    for (const [index, { most, periodMs }] of limits[name].entries()) {
      const bucket = { capacity: most, refillPerSecond: (most * 1000) / periodMs };
      const isTaken = await take(keyOf(name, of, index), bucket, clock.now());
      // The next token is there by then at the latest; a promise that is kept early is still kept.
      if (!isTaken) return clock.now() + periodMs / most;
    }
    return null;
  };

  return {
    takeOne,
    /** Stops at the first that is refused. */
    take: async (costs: readonly Cost[]): Promise<{ what: Cost['what']; until: number } | null> => {
      for (const { what, limit, of } of costs) {
        const until = await takeOne(limit, of);
        if (until !== null) return { what, until };
      }
      return null;
    },
  };
};
export type Limits = ReturnType<typeof createLimits>;
