import type { Log } from '../bot/ports.ts';
import type { OnRefused, RefusalReason } from '../chat/refusals.ts';
import { createThrottle } from '../lib/throttle.ts';

/** One line for each door and reason in so many milliseconds: whoever knocks without end must not fill the disk. */
const throttleMs = 60_000;

/** The doors at which our own settings say who may enter: there an honest visitor is refused when a setting is wrong. */
const ownDoors = ['login', 'metrics', 'preview'];

const hints: Partial<Record<RefusalReason, string>> = {
  'bad-signature': 'if people get no answer, the signing secret is wrong',
  'bad-token': 'if people get no answer, the app id or the tenant is wrong',
  'stale-timestamp': 'if people get no answer, the clock of this machine is wrong',
};

const sentence = (door: string, reason: RefusalReason): string => {
  const hint = ownDoors.includes(door) ? undefined : hints[reason];
  return hint === undefined ? 'refused a request' : `refused a request; ${hint}`;
};

/** Logs refused requests: the first at once, what follows as a number each minute. */
export const createRefusalLog = (log: Pick<Log, 'warn'>): OnRefused => {
  const throttled = createThrottle<{ door: string; reason: RefusalReason }>({
    ms: throttleMs,
    keyOf: ({ door, reason }) => `${door} ${reason}`,
    tell: ({ door, reason }, count) => log.warn({ door, reason, count }, sentence(door, reason)),
    tellsRest: true,
  });
  return (door, reason) => throttled({ door, reason });
};
