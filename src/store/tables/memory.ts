/** What an adapter has to remember: small values by key, each owner for itself. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { About, Memory, PersonId } from '../ports.ts';
import { parseJson } from './json.ts';
import type { Tables } from './schema.ts';

export const createMemory =
  (db: Kysely<Tables>) =>
  (owner: string): Memory => ({
    async put(key, value, about) {
      const kept = { value: toText(key, value), ...columnsOf(about) };
      await db
        .insertInto('memory')
        .values({ owner, key, ...kept })
        .onConflict((conflict) => conflict.columns(['owner', 'key']).doUpdateSet(kept))
        .execute();
    },

    async get(key) {
      const row = await db
        .selectFrom('memory')
        .select('value')
        .where('owner', '=', owner)
        .where('key', '=', key)
        .executeTakeFirst();
      return row === undefined ? undefined : parseJson(row.value, `${owner}'s ${key}`);
    },

    async list(prefix) {
      // Not LIKE: its wildcards and its letter case differ between engines.
      const start = sql<string>`substr(${sql.ref('key')}, 1, ${[...prefix].length})`;
      const rows = await db
        .selectFrom('memory')
        .select(['key', 'value'])
        .where('owner', '=', owner)
        .where(start, '=', prefix)
        .orderBy('key')
        .execute();
      return rows.map((row) => ({ key: row.key, value: parseJson(row.value, `${owner}'s ${row.key}`) }));
    },

    async take(key, value, from) {
      const mine = toText(key, value);
      const theirs = toText(key, from);
      const taken = await db
        .insertInto('memory')
        .values({ owner, key, value: mine })
        .onConflict((conflict) =>
          conflict
            .columns(['owner', 'key'])
            // Written even if it is mine already: the row comes back, and it is known whose it is.
            .doUpdateSet({ value: mine })
            .where('memory.value', 'in', [mine, theirs]),
        )
        .returning('value')
        .executeTakeFirst();
      if (taken !== undefined) return value;
      return z.string().parse(await this.get(key));
    },
  });

export const personKey = ({ platform, id }: PersonId): string => `${platform}:${id}`;

const columnsOf = (about: About | undefined) => ({
  person: about !== undefined && 'person' in about ? personKey(about.person) : null,
  conversation_id: about !== undefined && 'conversationId' in about ? about.conversationId : null,
});

const toText = (key: string, value: unknown): string => {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined)
    throw new TypeError(`${key}: expected a value that JSON can hold, got ${typeof value}`);
  return text;
};
