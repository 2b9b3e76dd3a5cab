import type { Store } from './store/ports.ts';
import type { Health } from './web/server.ts';
import { within } from './within.ts';

/** Somebody in front decides by this whether to send people here, and will not wait. Milliseconds. */
const patienceMs = 3000;

type Parts = Readonly<Record<string, boolean>>;

export type ReadinessParts = {
  store: Pick<Store, 'ping'>;
  /** What the bot looks after; asked only while the store answers, on which it rests. */
  ofBot(): Promise<Parts>;
  /** What each platform says of itself, asked side by side. */
  ofPlatforms: readonly (() => Promise<Parts>)[];
  /** Hears why the store, or what rests on it, did not answer. */
  onError(error: unknown): void;
};

/** Whether people can be served now, each part by its name. Never rejects, and says what it knows within some seconds. */
export const createReadiness =
  ({ store, ofBot, ofPlatforms, onError }: ReadinessParts) =>
  async (): Promise<Health> => {
    let ofStore: Parts = {};
    const answers = async (): Promise<boolean> => {
      try {
        await store.ping();
        ofStore = await ofBot();
        return true;
      } catch (error) {
        onError(error);
        return false;
      }
    };
    const [isUp, ...asked] = await Promise.all([
      within(patienceMs, answers(), () => false),
      ...ofPlatforms.map((ask) => ask()),
    ]);
    const parts = Object.assign({ store: isUp }, ofStore, ...asked);
    return { ready: Object.values(parts).every((good) => good === true), parts };
  };
