/**
 * How a backup is written: one line of JSON for each row, the same for every engine. The first line says what it is, the
 * last one how much there was and the SHA-256 of all lines before it, so that a file which was cut off is known for one.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { Tables } from '../tables/schema.ts';

/** One-time links are not kept: used ones would be good again. */
export type ArchivedTable = Exclude<keyof Tables, 'links'>;

/** In the order in which they can be filled, each with what orders its rows. */
export const archivedTables = {
  conversations: ['id'],
  jobs: ['id'],
  failed: ['job_id'],
  memory: ['owner', 'key'],
  seen: ['key'],
  buckets: ['key'],
} as const satisfies { [T in ArchivedTable]: readonly (keyof Tables[T])[] };

export const tableNames = Object.keys(archivedTables) as ArchivedTable[];

export type ArchivedRow = { table: ArchivedTable; row: Readonly<Record<string, string | number | null>> };
export type RowCounts = Readonly<Record<ArchivedTable, number>>;

export const noRows = (): Record<ArchivedTable, number> => ({
  conversations: 0,
  jobs: 0,
  failed: 0,
  memory: 0,
  seen: 0,
  buckets: 0,
});

/** `not-readable`: by the system; `unknown`: no backup of ours; `newer`: of a later version; `damaged`: cut off or changed. */
export type ArchiveFault = 'not-readable' | 'unknown' | 'newer' | 'damaged';

export class ArchiveUnusable extends Error {
  readonly code: ArchiveFault;
  constructor(code: ArchiveFault, options?: { cause: unknown }) {
    super(`the backup cannot be used: ${code}`, options);
    this.name = 'ArchiveUnusable';
    this.code = code;
  }
}

const format = 'connect-email-backup';
const formatVersion = 1;

const header = z.object({
  format: z.literal(format),
  version: z.number(),
  /** The migrations that the database had. */
  schema: z.array(z.string()),
  created: z.string(),
});
const line = z.tuple([
  z.enum(tableNames),
  z.record(z.string().regex(/^[a-z_]+$/u), z.union([z.string(), z.number(), z.null()])),
]);
const trailer = z.object({ end: z.record(z.enum(tableNames), z.number()), sha256: z.string() });

export const openingLine = (schema: readonly string[], at: number): string =>
  JSON.stringify({ format, version: formatVersion, schema, created: new Date(at).toISOString() });

export const rowLine = ({ table, row }: ArchivedRow): string => JSON.stringify([table, row]);

/** The digest of what has been written, line by line. */
export const createDigest = () => {
  const hash = createHash('sha256');
  return {
    add: (text: string): void => void hash.update(`${text}\n`),
    end: (counts: RowCounts): string => JSON.stringify({ end: counts, sha256: hash.digest('hex') }),
  };
};

/** At line feeds only: others that readers take for ends of lines may stand in what people wrote. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (cause) {
    throw new ArchiveUnusable('not-readable', { cause });
  }
  if (rest !== '') throw new ArchiveUnusable('damaged');
}

const parse = <T>(schema: z.ZodType<T>, text: string, fault: ArchiveFault): T => {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ArchiveUnusable(fault, { cause });
  }
};

/** @throws ArchiveUnusable where it is of a version, or of a database, that came after this program */
const checkOpening = (text: string, known: readonly string[]): void => {
  const { version, schema } = parse(header, text, 'unknown');
  if (version > formatVersion || schema.some((name) => !known.includes(name)))
    throw new ArchiveUnusable('newer');
};

/**
 * The rows of a backup, in order; ends only if all of it is there and as it was written. `known`: the migrations of this
 * program. @throws ArchiveUnusable
 */
export async function* rowsOf(file: string, known: readonly string[]): AsyncGenerator<ArchivedRow> {
  const digest = createDigest();
  const counts = noRows();
  let isOpened = false;
  let end: string | null = null;
  for await (const text of linesOf(file)) {
    if (end !== null) throw new ArchiveUnusable('damaged');
    if (!isOpened) checkOpening(text, known);
    else if (text.startsWith('[')) {
      const [table, row] = parse(line, text, 'damaged');
      counts[table] += 1;
      yield { table, row };
    } else {
      parse(trailer, text, 'damaged');
      end = text;
      continue;
    }
    isOpened = true;
    digest.add(text);
  }
  if (!isOpened) throw new ArchiveUnusable('unknown');
  if (end !== digest.end(counts)) throw new ArchiveUnusable('damaged');
}

/** Reads all of it once, before anything is touched. Gives how much there is. @throws ArchiveUnusable */
export const checkArchive = async (file: string, known: readonly string[]): Promise<RowCounts> => {
  const counts = noRows();
  for await (const { table } of rowsOf(file, known)) counts[table] += 1;
  return counts;
};
