import { codeOf } from '../lib/error-code.ts';
import { withTimeout } from '../lib/timeout.ts';
import type { Store } from '../store/ports.ts';
import { type Found, found } from './examination.ts';

/** In milliseconds. A database far away answers a connection within this, or it is no use to a conversation. */
const patience = 6_000;

/** https://www.sqlite.org/rescode.html, the basic codes. */
const sqliteCodes: Readonly<Record<number, string>> = {
  5: 'busy',
  8: 'read-only',
  11: 'damaged',
  13: 'full',
  14: 'not-opened',
  26: 'damaged',
};

/** Of the first cause that has a code of its own; libraries give some refusals only in words, which are never repeated. */
export const storeCode = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'StoreNotOpened' && error.cause !== undefined) return storeCode(error.cause);
  if ('errcode' in error && typeof error.errcode === 'number')
    return sqliteCodes[error.errcode & 0xff] ?? `sqlite-${error.errcode}`;
  if (error instanceof AggregateError && error.errors.length > 0) return storeCode(error.errors[0]);
  if ('code' in error) return codeOf(error);
  if (/timeout/iu.test(error.message)) return 'ETIMEDOUT';
  if (/does not support SSL/iu.test(error.message)) return 'no-tls';
  return /password/iu.test(error.message) ? 'no-password' : 'unknown';
};

/** Opens the store as the start does, writes to it, and hands it on while `use` lasts. */
export const examineStore = async (
  place: string,
  open: () => Promise<Store>,
  use: (store: Store | null) => Promise<void>,
): Promise<Found> => {
  const late = { code: 'ETIMEDOUT', store: null };
  const opening = open().then(
    async (store) => {
      try {
        await store.ping();
        return { code: null, store };
      } catch (error) {
        return { code: storeCode(error), store };
      }
    },
    (error: unknown) => ({ code: storeCode(error), store: null }),
  );
  const { code, store } = await withTimeout<Awaited<typeof opening>>(patience, opening, () => late);
  await use(code === null ? store : null);
  await store?.close();
  return code === null ? found('store', 'usable', { place }) : found('store', 'not-usable', { place, code });
};
