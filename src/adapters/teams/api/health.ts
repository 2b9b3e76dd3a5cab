import { createFresh } from '../../../lib/fresh.ts';
import { rejectAfter } from '../../../lib/timeout.ts';
import { limits } from '../limits.ts';

/** Whether the bot may speak in Teams, as of some seconds ago: Microsoft gives it a token for its app id and password. */
export const createHealth = (signIn: () => Promise<void>, now: () => number): (() => Promise<boolean>) => {
  const late = () => new Error('Microsoft does not answer');
  const isGood = () =>
    rejectAfter(limits.keysMs, signIn(), late).then(
      () => true,
      () => false,
    );
  return createFresh(limits.healthMs, isGood, now).get;
};
