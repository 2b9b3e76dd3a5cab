import { setTimeout as sleep } from 'node:timers/promises';
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

/** Which check of which conversation. */
export type Which = { conversationId: string; checkId: string };

/** The live checklist: never more often than allowed, never kept for later, never a reason to fail. */
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

  return {
    show: (steps: readonly StepProgress[]): void => {
      if (over) return;
      latest
        .run(checkId, () => send(steps))
        .catch((error: unknown) => {
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
