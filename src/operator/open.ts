import { stat } from 'node:fs/promises';
import { type EnvFault, stopsTheStart } from '../config/env/fault.ts';
import { readEnvironment } from '../config/env/file.ts';
import {
  ConfigError,
  readStoreConfig,
  type StoreConfig,
  settingNames,
  storeSettingNames,
} from '../config/index.ts';
import { storeCode } from '../doctor/store.ts';
import { codeOf } from '../lib/error-code.ts';
import { fileIn } from '../store/engine/embedded.ts';
import { SchemaTooNew } from '../store/migrations/migrate.ts';
import { openStore } from '../store/open.ts';
import { type Store, StoreNotOpened } from '../store/ports.ts';
import { OperatorFault } from './fault.ts';

/** The file as a whole, or where it says where the store is; a backup must not fail for any other line. */
const hidesTheStore = (fault: EnvFault): boolean =>
  stopsTheStart(fault) && (fault.name === undefined || storeSettingNames.includes(fault.name));

/** What start and doctor go by. @throws OperatorFault */
export const readPlace = async (): Promise<StoreConfig> => {
  const { environment, faults } = await readEnvironment(settingNames);
  if (faults.some(hidesTheStore)) throw new OperatorFault({ type: 'settings-not-readable' });
  try {
    return readStoreConfig(environment);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new OperatorFault({ type: 'wrong-setting', variable: cause.message }, { cause });
  }
};

const placeOf = ({ DATABASE_URL }: StoreConfig) => (DATABASE_URL === undefined ? 'DATA_DIR' : 'DATABASE_URL');

/** Whether the embedded store has been made: where it has not, a command must not make one. */
const isThere = async ({ DATA_DIR }: StoreConfig): Promise<boolean> =>
  (await stat(fileIn(DATA_DIR)).catch(() => null)) !== null;

/** Codes of SQLite, of PostgreSQL (SQLSTATE) and of the system. */
const isOfStore = (cause: unknown): boolean =>
  cause instanceof StoreNotOpened ||
  cause instanceof SchemaTooNew ||
  (cause instanceof Error && 'errcode' in cause) ||
  /^(?:[0-9A-Z]{5}|E[A-Z]+)$/u.test(codeOf(cause)) ||
  (cause instanceof Error && /timeout|terminated/iu.test(cause.message));

/** Says of what the store itself refuses that it was the store. */
export const asStoreFault =
  (place: StoreConfig) =>
  (cause: unknown): never => {
    if (!isOfStore(cause)) throw cause;
    throw new OperatorFault({ type: 'store', place: placeOf(place), code: storeCode(cause) }, { cause });
  };

export type OpenedStore = { store: Store; config: StoreConfig };

/** Opens the store while a bot may be at work with it, and closes it in the end. @throws OperatorFault */
export const withStore = async <T>(use: (opened: OpenedStore) => Promise<T>): Promise<T> => {
  const config = await readPlace();
  const { DATABASE_URL: databaseUrl, DATA_DIR: directory } = config;
  if (databaseUrl === undefined && !(await isThere(config))) throw new OperatorFault({ type: 'no-store' });
  const opening = openStore({ databaseUrl, directory, isOperator: true });
  const store = await opening.catch(asStoreFault(config));
  try {
    return await use({ store, config }).catch(asStoreFault(config));
  } finally {
    await store.close();
  }
};
