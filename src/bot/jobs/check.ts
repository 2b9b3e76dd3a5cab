import type { Event, Stamp } from '../../conversation/events/event.ts';
import { proposalOf } from '../../conversation/state/lookup.ts';
import { findCheck } from '../../conversation/state/selectors.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { StepProgress } from '../../diagnosis/progress.ts';
import { codeOf } from '../../lib/error-code.ts';
import { createLatestOnly } from '../../lib/latest-only.ts';
import type { Secret } from '../../secret.ts';
import type { Job, Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Clock, Diagnose, Diagnosed, FindForeignServers, Log, Pinned } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import type { Adapters } from './show.ts';

export type CheckParts = {
  store: Store;
  adapters: Adapters;
  wording: Wording;
  dispatch: Dispatch;
  diagnose: Diagnose;
  /** Null: nobody can tell whose servers they are. */
  findForeignServers: FindForeignServers | null;
  clock: Clock;
  stamp(): Stamp;
  progressMs: number;
  log: Log;
};

/** A password, and what was seen before it was asked for. */
export type LoginAttempt = { secret: Secret; pinned: Pinned };

/** Which check of which conversation. */
type Which = { conversationId: string; checkId: string };

/** The live checklist: never more often than allowed, never kept for later, never a reason to fail. */
const createLiveProgress = (parts: CheckParts, { conversationId, checkId }: Which) => {
  const latest = createLatestOnly({ gapMs: parts.progressMs, firstMs: parts.progressMs });
  let over = false;

  const send = async (steps: readonly StepProgress[]): Promise<void> => {
    const stored = await parts.store.load(conversationId);
    const ref = stored?.conversation.messages[`progress:${checkId}`];
    if (!stored || !ref || over) return;
    const message = parts.wording.progress(stored.conversation, checkId, steps);
    await parts.adapters.byPlatform(ref.platform)?.update(ref, message);
  };

  return {
    show: (steps: readonly StepProgress[]): void => {
      if (over) return;
      latest
        .run(checkId, () => send(steps))
        .catch((error: unknown) =>
          parts.log.warn({ conversation: conversationId, code: codeOf(error) }, 'progress was not shown'),
        );
    },
    /** After this nothing more is sent: what comes next would be overwritten by it. */
    end: async (): Promise<void> => {
      over = true;
      await latest.end(checkId);
    },
  };
};

/** Runs a check and reports what came of it; a check whose result is known already is not run again. */
export const createCheck = (parts: CheckParts) => {
  const { store, dispatch, diagnose, stamp, log } = parts;
  const steps = new Map<string, readonly StepProgress[]>();
  const tell = ({ conversationId }: Which, event: Event) => dispatch(byId(store, conversationId), event);
  const whichOf = ({ conversationId, payload }: Job): Which => ({
    conversationId,
    checkId: payload.checkId ?? '',
  });
  const fail = async (which: Which): Promise<void> => {
    await tell(which, { ...stamp(), type: 'check-failed', checkId: which.checkId });
  };

  const look = async (
    which: Which,
    signal: AbortSignal,
    attempt: LoginAttempt | null,
  ): Promise<(Diagnosed & { foreignServers?: Service[] }) | null> => {
    const stored = await store.load(which.conversationId);
    const check = stored && findCheck(stored.conversation, which.checkId);
    if (!stored || check?.state !== 'running') return null;
    const { address } = check.account;
    const { lookup } = stored.conversation;
    const proposal = proposalOf({ draft: { address }, lookup });
    const provider = proposal?.provider ?? null;
    const progress = createLiveProgress(parts, which);
    const onProgress = (seen: readonly StepProgress[]): void => {
      steps.set(check.id, seen);
      progress.show(seen);
    };
    try {
      const [seen, foreignServers] = await Promise.all([
        diagnose(check.account, {
          signal,
          secret: attempt?.secret ?? null,
          provider,
          onProgress,
          ...(attempt ? { pinned: attempt.pinned } : {}),
        }),
        parts.findForeignServers?.(check.account, { proposal, signal }),
      ]);
      return { ...seen, ...(foreignServers ? { foreignServers } : {}) };
    } finally {
      steps.delete(check.id);
      await progress.end();
    }
  };

  const lookAndTell = async (
    which: Which,
    signal: AbortSignal,
    attempt: LoginAttempt | null,
  ): Promise<void> => {
    const seen = await look(which, signal, attempt);
    signal.throwIfAborted();
    if (seen) await tell(which, { ...stamp(), type: 'check-finished', checkId: which.checkId, ...seen });
  };

  return {
    giveUp: (job: Job): Promise<void> => fail(whichOf(job)),
    run: async (job: Job, signal: AbortSignal): Promise<void> => {
      const which = whichOf(job);
      // The password went with the process that had it. Where its check has ended by itself, this changes nothing.
      if (job.payload.withLogin) return await fail(which);
      try {
        await lookAndTell(which, signal, null);
      } catch (error) {
        if (signal.aborted) throw error;
        log.error({ conversation: job.conversationId, job: job.id, code: codeOf(error) }, 'check failed');
        await fail(which);
      }
    },
    /** A check with a login, once and in this process. Never rejects; what cuts it off is told as ours. */
    runOnce: async (which: Which, signal: AbortSignal, attempt: LoginAttempt): Promise<void> => {
      const failed = (error: unknown) => {
        log.error({ conversation: which.conversationId, code: codeOf(error) }, 'check with login failed');
        return fail(which);
      };
      await lookAndTell(which, signal, attempt)
        .catch(failed)
        .catch((error: unknown) => log.error({ code: codeOf(error) }, 'check left to its job'));
    },
    /** How far a check in this process is; null: it runs elsewhere, or not at all. */
    progressOf: (checkId: string): readonly StepProgress[] | null => steps.get(checkId) ?? null,
  };
};
export type Checks = ReturnType<typeof createCheck>;
