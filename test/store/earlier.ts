/** A database as an earlier version of the program left it. */
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { fileIn, temporaryDirectory } from './scratch.ts';

const value = z.union([z.string(), z.number(), z.null()]);
const row = z.record(z.string(), value);
const fixture = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  schema: z.array(z.string()),
  rows: z.record(z.string(), z.array(row)),
  posts: z.array(
    z.object({
      ref: z.string(),
      /** The id of a person, `it-channel` or `thread`. */
      to: z.string(),
      summary: z.string(),
      buttons: z.array(z.object({ action: z.string(), value: z.string() })),
    }),
  ),
  forms: z.object({ askRep: z.string(), servers: z.string() }),
  links: z.object({ eva: z.string() }),
});
export type Earlier = z.infer<typeof fixture> & { directory: string };

/** In a directory that vanishes with the test. */
export const earlierDatabase = async (name: string): Promise<Earlier> => {
  const file = new URL(`fixtures/${name}.json`, import.meta.url);
  const earlier = fixture.parse(JSON.parse(await readFile(file, 'utf8')));
  const directory = await temporaryDirectory();
  using database = new DatabaseSync(fileIn(directory));
  database.exec('pragma foreign_keys = off');
  for (const statement of earlier.schema) database.exec(statement);
  for (const [table, rows] of Object.entries(earlier.rows))
    for (const one of rows) {
      const names = Object.keys(one);
      const marks = names.map(() => '?').join();
      database.prepare(`insert into ${table} (${names.join()}) values (${marks})`).run(...Object.values(one));
    }
  return { ...earlier, directory };
};
