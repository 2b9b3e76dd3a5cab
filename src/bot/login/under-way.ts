import { setTimeout as sleep } from 'node:timers/promises';
import type { Checks, LoginAttempt } from '../jobs/check.ts';
import type { Which } from '../jobs/live-progress.ts';
import type { WorkerLimits } from '../ports.ts';
import { holdLogin, type LoginLeaseParts } from './lease.ts';
import { createPresence, type Presence } from './presence.ts';

export type UnderWayParts = Omit<LoginLeaseParts, 'limits'> & { checks: Checks; limits: WorkerLimits };

/** What is begun. `release`: called when it has ended. */
type Begun = {
  which: Which;
  queue: string;
  attempt: Omit<LoginAttempt, 'rehearsal'>;
  /** How long the test mail is waited for; null: there is none. */
  patienceMs: number | null;
  release(): Promise<void>;
};

type Running = { run: Promise<void>; presence: Presence; hasTestMail: boolean };

/** The logins that are tested in this process: how long each may last, and what calls it off. */
export const createUnderWay = (parts: UnderWayParts) => {
  const { checks, limits } = parts;
  const stopping = new AbortController();
  const running = new Map<string, Running>();

  return {
    begin: ({ which, queue, attempt, patienceMs, release }: Begun): void => {
      const { checkId } = which;
      const lost = new AbortController();
      const closed = new AbortController();
      const hasTestMail = patienceMs !== null;
      const longestMs = limits.loginMs + (hasTestMail ? limits.rehearsalMs : 0);
      const signal = AbortSignal.any([stopping.signal, lost.signal, AbortSignal.timeout(longestMs)]);
      const letGo = holdLogin(parts, queue, () => lost.abort());
      const presence = createPresence(limits.leaveMs, () => closed.abort());
      const rehearsal = hasTestMail ? { patienceMs, cancelled: closed.signal } : null;
      const run = checks
        .runOnce(which, signal, { ...attempt, rehearsal })
        .finally(() => {
          attempt.secret.forget();
          presence.stay();
          running.delete(checkId);
        })
        .finally(letGo)
        .finally(release);
      running.set(checkId, { run, presence, hasTestMail });
    },

    /** The page that shows this check is being closed, or loaded again. Without a test mail the check needs no page. */
    leave: (checkId: string): void => running.get(checkId)?.presence.leave(),
    /** And here it is again, or another one. */
    stay: (checkId: string): void => running.get(checkId)?.presence.stay(),

    /** Passwords do not outlive this process: what still runs is called off and told as ours, once it has cleared up. */
    stop: async (): Promise<void> => {
      stopping.abort();
      const all = [...running.values()];
      const longestMs = all.some(({ hasTestMail }) => hasTestMail) ? limits.clearUpMs : limits.stopMs;
      await Promise.race([
        Promise.all(all.map(({ run }) => run)),
        sleep(longestMs, undefined, { ref: false }),
      ]);
    },
  };
};
export type UnderWay = ReturnType<typeof createUnderWay>;
