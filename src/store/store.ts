/** The store over any engine that Kysely speaks to. */
import type { Kysely } from 'kysely';
import { createOnDemand } from '../lib/on-demand.ts';
import type { Engine } from './engine/engine.ts';
import type { Store } from './ports.ts';
import { createConversations } from './tables/conversations.ts';
import { createJobs } from './tables/jobs/jobs.ts';
import { createLimits } from './tables/limits/limits.ts';
import { createMemory } from './tables/memory.ts';
import { createOverview } from './tables/overview.ts';
import { createQueue } from './tables/queue.ts';
import type { Tables } from './tables/schema.ts';
import { createTrial } from './tables/trial.ts';
import { createSurvey } from './tables/upkeep/damaged.ts';
import { createUpkeep } from './tables/upkeep/upkeep.ts';

export type Databases = {
  db: Kysely<Tables>;
  /** The same one, where a commit need not wait for the disk. */
  leases: Kysely<Tables>;
};

/** `now`: what this process takes for the present, for what is asked without saying when. */
export const createStore = (
  { db, leases }: Databases,
  engine: Engine,
  now: () => number = Date.now,
): Store => {
  const limits = createLimits({ durable: db, relaxed: leases }, { ...engine, now });
  const upkeep = createUpkeep(db, engine);
  // For an operator's commands only.
  const archive = createOnDemand(async () => (await import('./archive/dump.ts')).createArchive(db, engine));
  return {
    ...createConversations(db, engine),
    ...createJobs({ durable: db, leases }, engine),
    ...createOverview(db, engine),
    ...createQueue(db),
    dump: archive.call(({ dump }) => dump),
    replace: archive.call(({ replace }) => replace),
    ...upkeep,
    ...createSurvey(db, upkeep.counts),
    ...limits,
    memory: createMemory(db),
    ping: createTrial({ db, limits, engine, now }),
    close: async () => {
      await leases.destroy();
      await db.destroy();
    },
  };
};
