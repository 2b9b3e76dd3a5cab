import type { createBot } from './bot/index.ts';
import type { LoginDoor } from './web/login/index.ts';
import {
  loginAsker,
  loginBlocks,
  loginForeign,
  loginRefused,
  loginServers,
} from './wording/forms/login-page.ts';

type Bot = Pick<ReturnType<typeof createBot>, 'login'>;

/** The login page's questions to the bot, answered in words. `now`: milliseconds since the epoch. */
export const createLoginDoor = ({ login }: Bot, now: () => number): LoginDoor => ({
  open: async (token, session) => {
    const opened = await login.open(token, session);
    if (opened.type === 'gone') return { type: 'gone', language: opened.locale, canRenew: opened.canRenew };
    const { type, locale, account, asker, foreign } = opened;
    return {
      type,
      language: locale,
      address: account.address,
      username: account.username,
      servers: loginServers(account, locale),
      asker: loginAsker(asker, locale),
      foreign: loginForeign(account, { foreign, locale, isAllowed: type !== 'not-allowed' }),
    };
  },
  submit: async (token, session, password) => {
    const submitted = await login.submit(token, session, password);
    if (submitted.type !== 'refused') return submitted;
    return { type: 'refused', told: loginRefused(submitted.locale, submitted.until, now()) };
  },
  progress: async (token, session) => {
    const progress = await login.progress(token, session);
    if (progress.type !== 'known') return { type: progress.type };
    const { locale, check, isOver, blocks, canRenew } = progress;
    return { type: 'known', isOver, blocks: loginBlocks(blocks, check, locale), canRenew };
  },
  renew: login.renew,
});
