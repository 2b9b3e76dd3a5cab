import { createHash } from 'node:crypto';
import { type Cost, type LimitName, limits } from '../conversation/limits.ts';
import type { Clock, Take } from './ports.ts';

/** Names neither a person nor a server, so that the store learns nobody's name from it. */
const keyOf = (name: LimitName, of: string, index: number): string =>
  `${name}:${index}:${createHash('sha256').update(of).digest('base64url').slice(0, 22)}`;

/** Null: it may be done, and is counted. Else when it may be done again, in milliseconds since the epoch. */
export const createLimits = ({ take, clock }: { take: Take; clock: Clock }) => {
  const takeOne = async (name: LimitName, of: string): Promise<number | null> => {
    const until = await Promise.all(
      limits[name].map((limit, index) => take(keyOf(name, of, index), limit, clock.now())),
    );
    const refused = until.filter((at) => at !== null);
    return refused.length === 0 ? null : Math.max(...refused);
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
