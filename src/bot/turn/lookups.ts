import { addressKey, type LookupOutcome } from '../../conversation/state/lookup.ts';
import type { Proposal } from '../../diagnosis/account/provider.ts';
import { createBoundedMap } from '../../lib/bounded-map.ts';
import { codeOf } from '../../lib/error-code.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { Discover, Log } from '../ports.ts';
import type { UsageLimits } from './limits.ts';

export type LookupParts = {
  discover: Discover | null;
  limits: UsageLimits;
  log: Log;
  /** The longest time a look may take, in milliseconds. */
  longestMs: number;
};

/** Results are kept so long, in milliseconds: a rep goes back and forth, and settings seldom change. */
const freshMs = 60_000;
const mostKept = 500;
/** Whoever looks ends by himself with what is known; this long after it is given up, in milliseconds. */
const graceMs = 200;

const isNothing = ({ provider, imap, smtp }: Proposal): boolean => !provider && !imap && !smtp;

/** Looks for settings; what is being looked for already is not looked for twice, whoever asks. */
export const createLookups = ({ discover, limits, log, longestMs }: LookupParts) => {
  const underWay = createBoundedMap<string, Promise<LookupOutcome>>(mostKept);

  const look = async (address: string, withinMs: number): Promise<LookupOutcome> => {
    if (!discover) return { type: 'failed' };
    const signal = AbortSignal.timeout(withinMs + graceMs);
    const found = discover(address, { signal, withinMs }).then(
      // Nothing from a look that was cut short says nothing of the address; she may ask again.
      (proposal): LookupOutcome =>
        withinMs < longestMs && isNothing(proposal) ? { type: 'failed' } : { type: 'found', proposal },
      (error: unknown): LookupOutcome => {
        if (!signal.aborted) log.warn({ code: codeOf(error) }, 'no settings could be looked for');
        return { type: 'failed' };
      },
    );
    return untilAborted(signal, found, () => ({ type: 'failed' }));
  };

  const remember = (key: string, looking: Promise<LookupOutcome>): void => {
    underWay.set(key, looking);
    const forget = () => underWay.get(key) === looking && underWay.delete(key);
    looking.then((outcome) => {
      if (outcome.type === 'found') setTimeout(forget, freshMs).unref();
      else forget();
    });
  };

  return {
    /** With what is known within so many milliseconds. Never rejects. `person`: who asks, for the limit. */
    find: async (
      address: string,
      person: { platform: string; id: string },
      withinMs = longestMs,
    ): Promise<LookupOutcome> => {
      const key = addressKey(address);
      const known = underWay.get(key);
      if (known) return known;
      const started = limits
        .takeOne('lookups-of-person', `${person.platform}:${person.id}`)
        .then((until): Promise<LookupOutcome> | LookupOutcome =>
          until === null ? look(address, withinMs) : { type: 'refused', until },
        )
        .catch((): LookupOutcome => ({ type: 'failed' }));
      remember(key, started);
      return started;
    },
  };
};
export type Lookups = ReturnType<typeof createLookups>;
