import type { createBot } from './bot.ts';
import type { LoginDoor } from './web/login.ts';
import { loginRefused, loginServers } from './wording/login-page.ts';

type Bot = Pick<ReturnType<typeof createBot>, 'login'>;

/** The login page's questions to the bot, answered in words. `now`: milliseconds since the epoch. */
export const createLoginDoor = ({ login }: Bot, now: () => number): LoginDoor => ({
  open: async (token) => {
    const opened = await login.open(token);
    if (opened.type === 'gone') return { type: 'gone', language: opened.locale, canRenew: opened.canRenew };
    const { locale, account } = opened;
    return {
      type: 'open',
      language: locale,
      address: account.address,
      servers: loginServers(account, locale),
    };
  },
  submit: async (token, password) => {
    const submitted = await login.submit(token, password);
    if (submitted.type !== 'refused') return submitted;
    return { type: 'refused', told: loginRefused(submitted.locale, submitted.until, now()) };
  },
  progress: login.progress,
  renew: login.renew,
});
