import type { Event, EventOf, Stamp } from '../../conversation/events/event.ts';
import { proposalOf } from '../../conversation/state/lookup.ts';
import { findCheck } from '../../conversation/state/selectors.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { Pinned } from '../../diagnosis/observed/server-facts.ts';
import type { StepProgress } from '../../diagnosis/progress.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Secret } from '../../secret.ts';
import type { JobOf } from '../../store/ports.ts';
import type { Diagnose, Diagnosed, FindForeignServers, RehearsalOrder, TestMailSeen } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import { createLiveProgress, type LiveProgressParts, type Which } from './live-progress.ts';
import { createTestMailNotes } from './test-mail.ts';

export type CheckParts = LiveProgressParts & {
  dispatch: Dispatch;
  diagnose: Diagnose;
  /** Null: nobody can tell whose servers they are. */
  findForeignServers: FindForeignServers | null;
  stamp(): Stamp;
};

/** A password, what was seen before it was asked for, and whether a test mail was agreed to. */
export type LoginAttempt = {
  secret: Secret;
  pinned: Pinned;
  rehearsal: Pick<RehearsalOrder, 'patienceMs' | 'cancelled'> | null;
};

type Look = {
  signal: AbortSignal;
  attempt: LoginAttempt | null;
  onProgress(steps: readonly StepProgress[]): void;
  onTestMail(seen: TestMailSeen): Promise<void>;
};

type Seen = Diagnosed & { foreignServers?: Service[] };

/** What only a check with a login asks for. */
const ofAttempt = ({ attempt, onTestMail }: Look) => {
  if (!attempt) return {};
  const { pinned, rehearsal } = attempt;
  return { pinned, ...(rehearsal ? { rehearsal: { ...rehearsal, onTestMail } } : {}) };
};

/** What is told of a check that has ended by itself, or that needed its page and lost it. */
const finishedBy = (
  { checkId }: Which,
  { rehearsedMs = null, assessment, transcripts, durationMs, foreignServers }: Seen,
  attempt: LoginAttempt | null,
): Omit<EventOf<'check-finished'>, keyof Stamp> => {
  const result = { assessment, transcripts, durationMs, ...(foreignServers && { foreignServers }) };
  const finished = { type: 'check-finished', checkId, ...result } as const;
  if (!attempt?.rehearsal) return finished;
  if (attempt.rehearsal.cancelled.aborted) return { ...finished, rehearsal: 'cancelled' };
  return rehearsedMs === null ? finished : { ...finished, rehearsal: 'held' };
};

/** Looks at the servers of a check that is running. Null: nobody waits for it any more. */
const lookAt = async (parts: CheckParts, which: Which, look: Look): Promise<Seen | null> => {
  const { signal, attempt, onProgress } = look;
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
        ...ofAttempt(look),
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
    const { checkId } = which;
    const notes = createTestMailNotes({
      keep: (seen) => tell(which, { ...stamp(), type: 'test-mail', checkId, ...seen }),
      log,
    });
    const seen = await lookAt(parts, which, {
      signal,
      attempt,
      onProgress: (reached) => void steps.set(checkId, reached),
      onTestMail: notes.note,
    }).finally(async () => {
      steps.delete(checkId);
      await notes.settled();
    });
    signal.throwIfAborted();
    if (seen) await tell(which, { ...stamp(), ...finishedBy(which, seen, attempt) });
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
