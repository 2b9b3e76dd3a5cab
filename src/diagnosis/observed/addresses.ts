import type { Observation } from './observation.ts';
import { look, type Seen } from './seen.ts';

export type AtAddress = { address: string; seen: Seen };

/** What was seen at the further addresses of a name, each as if it were the only one. */
export const lookAtOthers = (seen: Seen, observations: readonly Observation[]): AtAddress[] => {
  const { service, account } = seen;
  const shared = observations.filter(
    (one) => one.service === service && (one.type === 'resolution' || one.type === 'mode'),
  );
  return observations.flatMap((one): AtAddress[] => {
    if (one.type !== 'address' || one.service !== service) return [];
    const { address, at } = one;
    const reached = observations.filter(
      (other) => other.service === service && other.type === 'connection' && other.address === address,
    );
    const own = one.seen.map((fact): Observation => ({ ...fact, service, at }));
    return [{ address, seen: look(account, service, [...shared, ...reached, ...own]) }];
  });
};

/** The address of the session that everything else rests on; null: none was reached. */
export const addressOf = ({ connections }: Seen, others: readonly AtAddress[]): string | null =>
  connections.find(
    ({ address, outcome }) => outcome === 'connected' && !others.some((other) => other.address === address),
  )?.address ?? null;
