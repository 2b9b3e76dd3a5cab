import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../bot/ports.ts';
import { type OnRefused, refusalReasons } from '../chat/refusals.ts';

/** What the store knows of the work that is not done, by kind of job. */
export type Depths = {
  waiting: Readonly<Record<string, number>>;
  givenUp: Readonly<Record<string, number>>;
  /** Of the job that has been due longest and is held by nobody; 0: none is. */
  oldestDueMs: number;
  /** Conversations that this version cannot read. */
  unreadable: number;
};

/** Whether people can be served now, as `/readyz` says it too; `depths` null: the store did not say. */
export type ReadinessFigures = {
  ready: boolean;
  parts: Readonly<Record<string, boolean>>;
  /** What is not as it should be and keeps nobody from being served; absent: nothing. */
  warnings?: readonly string[];
  depths: Depths | null;
};

const name = (rest: string): string => `connect_email_${rest}`;

/** Gauges that are sums of others, and bear the name of a counter, which Prometheus' own check refuses. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

type Doors = {
  turnedAway: OnRefused;
  /** These doors are there, if nobody has been refused at them either. */
  showDoors(names: readonly string[]): void;
};

/** Test mails that people have agreed to. */
const createRehearsals = (registers: Registry[]): Pick<Metrics, 'rehearsed'> => {
  const rehearsals = new Counter({
    name: name('rehearsals_total'),
    help: 'Rehearsals that were agreed to, by what came of them and of their mail',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  const duration = new Histogram({
    name: name('rehearsal_duration_seconds'),
    help: 'How long rehearsals took, the time until the mail was removed included',
    buckets: [0.5, 1, 2, 5, 10, 20, 30, 60, 90],
    registers,
  });
  const left = new Counter({
    name: name('test_mails_left_total'),
    help: 'Messages of ours that could not be removed from a mailbox',
    registers,
  });
  for (const outcome of ['held', 'failed']) rehearsals.inc({ outcome, reason: '' }, 0);
  return {
    rehearsed: ({ outcome, reason, durationMs, leftBehind }) => {
      rehearsals.inc({ outcome, reason });
      if (durationMs !== null) duration.observe(durationMs / 1000);
      left.inc(leftBehind);
    },
  };
};

/** What happened in this process, counted up. */
const createCounters = (registers: Registry[]): Omit<Metrics, 'rehearsed'> & Doors => {
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
    showDoors: (names) => {
      for (const door of names) for (const reason of refusalReasons) turnedAway.inc({ door, reason }, 0);
    },
  };
};

/** What holds at this moment. Where the store does not answer its numbers are absent: no number is better than a wrong one. */
const standingNow = ({ ready, parts, depths }: ReadinessFigures): Registry => {
  const registry = new Registry();
  const gauge = (rest: string, help: string, value: number): void =>
    new Gauge({ name: name(rest), help, registers: [registry] }).set(value);
  const by = (label: string, rest: string, { help, values }: Labelled): void => {
    const gauges = new Gauge({ name: name(rest), help, labelNames: [label], registers: [registry] });
    for (const [key, value] of Object.entries(values)) gauges.set({ [label]: key }, Number(value));
  };
  gauge('ready', '1: people can be served, as /readyz says it', Number(ready));
  by('part', 'ready_part', { help: '1: this part of readiness is good', values: parts });
  gauge('store_up', '1: the store takes what a click writes', Number(parts.store === true));
  if (!depths) return registry;
  const { waiting, givenUp, oldestDueMs, unreadable } = depths;
  by('kind', 'jobs', { help: 'Jobs in the store, waiting or under way', values: waiting });
  const lost = 'Jobs whose last try has failed, as long as they are kept';
  by('kind', 'jobs_given_up', { help: lost, values: givenUp });
  gauge('oldest_job_seconds', 'How long the job that waits longest has been due', oldestDueMs / 1000);
  gauge('unreadable_conversations', 'Conversations that this version cannot read', unreadable);
  return registry;
};

type Labelled = { help: string; values: Readonly<Record<string, number | boolean>> };

/** Counts for Prometheus, by its own library. */
export const createFigures = () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const one of misnamed) registry.removeSingleMetric(one);
  const { showDoors, ...counters } = createCounters([registry]);
  return {
    ...counters,
    ...createRehearsals([registry]),
    page: async (now: ReadinessFigures, doors: readonly string[]) => {
      showDoors(doors);
      const text = await Registry.merge([registry, standingNow(now)]).metrics();
      return { contentType: registry.contentType, text };
    },
  };
};
