import { createOnDemand } from '../../lib/on-demand.ts';
import type { Done } from '../turn/dispatch.ts';
import type { LoginDoorParts } from './door.ts';

/** All that this room does, loaded with the first link to the login page or the first question of that page. */
export const createLoginSide = (parts: LoginDoorParts) => {
  const door = createOnDemand(async () => (await import('./door.ts')).createLoginDoor(parts));
  const offer = door.call((loaded) => loaded.offer);
  return {
    /** Sends the links that a turn asks for. */
    offer: (done: Done): void => {
      if (done.effects.some(({ type }) => type === 'offer-login')) void offer(done);
    },
    ofPage: {
      open: door.call(({ ofPage }) => ofPage.open),
      progress: door.call(({ ofPage }) => ofPage.progress),
      leave: door.call(({ ofPage }) => ofPage.leave),
      submit: door.call(({ ofPage }) => ofPage.submit),
      renew: door.call(({ ofPage }) => ofPage.renew),
      /** How long a test mail is waited for; null: none is ever sent. */
      patienceMs: parts.rehearsal?.patienceMs ?? null,
    },
    stop: async (): Promise<void> => {
      await (await door.made())?.stop();
    },
  };
};
