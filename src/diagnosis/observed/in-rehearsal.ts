/** What a rehearsal has shown, sorted for those who judge it. */
import type { Observation, ObservationOf, ObservationType } from './observation.ts';

/** As many as HubSpot holds for an account. */
export const wantedConnections = 5;

export type InRehearsal = {
  /** False: there was none, and what only a rehearsal shows is not tested. */
  begun: boolean;
  ended: boolean;
  /** Of both services, as they were opened. */
  sessions: ObservationOf<'session'>[];
  /** As it opened in the rehearsal. */
  inbox: ObservationOf<'inbox'> | null;
  /** How far it got, but for being cleared. */
  testMail: ObservationOf<'test-mail'> | null;
  arrival: ObservationOf<'arrival'> | null;
  copy: ObservationOf<'copy'> | null;
  /** One for each message of ours that could not be removed. */
  leftBehind: { folder: string }[];
};

export const inRehearsal = (observations: readonly Observation[]): InRehearsal => {
  const all = <T extends ObservationType>(type: T): ObservationOf<T>[] =>
    observations.filter((seen): seen is ObservationOf<T> => seen.type === type);
  const phases = all('rehearsal');
  const from = observations.findIndex(({ type }) => type === 'rehearsal');
  const within = from < 0 ? [] : observations.slice(from);
  return {
    begun: phases.length > 0,
    ended: phases.some(({ phase }) => phase === 'ended'),
    sessions: all('session'),
    inbox: within.findLast((seen): seen is ObservationOf<'inbox'> => seen.type === 'inbox') ?? null,
    testMail: all('test-mail').findLast(({ phase }) => phase !== 'cleared') ?? null,
    arrival: all('arrival').at(-1) ?? null,
    copy: all('copy').at(-1) ?? null,
    leftBehind: all('left-behind').map(({ folder }) => ({ folder })),
  };
};
