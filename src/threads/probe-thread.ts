import { extname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { Account } from '../diagnosis/account/account.ts';
import type { Proposal } from '../diagnosis/account/provider.ts';
import type { Extents } from '../diagnosis/observed/extent.ts';
import type { Observation } from '../diagnosis/observed/observation.ts';
import { isSending } from '../diagnosis/observed/rehearsal.ts';
import type { Pinned } from '../diagnosis/observed/server-facts.ts';
import { withTimeout } from '../lib/timeout.ts';
import { abortedLater, untilAborted } from '../lib/until-aborted.ts';
import { limits } from '../net/limits.ts';
import type { Diagnosis, Rehearsal } from '../probe/diagnose.ts';
import type { Secret } from '../secret.ts';
import type { Order, ProbeSurroundings, Report, Task } from './messages.ts';

/** After its time a thread gets so long to hand in its last words; then the check ends without. In milliseconds. */
const graceMs = 300;
/** A thread that does not even call off what it is told to is given up after so many milliseconds. */
const hungMs = 15_000;

/** Beside this file, and compiled where this file is. */
const thread = `./thread${extname(import.meta.filename)}`;

/** A thread has ended, or what ran in it has failed: a fault of ours, whatever the server did. */
class ThreadFailure extends Error {
  readonly code = 'thread-failed';
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'ThreadFailure';
  }
}

/** A check keeps little, whatever a server sends; what V8 would take for the sake of speed is not worth it here. In MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 } as const;

type Listener = { report(report: Report): void; fail(failure: ThreadFailure): void };

const startThread = (surroundings: ProbeSurroundings, onEnd: () => void) => {
  const worker = new Worker(new URL(thread, import.meta.url), {
    workerData: surroundings,
    resourceLimits,
  });
  // Whoever waits for an answer lives longer than this thread.
  worker.unref();
  const listeners = new Map<number, Listener>();
  const end = (failure: ThreadFailure): void => {
    onEnd();
    for (const listener of listeners.values()) listener.fail(failure);
    listeners.clear();
  };
  worker.on('message', (report: Report) => {
    const listener = listeners.get(report.id);
    if (report.type !== 'seen') listeners.delete(report.id);
    listener?.report(report);
  });
  worker.on('error', (cause) => end(new ThreadFailure('a thread failed', { cause })));
  worker.on('exit', (code) => end(new ThreadFailure(`a thread ended with ${code}`)));
  const order = (one: Order, handedOver: ArrayBuffer[] = []): void => worker.postMessage(one, handedOver);
  return {
    begin: (id: number, task: Task, listener: Listener): void => {
      listeners.set(id, listener);
      order({ id, task }, task.type === 'probe' && task.password ? [task.password.buffer] : []);
    },
    /** It is told to end; what it still says is heard. */
    stopWork: (id: number): void => {
      if (listeners.has(id)) order({ id, task: null });
    },
    /** It may send its mail. */
    answer: (id: number): void => {
      if (listeners.has(id)) order({ id, task: 'heard' });
    },
    /** What is still said of it is not heard any more. */
    callOff: (id: number): void => {
      if (!listeners.has(id)) return;
      listeners.set(id, { report: () => {}, fail: () => {} });
      order({ id, task: null });
      setTimeout(() => {
        if (!listeners.has(id)) return;
        // Nothing new goes to it any more, even before it is gone.
        onEnd();
        void worker.terminate();
      }, hungMs).unref();
    },
    stop: (): Promise<number> => worker.terminate(),
  };
};
type ProbeThread = ReturnType<typeof startThread>;

export type ProbeOptions = {
  signal?: AbortSignal;
  secret?: Secret;
  timeoutMs?: number;
  extents?: Extents;
  pinned?: Pinned;
  rehearsal?: Rehearsal;
  onObservation?(seen: Observation): void | Promise<void>;
};

