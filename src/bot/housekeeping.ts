import { codeOf } from '../lib/error-code.ts';
import type { Store } from '../store/ports.ts';
import type { Clock, Log } from './ports.ts';

export type HousekeepingParts = { store: Store; clock: Clock; log: Log; retentionDays: number };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How often each process asks whether it is time; the store lets one of them through in an hour. */
const askMs = 600_000;

/** More of them in one log say nothing more. */
const mostNamed = 20;

/** Forgets what is to be kept no longer, and looks for what cannot be read. */
export const createHousekeeping = ({ store, clock, log, retentionDays }: HousekeepingParts) => {
  let timer: NodeJS.Timeout | null = null;
  let surveyedAt = Number.NEGATIVE_INFINITY;
  const stopping = new AbortController();

  const tidy = async (): Promise<void> => {
    const now = clock.now();
    if (!(await store.once('housekeeping', now + hourMs))) return;
    const conversations = await store.eraseClosedBefore(now - retentionDays * dayMs);
    const expired = await store.sweep(now);
    const { unreadable } = await store.counts(now);
    if (conversations + expired + unreadable > 0)
      log.info({ conversations, expired, unreadable }, 'tidied up; unreadable ones are kept');
  };

  /** Each process for itself, since each says in its figures what it has found. */
  const survey = async (): Promise<void> => {
    if (performance.now() < surveyedAt + hourMs) return;
    surveyedAt = performance.now();
    const damaged = await store.findDamaged(stopping.signal);
    for (const conversation of damaged.slice(0, mostNamed))
      log.error({ conversation, code: 'unreadable-conversation' }, 'a conversation is damaged; it is kept');
    if (damaged.length > 0) log.error({ damaged: damaged.length }, 'conversations are damaged');
  };

  const turn = (): void => {
    survey().catch((error: unknown) => {
      surveyedAt = Number.NEGATIVE_INFINITY;
      if (!stopping.signal.aborted)
        log.warn({ code: codeOf(error) }, 'could not look for damaged conversations');
    });
    tidy().catch((error: unknown) => log.warn({ code: codeOf(error) }, 'could not tidy up'));
  };

  return {
    start: (): void => {
      if (timer) return;
      turn();
      timer = setInterval(turn, askMs);
      timer.unref();
    },
    stop: (): void => {
      if (timer) clearInterval(timer);
      timer = null;
      stopping.abort();
    },
  };
};
