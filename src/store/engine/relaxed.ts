/** Statements that need not be on the disk before they are answered. */
import type { KyselyPlugin, QueryId } from 'kysely';

const relaxed = new WeakSet<QueryId>();

/** What a power cut may take back: leases, ends of jobs, events seen and shares taken. Those happen once more, as after any crash. */
export const relax: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => {
    relaxed.add(queryId);
    return node;
  },
  transformResult: async ({ result }) => result,
};

export const isRelaxed = (id: QueryId): boolean => relaxed.has(id);
