import { performance } from 'node:perf_hooks';
import { type ChatAdapter, DeliveryError, type Receive } from '../chat/port.ts';
import type { Diagnose, Diagnosed, Metrics, RehearsalOrder } from './ports.ts';

/** Of a rehearsal that somebody has agreed to; the mail itself is nobody's business. */
const countRehearsal = (
  { assessment, rehearsedMs = null }: Diagnosed,
  { cancelled }: RehearsalOrder,
  metrics: Metrics,
): void => {
  const arrival = assessment.findings.find(({ requirement }) => requirement === 'test-mail-arrives');
  const left = arrival?.evidence.leftBehind;
  const held = rehearsedMs === null ? 'not-begun' : 'held';
  metrics.rehearsed({
    outcome: cancelled.aborted ? 'cancelled' : held,
    reason: arrival?.reason ?? '',
    durationMs: rehearsedMs,
    leftBehind: Array.isArray(left) ? left.length : 0,
  });
};

/** Counts checks by what came of them. What was called off is nobody's result. */
export const instrumentDiagnose =
  (diagnose: Diagnose, kind: 'check' | 'watch', metrics: Metrics): Diagnose =>
  async (account, options) => {
    try {
      const diagnosed = await diagnose(account, options);
      const { assessment, durationMs } = diagnosed;
      const { verdict, loginTested, findings } = assessment;
      if (options.signal.aborted) return diagnosed;
      metrics.checked({ kind, verdict, loginTested, durationMs, findings });
      if (options.rehearsal) countRehearsal(diagnosed, options.rehearsal, metrics);
      return diagnosed;
    } catch (error) {
      if (options.signal.aborted) throw error;
      metrics.checkFailed(kind);
      if (options.rehearsal)
        metrics.rehearsed({ outcome: 'failed', reason: '', durationMs: null, leftBehind: 0 });
      throw error;
    }
  };

/** Counts what the platform did not take. Everything else about it may change at any time, and is left to it. */
export const instrumentAdapter = (adapter: ChatAdapter, metrics: Metrics): ChatAdapter => {
  const counted = async <T>(sent: Promise<T>): Promise<T> => {
    try {
      return await sent;
    } catch (error) {
      const code = error instanceof DeliveryError ? error.code : 'failed';
      // What has not been sent yet was not refused.
      if (code !== 'throttled') metrics.refused(adapter.platform, code);
      throw error;
    }
  };
  return {
    platform: adapter.platform,
    get capabilities() {
      return adapter.capabilities;
    },
    post: (place, message, delivery) => counted(adapter.post(place, message, delivery)),
    update: (ref, message, priority) => counted(adapter.update(ref, message, priority)),
    takesEscalationOf: async (person) => adapter.takesEscalationOf?.(person) ?? true,
    isInItChannel: (ref) => adapter.isInItChannel?.(ref) ?? true,
    isOfIt: async (person) => adapter.isOfIt?.(person) ?? false,
  };
};

/** From what came in to its answer: for a form its `respond`, for all else the end of the turn. */
export const instrumentReceive =
  (receive: Receive, metrics: Metrics): Receive =>
  async (incoming) => {
    const began = performance.now();
    const answered = (): void => metrics.answered(incoming.person.platform, performance.now() - began);
    if (incoming.type !== 'form') {
      const received = await receive(incoming);
      answered();
      return received;
    }
    return receive({
      ...incoming,
      respond: (answer) => {
        answered();
        return incoming.respond(answer);
      },
    });
  };
