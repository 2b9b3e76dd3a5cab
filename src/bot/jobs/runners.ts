import type { WorkerLimits } from '../ports.ts';
import type { Runners } from '../worker/runner.ts';
import type { Checks } from './check.ts';
import { createErase, type EraseParts } from './erase.ts';
import { createHandOverAgain } from './hand-over-again.ts';
import { createJoin } from './join.ts';
import { createRelay } from './relay.ts';
import { createRemind } from './remind.ts';
import { createShow, type ShowParts } from './show.ts';
import { createWatch, type WatchParts } from './watch.ts';

type Parts = Omit<ShowParts, 'join'> & EraseParts & WatchParts & { checks: Checks; limits: WorkerLimits };

/** Every kind of job, with how many of it may run here at once and how often it is tried. */
export const createRunners = (parts: Parts): Runners => {
  const { checks, limits } = parts;
  const delivery = { atOnce: limits.deliveries, tries: limits.tries };
  const check = { atOnce: limits.diagnoses, tries: limits.checkTries };
  return {
    show: { ...createShow({ ...parts, join: createJoin(parts) }), ...delivery },
    relay: { ...createRelay(parts), ...delivery },
    'hand-over-again': { ...createHandOverAgain(parts), ...delivery },
    remind: { ...createRemind(parts), ...delivery },
    erase: { ...createErase(parts), ...delivery },
    watch: { ...createWatch(parts), atOnce: limits.watches, tries: limits.tries },
    diagnose: { ...checks.diagnose, ...check },
    'login-lost': { ...checks.loginLost, ...check },
  };
};
