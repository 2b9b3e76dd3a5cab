import { createHash } from 'node:crypto';
import { type Cost, type Limit, type LimitName, limits } from '../../conversation/limits.ts';
import type { Taken } from '../../store/ports.ts';
import type { Clock, TakeToken } from '../ports.ts';

/** Names neither a person nor a server, so that the store learns nobody's name from it. */
const keyOf = (name: LimitName, of: string, index: string): string =>
  `${name}:${index}:${createHash('sha256').update(of).digest('base64url').slice(0, 22)}`;

/**
 * The buckets that make up a limit; a token out of one of them will do. A bucket that fills up little by little gives up
 * to twice as much in one period. A strict limit has one for each token, which comes back when the period is over.
 */
const bucketsOf = ({ most, periodMs, isStrict = false }: Limit) => {
  const capacity = isStrict ? 1 : most;
  const bucket = { capacity, refillPerSecond: (capacity * 1000) / periodMs };
  return Array.from({ length: isStrict ? most : 1 }, () => bucket);
};

type Wanted = Pick<Cost, 'limit' | 'of'>;

/** Null: it may be done, and is counted. Else when it may be done again, in milliseconds since the epoch. */
export const createLimits = ({ take, clock }: { take: TakeToken; clock: Clock }) => {
  const takeFrom = async (limit: Limit, keyAt: (place: number) => string): Promise<Taken> => {
    let until = Number.POSITIVE_INFINITY;
    for (const [place, bucket] of bucketsOf(limit).entries()) {
      const taken = await take(keyAt(place), bucket, clock.now());
      if (taken.isTaken) return taken;
      until = Math.min(until, taken.until);
    }
    return { isTaken: false, until };
  };

  /** All or nothing: what is refused has cost nothing, and what refuses it longest says when it is possible again. */
  const takeAll = async <W extends Wanted>(
    wanted: readonly W[],
  ): Promise<{ by: W; until: number } | null> => {
    const answers = await Promise.all(
      wanted.flatMap((by) =>
        limits[by.limit].map(async (limit, index) => ({
          by,
          taken: await takeFrom(limit, (place) => keyOf(by.limit, by.of, `${index}.${place}`)),
        })),
      ),
    );
    let refused: { by: W; until: number } | null = null;
    for (const { by, taken } of answers)
      if (!taken.isTaken && (!refused || taken.until > refused.until)) refused = { by, until: taken.until };
    if (refused) await Promise.all(answers.map(({ taken }) => taken.isTaken && taken.giveBack()));
    return refused;
  };

  return {
    takeOne: async (limit: LimitName, of: string): Promise<number | null> =>
      (await takeAll([{ limit, of }]))?.until ?? null,
    take: async (costs: readonly Cost[]): Promise<{ what: Cost['what']; until: number } | null> => {
      const refused = await takeAll(costs);
      return refused && { what: refused.by.what, until: refused.until };
    },
  };
};
export type UsageLimits = ReturnType<typeof createLimits>;
