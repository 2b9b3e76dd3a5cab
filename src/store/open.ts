/** Which engine: PostgreSQL where an address is given, else one file. */
import { openEmbeddedStore } from './engine/embedded.ts';
import type { Store } from './ports.ts';

/** @throws SchemaTooNew, StoreNotOpened */
export const openStore = async ({
  databaseUrl,
  directory,
  isOperator = false,
}: {
  databaseUrl: string | undefined;
  directory: string;
  /** For a command of the operator's; it serves nobody. */
  isOperator?: boolean;
}): Promise<Store> => {
  if (databaseUrl === undefined) return openEmbeddedStore({ directory });
  // Not loaded by those who do not use it.
  const { openPostgresStore } = await import('./engine/postgres.ts');
  return openPostgresStore({ url: databaseUrl, isOperator });
};
