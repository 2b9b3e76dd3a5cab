import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../bot/ports.ts';
import type { OnRefused } from '../chat/refusals.ts';
import { within } from '../within.ts';

/** What the store knows of the work that is not done, by kind of job. Rejects when the store does not answer. */
export type Depths = () => Promise<{
  waiting: Readonly<Record<string, number>>;
  givenUp: Readonly<Record<string, number>>;
  /** Of the job that has been due longest and is held by nobody; 0: none is. */
  oldestDueMs: number;
  /** Conversations that this version cannot read. */
  unreadable: number;
}>;

const name = (rest: string): string => `connect_email_${rest}`;

/** Whoever scrapes gives up after ten seconds; the store has this long, in milliseconds. */
const patienceMs = 3000;

/** What happened in this process, counted up. */
const createCounters = (registers: Registry[]): Metrics & { turnedAway: OnRefused } => {
  const checks = new Counter({
    name: name('checks_total'),
    help: 'Checks by verdict; "failed" are our own faults',
    labelNames: ['kind', 'verdict', 'login'],
    registers,
  });
  const findings = new Counter({
    name: name('findings_total'),
    help: 'Unmet requirements by reason, in checks that somebody waited for',
    labelNames: ['requirement', 'reason', 'verdict'],
    registers,
  });
  const duration = new Histogram({
    name: name('check_duration_seconds'),
    help: 'How long checks took',
    labelNames: ['kind'],
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30],
    registers,
  });
  const acks = new Histogram({
    name: name('ack_duration_seconds'),
    help: 'From what a chat platform handed to the bot to its answer',
    labelNames: ['platform'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers,
  });
  const refusals = new Counter({
    name: name('platform_errors_total'),
    help: 'Messages that a chat platform did not take',
    labelNames: ['platform', 'code'],
    registers,
  });
  const turnedAway = new Counter({
    name: name('refused_requests_total'),
    help: 'Requests that were not let in, by door and reason',
    labelNames: ['door', 'reason'],
    registers,
  });
  // The first failure must be seen as a rise, so there is something that it rises from.
  for (const kind of ['check', 'watch']) checks.inc({ kind, verdict: 'failed', login: 'false' }, 0);
  return {
    checked: ({ kind, verdict, loginTested, durationMs, findings: found }) => {
      checks.inc({ kind, verdict, login: String(loginTested) });
      duration.observe({ kind }, durationMs / 1000);
      if (kind === 'watch') return;
      for (const { requirement, reason, verdict: one } of found)
        if (one !== 'pass' && one !== 'not-applicable')
          findings.inc({ requirement, verdict: one, reason: reason ?? '' });
    },
    checkFailed: (kind) => checks.inc({ kind, verdict: 'failed', login: 'false' }),
    answered: (platform, ms) => acks.observe({ platform }, ms / 1000),
    refused: (platform, code) => refusals.inc({ platform, code }),
    turnedAway: (door, reason) => turnedAway.inc({ door, reason }),
  };
};

/** What the store says at this moment. Where it does not answer its numbers are absent: no number is better than a wrong one. */
const storeNow = async (depths: Depths): Promise<Registry> => {
  const registry = new Registry();
  const gauge = (rest: string, help: string, value: number): void =>
    new Gauge({ name: name(rest), help, registers: [registry] }).set(value);
  const byKind = (rest: string, help: string, values: Readonly<Record<string, number>>): void => {
    const kinds = new Gauge({ name: name(rest), help, labelNames: ['kind'], registers: [registry] });
    for (const [kind, count] of Object.entries(values)) kinds.set({ kind }, count);
  };
  const asked = depths().catch(() => null);
  const known = await within(patienceMs, asked, () => null);
  gauge('store_up', '1: the store answers', known ? 1 : 0);
  if (!known) return registry;
  byKind('jobs', 'Jobs in the store, waiting or under way', known.waiting);
  byKind('jobs_given_up', 'Jobs whose last try has failed, as long as they are kept', known.givenUp);
  gauge('oldest_job_seconds', 'How long the job that waits longest has been due', known.oldestDueMs / 1000);
  gauge('unreadable_conversations', 'Conversations that this version cannot read', known.unreadable);
  return registry;
};

/** Counts for Prometheus. `text` asks the store at that moment. */
export const createMetrics = (depths: Depths) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    ...createCounters([registry]),
    contentType: registry.contentType,
    text: async (): Promise<string> => Registry.merge([registry, await storeNow(depths)]).metrics(),
  };
};
