import { createFresh } from './lib/fresh.ts';
import { withTimeout } from './lib/timeout.ts';
import type { Depths, ReadinessFigures } from './telemetry/figures.ts';

/** Milliseconds. Somebody in front decides by this whether to send people here, and will not wait. */
const patienceMs = 3000;
/** So long an answer stands: whoever asks often, or a thousand times at once, moves neither the store nor a platform. */
const freshMs = { store: 300, platforms: 1000 };

type Parts = Readonly<Record<string, boolean>>;

export type ReadinessParts = {
  /** Does what a click does; rejects when a click could not be kept. */
  tryStore(): Promise<void>;
  /** Reads what lies in the store; rejects when it cannot be read. */
  count(): Promise<Depths>;
  /** What the bot looks after; asked only while the store answers, on which it rests. */
  ofBot(): Promise<Parts>;
  /** What each platform says of itself, asked side by side. */
  ofPlatforms: readonly { name: string; ask(): Promise<Parts>; warnings?(): Promise<readonly string[]> }[];
  /** Hears when a part turns bad or good again; `error`: why the store did not answer. */
  onTurn(part: string, isGood: boolean, error: unknown): void;
};

type OfStore = { isUp: boolean; parts: Parts; depths: Depths | null; error: unknown };

const down = (error: unknown): OfStore => ({ isUp: false, parts: {}, depths: null, error });

/** A store that takes a click and cannot be read is damaged; one that only takes long to count is not. */
const askStore = async ({ tryStore, count, ofBot }: ReadinessParts): Promise<OfStore> => {
  try {
    await tryStore();
    const [parts, depths] = await Promise.all([ofBot(), withTimeout(patienceMs / 2, count(), () => null)]);
    return { isUp: true, parts, depths, error: null };
  } catch (error) {
    return down(error);
  }
};

/** One that is late, or fails to say, is as bad in all that it has spoken of before. */
const askPlatform = (name: string, ask: () => Promise<Parts>): (() => Promise<Parts>) => {
  let named = [name];
  const asked = createFresh(freshMs.platforms, async () => {
    const parts = await ask().catch(() => null);
    if (parts) named = Object.keys(parts);
    return parts;
  });
  return async () =>
    (await withTimeout(patienceMs, asked.get(), () => null)) ??
    Object.fromEntries(named.map((part) => [part, false]));
};

/** One that is late, or fails to say, warns of nothing. */
const askWarnings = (ask: () => Promise<readonly string[]>): (() => Promise<readonly string[]>) => {
  const asked = createFresh(freshMs.platforms, () => ask().catch(() => []));
  return () => withTimeout(patienceMs, asked.get(), () => []);
};

/**
 * Whether people can be served now, each part by its name: the one truth behind `/readyz` and `/metrics`. Never rejects, and says
 * what it knows within some seconds.
 */
export const createReadiness = (given: ReadinessParts): (() => Promise<ReadinessFigures>) => {
  const ofStore = createFresh(freshMs.store, () => askStore(given));
  const ofPlatforms = given.ofPlatforms.map(({ name, ask }) => askPlatform(name, ask));
  const ofWarnings = given.ofPlatforms.flatMap(({ warnings }) => (warnings ? [askWarnings(warnings)] : []));
  const bad = new Set<string>();
  const notice = (parts: Parts, error: unknown): void => {
    for (const [part, isGood] of Object.entries(parts)) {
      if (isGood !== bad.has(part)) continue;
      if (isGood) bad.delete(part);
      else bad.add(part);
      given.onTurn(part, isGood, part === 'store' ? error : null);
    }
  };
  return async () => {
    const late = Object.assign(new Error('the store did not answer in time'), { code: 'not-in-time' });
    const warned = Promise.all(ofWarnings.map((ask) => ask()));
    const [store, ...asked] = await Promise.all([
      withTimeout(patienceMs, ofStore.get(), () => down(late)),
      ...ofPlatforms.map((ask) => ask()),
    ]);
    const parts: Parts = Object.assign({ store: store.isUp }, store.parts, ...asked);
    notice(parts, store.error);
    const ready = Object.values(parts).every((isGood) => isGood);
    const warnings = (await warned).flat();
    return { ready, parts, ...(warnings.length > 0 ? { warnings } : {}), depths: store.depths };
  };
};
