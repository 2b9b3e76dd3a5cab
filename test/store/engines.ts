/** Every test of the store runs over both engines; what is special to one of them stands in a file of its own. */
import { DatabaseSync } from 'node:sqlite';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import { type Engine, postgresEngineOnGivenTime } from '../../src/store/engine/engine.ts';
import { openPostgresStore } from '../../src/store/engine/postgres.ts';
import type { Store } from '../../src/store/ports.ts';
import { inDatabase, type Postgres, startPostgres } from '../databases/postgres.ts';
import { after } from '../support/afterwards.ts';
import { fileIn, temporaryDirectory } from './scratch.ts';

type Row = Record<string, unknown>;

/** One empty database of an engine. `now`: for the few questions that do not say when they are asked. */
export type Database = {
  /** A store that is closed with the test. Times are taken as the test gives them. */
  open(now?: () => number): Promise<Store>;
  /** What a test's other process gets as its first argument; there the engine's own clock counts. */
  address: string;
  /** As the engine itself sees it, past everything that is tested. */
  sql(text: string): Promise<Row[]>;
};

export type TestedEngine = { name: string; newDatabase(): Promise<Database> };

/** Several statements may stand in `text` if they give no rows. */
const inFile = async (directory: string, text: string): Promise<Row[]> => {
  const database = new DatabaseSync(fileIn(directory), { timeout: 5000 });
  try {
    if (/^\s*(?:select|pragma)/iu.test(text)) return database.prepare(text).all();
    database.exec(text);
    return [];
  } finally {
    database.close();
  }
};

export const embedded: TestedEngine = {
  name: 'embedded',
  newDatabase: async () => {
    const directory = await temporaryDirectory();
    return {
      address: directory,
      sql: (text) => inFile(directory, text),
      open: async (now) => closing(await openEmbeddedStore({ directory, ...(now && { now }) })),
    };
  },
};

let server: Promise<Postgres> | null = null;

/** The server is started by the first test of a file that needs it, and stopped after its last. */
export const postgresServer = (): Promise<Postgres> => {
  if (server) return server;
  const starting = startPostgres();
  server = starting;
  after('file', async () => {
    server = null;
    await (await starting).stop();
  });
  return starting;
};

const postgresOn = (engine: Engine | null): TestedEngine => ({
  name: 'postgres',
  newDatabase: async () => {
    const url = await (await postgresServer()).createDatabase();
    return {
      address: url,
      sql: (text) => inDatabase(url, text),
      open: async (now) =>
        closing(await openPostgresStore({ url, ...(engine && { engine }), ...(now && { now }) })),
    };
  },
});

const closing = (store: Store): Store => {
  after('test', () => store.close());
  return store;
};

const postgres = postgresOn(postgresEngineOnGivenTime);
/** With the server's own clock, as in the product. */
export const postgresOnItsClock = postgresOn(null);

export const engines = [embedded, postgres] as const;
