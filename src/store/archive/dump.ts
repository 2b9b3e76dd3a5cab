/** All there is, read in one moment, and put back in one transaction. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Engine } from '../engine/engine.ts';
import { executed } from '../migrations/migrate.ts';
import type { Archive } from '../ports.ts';
import type { Tables } from '../tables/schema.ts';
import {
  type ArchivedRow,
  type ArchivedTable,
  archivedTables,
  createDigest,
  noRows,
  openingLine,
  type RowCounts,
  rowLine,
  tableNames,
} from './archive.ts';

const pageSize = 200;
type Row = ArchivedRow['row'];

async function* rowsIn(db: Kysely<Tables>, table: ArchivedTable): AsyncGenerator<Row> {
  const keys: readonly string[] = archivedTables[table];
  const refs = sql.join(keys.map((key) => sql.ref(key)));
  let after = sql``;
  for (;;) {
    const page = sql<Row>`select * from ${sql.table(table)} ${after} order by ${refs} limit ${pageSize}`;
    const { rows } = await page.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = sql`where (${refs}) > (${sql.join(keys.map((key) => last[key]))})`;
  }
}

const sameColumns = (one: Row, other: Row): boolean => Object.keys(one).join() === Object.keys(other).join();

/** Rows that one statement can write. */
async function* batches(
  rows: AsyncIterable<ArchivedRow>,
): AsyncGenerator<{ table: ArchivedTable; rows: Row[] }> {
  let batch: { table: ArchivedTable; rows: Row[] } | null = null;
  for await (const { table, row } of rows) {
    const [first] = batch?.rows ?? [];
    if (batch && first && batch.table === table && batch.rows.length < pageSize && sameColumns(first, row))
      batch.rows.push(row);
    else {
      if (batch) yield batch;
      batch = { table, rows: [row] };
    }
  }
  if (batch) yield batch;
}

/** Ids are never used twice, also of what has been given up or done before the backup. */
const highestJob = async (transaction: Transaction<Tables>): Promise<number> => {
  const [jobs, failed] = await Promise.all([
    transaction
      .selectFrom('jobs')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst(),
    transaction
      .selectFrom('failed')
      .select(({ fn }) => fn.max('job_id').as('id'))
      .executeTakeFirst(),
  ]);
  return Math.max(0, jobs?.id ?? 0, failed?.id ?? 0);
};

export const createArchive = (db: Kysely<Tables>, { restoring }: Engine): Archive => ({
  dump: (at, write) =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (transaction): Promise<RowCounts> => {
        const digest = createDigest();
        const counts = noRows();
        const add = async (text: string): Promise<void> => {
          digest.add(text);
          await write(`${text}\n`);
        };
        await add(openingLine(await executed(transaction), at));
        for (const table of tableNames)
          for await (const row of rowsIn(transaction, table)) {
            counts[table] += 1;
            await add(rowLine({ table, row }));
          }
        await write(`${digest.end(counts)}\n`);
        return counts;
      }),

  replace: (rows) =>
    db.transaction().execute(async (transaction) => {
      await restoring.clear(transaction);
      for await (const { table, rows: batch } of batches(rows)) {
        const columns = Object.keys(batch[0] ?? {});
        const values = batch.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
        const names = sql.join(columns.map((column) => sql.ref(column)));
        const { overriding } = restoring;
        await sql`insert into ${sql.table(table)} (${names}) ${overriding} values ${sql.join(values)}`.execute(
          transaction,
        );
      }
      await restoring.startAfter(transaction, await highestJob(transaction));
    }),
});
