/** How a test's other process opens the database that it was given. */
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/ports.ts';

/** `address`: of a PostgreSQL database, or a directory. */
export const openAt = (address: string): Promise<Store> =>
  openStore({ databaseUrl: address.startsWith('postgres://') ? address : undefined, directory: address });
