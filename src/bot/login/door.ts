import type { Store } from '../../store/ports.ts';
import { byId, type Dispatch, type Done } from '../turn/dispatch.ts';
import type { GivenLogin, SubmittedPassword } from './attempt.ts';
import { createLogin, type LoginParts } from './login.ts';

export type LoginDoorParts = LoginParts & {
  store: Store;
  dispatch: Dispatch;
  /** There may be jobs to run. */
  nudge(): void;
};

/** How links to the login page come out, and what the page itself asks of the bot. */
export const createLoginDoor = (parts: LoginDoorParts) => {
  const { store, dispatch, nudge } = parts;
  const login = createLogin(parts);
  /** Sent after the commit, and not waited for: the click has its answer. */
  const offer = (done: Done): void => {
    for (const effect of done.effects) if (effect.type === 'offer-login') void login.offer(done, effect);
  };

  return {
    offer,
    stop: login.stop,
    ofPage: {
      open: login.open,
      progress: login.progress,
      leave: login.leave,
      submit: async (token: string, session: string, given: GivenLogin): Promise<SubmittedPassword> => {
        const submitted = await login.submit(token, session, given);
        nudge();
        return submitted;
      },
      /** False: no link was sent; what is possible is in the chat. */
      renew: async (token: string, session: string): Promise<boolean> => {
        const renewal = await login.renewal(token, session);
        const done = renewal && (await dispatch(byId(store, renewal.conversationId), renewal.event));
        if (done) offer(done);
        nudge();
        return done?.effects.some(({ type }) => type === 'offer-login') ?? false;
      },
    },
  };
};
