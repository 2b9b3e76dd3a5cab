import { rejectAfter } from '../../../lib/timeout.ts';
import { limits } from '../limits.ts';

/** Whether the bot may speak in Teams, as of some seconds ago: Microsoft gives it a token for its app id and password. */
export const createHealth = (signIn: () => Promise<void>, now: () => number) => {
  let known: { at: number; good: Promise<boolean> } | null = null;
  return (): Promise<boolean> => {
    if (known && now() - known.at < limits.healthMs) return known.good;
    const late = () => new Error('Microsoft does not answer');
    const good = rejectAfter(limits.keysMs, signIn(), late).then(
      () => true,
      () => false,
    );
    known = { at: now(), good };
    return good;
  };
};
