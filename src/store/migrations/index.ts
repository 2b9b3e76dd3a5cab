/** How the tables came to be: an explicit list, run in order; what has been released is never changed again. */
import type { IdentityColumn } from '../engine/engine.ts';
import { conversationsJobsMemory } from './0001.ts';
import { upkeepAndLimits } from './0002.ts';
import { boundLinks } from './0003.ts';
import { queuesOfGivenUpJobs } from './0004.ts';
import { heldBuckets } from './0005.ts';
import { queueOfConversations } from './0006.ts';
import type { NamedMigration } from './migrate.ts';

/** Names sort in the order of the list: the Migrator goes by them. */
export const migrations = (identity: IdentityColumn): readonly NamedMigration[] => [
  { name: '0001-conversations-jobs-memory', up: conversationsJobsMemory(identity) },
  { name: '0002-upkeep-and-limits', up: upkeepAndLimits },
  { name: '0003-bound-links', up: boundLinks },
  { name: '0004-queues-of-given-up-jobs', up: queuesOfGivenUpJobs },
  { name: '0005-held-buckets', up: heldBuckets },
  { name: '0006-queue-of-conversations', up: queueOfConversations },
];

/** What this program knows, in order. */
export const migrationNames: readonly string[] = migrations({
  type: 'integer',
  column: (column) => column,
}).map(({ name }) => name);
