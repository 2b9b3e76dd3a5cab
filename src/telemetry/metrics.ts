import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the store knows of the work that waits; per kind of job. */
export type Depths = () => Promise<Readonly<Record<string, number>>>;

/** What happened, told by those to whom it happens. No address, no host, no name: labels are kept for months. */
export type Metrics = {
  /** Durations in milliseconds. */
  checked(result: {
    verdict: string;
    loginTested: boolean;
    durationMs: number;
    findings: readonly { requirement: string; verdict: string; reason: string | null }[];
  }): void;
  checkFailed(): void;
  /** Something that came in was answered. */
  answered(platform: string, ms: number): void;
  /** A platform refused what we sent. */
  refused(platform: string, code: string): void;
  gaveUp(kind: string): void;
};

const name = (rest: string): string => `connect_email_${rest}`;

/** Counts for Prometheus. `text` asks the store at that moment and rejects when it cannot answer. */
export const createMetrics = (depths: Depths) => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const checks = new Counter({
    name: name('checks_total'),
    help: 'Finished checks by verdict; "failed" are our own faults',
    labelNames: ['verdict', 'login'],
    registers,
  });
  const findings = new Counter({
    name: name('findings_total'),
    help: 'Unmet requirements by reason',
    labelNames: ['requirement', 'reason', 'verdict'],
    registers,
  });
  const duration = new Histogram({
    name: name('check_duration_seconds'),
    help: 'How long checks took',
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30],
    registers,
  });
  const acks = new Histogram({
    name: name('ack_duration_seconds'),
    help: 'From a request of a chat platform to its answer',
    labelNames: ['platform'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers,
  });
  const refusals = new Counter({
    name: name('platform_errors_total'),
    help: 'Messages that a chat platform refused',
    labelNames: ['platform', 'code'],
    registers,
  });
  const givenUp = new Counter({
    name: name('jobs_given_up_total'),
    help: 'Jobs whose last try failed',
    labelNames: ['kind'],
    registers,
  });
  const queue = new Gauge({
    name: name('jobs'),
    help: 'Jobs in the store, waiting or under way',
    labelNames: ['kind'],
    registers,
  });
  const metrics: Metrics = {
    checked: (result) => {
      checks.inc({ verdict: result.verdict, login: String(result.loginTested) });
      duration.observe(result.durationMs / 1000);
      for (const { requirement, reason, verdict } of result.findings)
        if (verdict !== 'pass' && verdict !== 'not-applicable')
          findings.inc({ requirement, verdict, reason: reason ?? '' });
    },
    checkFailed: () => checks.inc({ verdict: 'failed', login: 'false' }),
    answered: (platform, ms) => acks.observe({ platform }, ms / 1000),
    refused: (platform, code) => refusals.inc({ platform, code }),
    gaveUp: (kind) => givenUp.inc({ kind }),
  };
  return {
    ...metrics,
    contentType: registry.contentType,
    text: async (): Promise<string> => {
      const waiting = await depths();
      queue.reset();
      for (const [kind, count] of Object.entries(waiting)) queue.set({ kind }, count);
      return registry.metrics();
    },
  };
};
