import type { createBot } from './bot/index.ts';
import type { LoginDoor } from './web/login/index.ts';
import {
  loginAnnounced,
  loginAsker,
  loginBlocks,
  loginForeign,
  loginRefused,
  loginServers,
  loginTestMail,
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
      testMail: login.patienceMs === null ? null : loginTestMail(account, login.patienceMs, locale),
    };
  },
  submit: async (token, session, given) => {
    const submitted = await login.submit(token, session, given);
    if (submitted.type !== 'refused') return submitted;
    return { type: 'refused', told: loginRefused(submitted.locale, submitted.until, now()) };
  },
  progress: async (token, session) => {
    const progress = await login.progress(token, session);
    if (progress.type !== 'known') return { type: progress.type };
    const { locale, check, isOver, blocks, canRenew } = progress;
    const hasTestMail = check.rehearsal !== undefined;
    return {
      type: 'known',
      isOver,
      canRenew,
      hasTestMail,
      blocks: loginBlocks(blocks, check, locale),
      announced: hasTestMail && !isOver ? loginAnnounced(blocks, locale) : null,
    };
  },
  leave: login.leave,
  renew: login.renew,
});
