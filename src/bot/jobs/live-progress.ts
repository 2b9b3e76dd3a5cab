import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../../chat/port.ts';
import type { StepProgress } from '../../diagnosis/progress.ts';
import { codeOf } from '../../lib/error-code.ts';
import { createLatestOnly } from '../../lib/latest-only.ts';
import type { Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Adapters } from '../adapters.ts';
import type { Log } from '../ports.ts';

export type LiveProgressParts = {
  store: Store;
  adapters: Adapters;
  wording: Wording;
  progressMs: number;
  log: Log;
};

/** Milliseconds. */
const lastUpdateMs = 500;
/** Who would have to wait longer for a turn is not waiting for its turn: the budget is low. In milliseconds. */
const longestWaitMs = 5000;

/** Which check of which conversation. */
export type Which = { conversationId: string; checkId: string };

/** The live checklist: never more often than allowed, only the newest, never a reason to fail. */
export const createLiveProgress = (parts: LiveProgressParts, { conversationId, checkId }: Which) => {
  const latest = createLatestOnly({ gapMs: parts.progressMs, firstMs: parts.progressMs });
  let over = false;

  const send = async (steps: readonly StepProgress[]): Promise<void> => {
    const stored = await parts.store.load(conversationId);
    const ref = stored?.conversation.messages[`progress:${checkId}`];
    if (!stored || !ref || over) return;
    const message = parts.wording.progress(stored.conversation, checkId, steps);
    await parts.adapters.byPlatform(ref.platform)?.update(ref, message, 'low');
  };

  let newest: readonly StepProgress[] = [];

  /** What has no turn now has one later, unless something newer is to be shown by then: a step may take long. */
  const comeAgain = async (steps: readonly StepProgress[], error: unknown): Promise<void> => {
    const later = error instanceof DeliveryError && error.code === 'throttled' ? error.retryAfterMs : null;
    if (later === null || later > longestWaitMs) throw error;
    await sleep(later, undefined, { ref: false });
    if (!over && steps === newest) await attempt(steps);
  };

  const attempt = (steps: readonly StepProgress[]): Promise<void> =>
    latest.run(checkId, () => send(steps)).catch((error: unknown) => comeAgain(steps, error));

  return {
    show: (steps: readonly StepProgress[]): void => {
      if (over) return;
      newest = steps;
      attempt(steps).catch((error: unknown) => {
        const code = codeOf(error);
        const level = code === 'throttled' ? 'debug' : 'warn';
        parts.log[level]({ conversation: conversationId, code }, 'progress was not shown');
      });
    },
    /**
     * After this nothing more is sent. What is on its way is let arrive, or it would overwrite what comes next; but not for
     * long, since the report waits for it.
     */
    end: async (): Promise<void> => {
      over = true;
      await Promise.race([latest.end(checkId), sleep(lastUpdateMs, undefined, { ref: false })]);
    },
  };
};
