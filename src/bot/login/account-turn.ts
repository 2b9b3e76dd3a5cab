import type { Store } from '../../store/ports.ts';
import type { Clock, WorkerLimits } from '../ports.ts';

export type AccountTurnParts = {
  store: Pick<Store, 'beginOnce' | 'endOnce'>;
  clock: Clock;
  limits: Pick<WorkerLimits, 'loginMs' | 'rehearsalMs'>;
};

/**
 * One rehearsal at a time for each account, whoever asks and in whichever process: two at once would take each other's
 * connections away and report limits that HubSpot never meets. `accounts`: all names of it. Gives what ends the turn;
 * null: another has it. One whose process dies is over when its time is.
 */
export const createAccountTurns =
  ({ store, clock, limits }: AccountTurnParts) =>
  async (accounts: readonly string[]): Promise<(() => Promise<void>) | null> => {
    // In one order for everybody, so that of two who come at once one gets it.
    const keys = accounts.map((account) => `rehearsal/${account}`).sort();
    const until = clock.now() + limits.loginMs + limits.rehearsalMs;
    const taken: string[] = [];
    const end = async (): Promise<void> => {
      for (const key of taken) await store.endOnce(key, clock.now());
    };
    for (const key of keys) {
      if ((await store.beginOnce(key, until)) !== 'first') {
        await end();
        return null;
      }
      taken.push(key);
    }
    return end;
  };
