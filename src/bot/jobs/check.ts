import type { Event, Stamp } from '../../conversation/events/event.ts';
import { proposalOf } from '../../conversation/state/lookup.ts';
import { findCheck } from '../../conversation/state/selectors.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { Pinned } from '../../diagnosis/observed/server-facts.ts';
import type { StepProgress } from '../../diagnosis/progress.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Secret } from '../../secret.ts';
import type { JobOf } from '../../store/ports.ts';
import type { Diagnose, Diagnosed, FindForeignServers } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import { createLiveProgress, type LiveProgressParts, type Which } from './live-progress.ts';

export type CheckParts = LiveProgressParts & {
  dispatch: Dispatch;
  diagnose: Diagnose;
  /** Null: nobody can tell whose servers they are. */
  findForeignServers: FindForeignServers | null;
  stamp(): Stamp;
};

/** A password, and what was seen before it was asked for. */
export type LoginAttempt = { secret: Secret; pinned: Pinned };

type Look = {
  signal: AbortSignal;
  attempt: LoginAttempt | null;
  onProgress(steps: readonly StepProgress[]): void;
};

/** Looks at the servers of a check that is running. Null: nobody waits for it any more. */
const lookAt = async (
  parts: CheckParts,
  which: Which,
  { signal, attempt, onProgress }: Look,
): Promise<(Diagnosed & { foreignServers?: Service[] }) | null> => {
  const stored = await parts.store.load(which.conversationId);
  const check = stored && findCheck(stored.conversation, which.checkId);
  if (!stored || check?.state !== 'running') return null;
  const { address } = check.account;
  const { lookup } = stored.conversation;
  const proposal = proposalOf({ draft: { address }, lookup });
  const progress = createLiveProgress(parts, which);
  try {
    const [seen, foreignServers] = await Promise.all([
      parts.diagnose(check.account, {
        signal,
        secret: attempt?.secret ?? null,
        provider: proposal?.provider ?? null,
        onProgress: (steps) => {
          onProgress(steps);
          progress.show(steps);
        },
        ...(attempt ? { pinned: attempt.pinned } : {}),
      }),
      parts.findForeignServers?.(check.account, { proposal, signal }),
    ]);
    return { ...seen, ...(foreignServers ? { foreignServers } : {}) };
  } finally {
    await progress.end();
  }
};

/** Runs a check and reports what came of it; a check whose result is known already is not run again. */
export const createCheck = (parts: CheckParts) => {
  const { store, dispatch, stamp, log } = parts;
  const steps = new Map<string, readonly StepProgress[]>();
  const tell = ({ conversationId }: Which, event: Event) => dispatch(byId(store, conversationId), event);
  const whichOf = ({ conversationId, payload }: JobOf<'diagnose' | 'login-lost'>): Which => ({
    conversationId,
    checkId: payload.checkId,
  });
  const fail = async (which: Which): Promise<void> => {
    await tell(which, { ...stamp(), type: 'check-failed', checkId: which.checkId });
  };
  const failJob = (job: JobOf<'diagnose' | 'login-lost'>): Promise<void> => fail(whichOf(job));

  const lookAndTell = async (
    which: Which,
    signal: AbortSignal,
    attempt: LoginAttempt | null,
  ): Promise<void> => {
    const onProgress = (seen: readonly StepProgress[]) => void steps.set(which.checkId, seen);
    const seen = await lookAt(parts, which, { signal, attempt, onProgress }).finally(() =>
      steps.delete(which.checkId),
    );
    signal.throwIfAborted();
    if (seen) await tell(which, { ...stamp(), type: 'check-finished', checkId: which.checkId, ...seen });
  };

  return {
    diagnose: {
      giveUp: failJob,
      run: async (job: JobOf<'diagnose'>, signal: AbortSignal): Promise<void> => {
        try {
          await lookAndTell(whichOf(job), signal, null);
        } catch (error) {
          // A thread that has ended took every check with it: another try is made in the next one.
          if (signal.aborted || codeOf(error) === 'thread-failed') throw error;
          log.error({ conversation: job.conversationId, job: job.id, code: codeOf(error) }, 'check failed');
          await failJob(job);
        }
      },
    },
    /** The password went with the process that had it. Where its check has ended by itself, this changes nothing. */
    loginLost: { run: failJob, giveUp: failJob },
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
