import type { Log } from './bot/index.ts';
import type { OnRefused } from './chat/refusals.ts';
import { type Config, hasPlatform } from './config/index.ts';
import { isLoopback } from './lib/loopback.ts';
import type { Platform } from './platforms.ts';
import { createReadiness } from './readiness.ts';
import { jobKinds, type Store } from './store/ports.ts';
import { errorFields } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createRefusalLog } from './telemetry/refusals.ts';
import { readVersion } from './version.ts';
import { metricsRoute } from './web/metrics.ts';

/** Said of every kind: a number that appears with the first job given up has not grown, and alerts nobody. */
const noJobs = Object.fromEntries(jobKinds.map((kind) => [kind, 0]));

const depthsOf = async (store: Store) => {
  const now = Date.now();
  const { oldestDue, waiting, givenUp, unreadable } = await store.counts(now);
  return {
    waiting: { ...noJobs, ...waiting },
    givenUp: { ...noJobs, ...givenUp },
    oldestDueMs: oldestDue === null ? 0 : Math.max(0, now - oldestDue),
    unreadable,
  };
};

/** Strangers come in through a proxy, which may stand on this machine. */
const isPublic = ({ PUBLIC_URL }: Config): boolean =>
  PUBLIC_URL !== undefined && !isLoopback(new URL(PUBLIC_URL).hostname);

type Served = {
  adapters: readonly Platform[];
  /** What the bot looks after, each part by its name. */
  ofBot(): Promise<Readonly<Record<string, boolean>>>;
};

/** What an operator sees of one process: its figures, its readiness, and who was not let in. */
export const openOperation = ({ config, store, log }: { config: Config; store: Store; log: Log }) => {
  const metrics = createMetrics();
  const logRefusal = createRefusalLog(log);
  const onRefused: OnRefused = (door, reason) => {
    metrics.turnedAway(door, reason);
    logRefusal(door, reason);
  };
  const token = config.METRICS_TOKEN ?? null;
  return {
    metrics,
    onRefused,
    /** Once it is known who is served: what the web server needs to say so. */
    show: ({ adapters, ofBot }: Served) => {
      const doors = ['metrics', 'login', ...adapters.map(({ platform }) => platform)];
      const health = createReadiness({
        tryStore: store.ping,
        count: () => depthsOf(store),
        ofBot,
        ofPlatforms: adapters.flatMap(({ platform, health: ask, warnings }) =>
          ask ? [{ name: platform, ask, ...(warnings ? { warnings } : {}) }] : [],
        ),
        onTurn: (part, isGood, error) => {
          if (isGood) log.info({ part }, 'ready again');
          else log.error({ part, ...(error === null ? {} : errorFields(error)) }, 'not ready');
        },
      });
      const figures = metricsRoute({
        token,
        isTokenNeeded: isPublic(config),
        page: async () => metrics.page(await health(), doors),
        onRefused,
      });
      return { health, figures, token };
    },
  };
};

/** For the line that tells of the start, without the name of a person or of another machine. */
export const aboutStart = async (config: Config) => {
  const forMachine = isPublic(config) ? [] : ['machine'];
  const forToken = config.METRICS_TOKEN === undefined ? [] : ['token'];
  return {
    version: await readVersion(),
    mode: hasPlatform(config) ? 'chat' : 'preview',
    store: config.DATABASE_URL === undefined ? 'sqlite' : 'postgres',
    publicUrl: config.PUBLIC_URL !== undefined,
    /** Who may read the figures; empty: nobody. */
    metricsFor: [...forMachine, ...forToken].join(' '),
  };
};
