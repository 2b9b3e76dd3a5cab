/** The store over any engine that Kysely speaks to. */
import type { Kysely } from 'kysely';
import { createConversations } from './conversations.ts';
import { createJobs } from './jobs.ts';
import { createMemory } from './memory.ts';
import type { Store } from './ports.ts';
import type { Tables } from './schema.ts';

export const createStore = (db: Kysely<Tables>): Store => {
  const memory = createMemory(db);
  return {
    ...createConversations(db),
    ...createJobs(db),
    memory,
    // A new value each time: SQLite leaves a page alone that would not change, and a full disk would not show.
    ping: () => memory('store').put('ping', crypto.randomUUID()),
    close: () => db.destroy(),
  };
};
