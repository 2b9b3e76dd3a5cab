import type { StepProgress } from '../../diagnosis/progress.ts';
import { codeOf } from '../../lib/error-code.ts';
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

/** Which check of which conversation. */
export type Which = { conversationId: string; checkId: string };

/** The live checklist: never more often than allowed, never kept for later, never a reason to fail. */
export const createLiveProgress = (parts: LiveProgressParts, { conversationId, checkId }: Which) => {
  let newest: readonly StepProgress[] | null = null;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> = Promise.resolve();
  let over = false;

  const send = async (): Promise<void> => {
    const stored = await parts.store.load(conversationId);
    const ref = stored?.conversation.messages[`progress:${checkId}`];
    if (!stored || !ref || !newest || over) return;
    const message = parts.wording.progress(stored.conversation, checkId, newest);
    await parts.adapters.byPlatform(ref.platform)?.update(ref, message);
  };

  const flush = (): void => {
    timer = null;
    sending = send().catch((error: unknown) =>
      parts.log.warn({ conversation: conversationId, code: codeOf(error) }, 'progress was not shown'),
    );
  };

  return {
    show: (steps: readonly StepProgress[]): void => {
      newest = steps;
      if (!over) timer ??= setTimeout(flush, parts.progressMs);
    },
    /** After this nothing more is sent: what comes next would be overwritten by it. */
    end: async (): Promise<void> => {
      over = true;
      if (timer) clearTimeout(timer);
      await sending;
    },
  };
};