/** Until when a thread is heard that was told to end. */
const heardUntil = (signal: AbortSignal, lastWordsMs: number): AbortSignal =>
  lastWordsMs === 0 ? signal : abortedLater(signal, lastWordsMs + graceMs);

/** At most one thread at a time; one that has ended makes way for the next. */
const createOneThread = (surroundings: ProbeSurroundings) => {
  let thread: ProbeThread | null = null;
  const start = (): ProbeThread => {
    const started = startThread(surroundings, () => {
      if (thread === started) thread = null;
    });
    thread = started;
    return started;
  };
  return {
    current: (): ProbeThread => thread ?? start(),
    stop: async (): Promise<void> => {
      await thread?.stop();
    },
  };
};

/**
 * Talks to mail servers in a thread of its own. OpenSSL works for as long as a server's certificates ask for, half a
 * second for one handshake, and nothing can interrupt it: that must not be the thread that answers people. One thread, since
 * each further one takes as much memory as fifty checks, and a server that holds one up can hold up two.
 */
export const createProbeThread = (surroundings: ProbeSurroundings) => {
  const { current, stop } = createOneThread(surroundings);
  let next = 0;

  /** Ends with the last report; with null when `signal` or the time comes first. @throws ThreadFailure */
  const run = async (
    task: Task,
    within: {
      ms: number;
      signal?: AbortSignal | undefined;
      /** So long it is still heard after `signal`. In milliseconds. */
      lastWordsMs?: number;
    },
    onSeen: (seen: Observation) => void | Promise<void>,
  ): Promise<Report | null> => {
    next += 1;
    const id = next;
    const own = current();
    const { promise, resolve, reject } = Promise.withResolvers<Report | null>();
    const hear = (seen: Observation): void => {
      const known = onSeen(seen);
      if (isSending(seen)) void Promise.resolve(known).then(() => own.answer(id), reject);
    };
    own.begin(id, task, {
      report: (report) => {
        if (report.type === 'seen') hear(report.seen);
        else if (report.type === 'failed') reject(new ThreadFailure(report.message));
        else resolve(report);
      },
      fail: reject,
    });
    try {
      const { signal, lastWordsMs = 0 } = within;
      const report = signal ? untilAborted(heardUntil(signal, lastWordsMs), promise, () => null) : promise;
      if (lastWordsMs > 0) signal?.addEventListener('abort', () => own.stopWork(id), { once: true });
      return await withTimeout(within.ms + lastWordsMs + graceMs, report, () => null);
    } finally {
      own.callOff(id);
    }
  };

  return {
    /** The first look need not wait for a thread to start then. */
    warm: (): void => void current(),
    /** As `diagnose` does: ends with what is known when its time is over, even if the thread is held up. */
    probe: async (account: Account, options: ProbeOptions): Promise<Diagnosis> => {
      const { signal, secret, extents = null, pinned = null, rehearsal = null, onObservation } = options;
      const started = performance.now();
      const timeoutMs = Math.min(options.timeoutMs ?? limits.wholeMs, limits.wholeMs);
      const password = secret ? new TextEncoder().encode(secret.reveal()) : null;
      const observations: Observation[] = [];
      await run(
        { type: 'probe', account, password, timeoutMs, extents, pinned, rehearsal },
        rehearsal
          ? { ms: timeoutMs + limits.rehearsalMs, signal, lastWordsMs: limits.clearingMs }
          : { ms: timeoutMs, signal },
        (seen) => {
          observations.push(seen);
          return onObservation?.(seen);
        },
      );
      return { observations, durationMs: Math.round(performance.now() - started) };
    },
    /** @throws ThreadFailure also where the thread was held up until the time was over */
    discover: async (
      address: string,
      { signal, withinMs }: { signal: AbortSignal; withinMs: number },
    ): Promise<Proposal> => {
      const report = await run({ type: 'discover', address, withinMs }, { ms: withinMs, signal }, () => {});
      if (report?.type === 'discovered') return report.proposal;
      throw new ThreadFailure('no settings were looked for in time');
    },
    stop,
  };
};
