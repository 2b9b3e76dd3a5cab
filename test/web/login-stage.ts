/** The bot with its login page on a real server; only the chat platform and the check behind the password are handed in. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnose, Diagnosed } from '../../src/bot.ts';
import type { Locale } from '../../src/conversation/conversation.ts';
import { createLoginDoor } from '../../src/login-door.ts';
import type { Secret } from '../../src/secret.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createLoginPage } from '../../src/web/login.ts';
import { startWebServer } from '../../src/web/server.ts';
import { loginWords } from '../../src/wording/login-page.ts';
import { createWording } from '../../src/wording/views.ts';
import { botSettings, createRecorder, doing, found, startBot, startCheck, until } from '../bot/stage.ts';
import { anna, loginPossible } from '../conversation/fixtures.ts';

export type LoginTry = (secret: Secret, signal: AbortSignal) => Promise<Diagnosed>;

export const worked = (): Diagnosed => found({ ...loginPossible, loginTested: true });

type Options = { locale?: Locale; isSecure?: boolean; tryLogin?: LoginTry };

export const openLoginStage = async ({ locale = 'de', isSecure = false, tryLogin }: Options = {}) => {
  const directory = await mkdtemp(join(tmpdir(), 'login-'));
  let shift = 0;
  const now = (): number => Date.now() + shift;
  const store = await openEmbeddedStore({ directory, now });
  const recorder = createRecorder();
  let site = '';
  const diagnose: Diagnose = async (_account, { secret, signal, onProgress }) => {
    if (secret) onProgress([{ step: 'imap-login', state: 'running', milestones: [] }]);
    if (secret) return tryLogin ? tryLogin(secret, signal) : worked();
    return found(loginPossible);
  };
  const bot = startBot(store, recorder, {
    diagnose,
    clock: { now },
    settings: { ...botSettings, loginUrl: () => `${site}/login`, defaultLocale: locale },
    wording: createWording({ itLocale: 'de', now: Date.now, itChannel: true, loginPage: true }),
  });
  const errors: unknown[] = [];
  const page = createLoginPage({
    door: createLoginDoor(bot, Date.now),
    site: () => ({ origin: site, isSecure }),
    words: loginWords,
    defaultLanguage: locale,
    onError: (error) => errors.push(error),
  });
  const web = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    routers: [page],
    health: async () => ({ ready: true, parts: {} }),
  });
  site = isSecure ? 'https://bot.firma.example' : web.url;
  const rep = doing(bot, anna);
  await startCheck(bot);
  const offering = () =>
    recorder
      .at('person')
      .findLast(({ message }) => message.buttons.some(({ action }) => action === 'test-login'));
  await until(() => {
    if (!offering()) throw new Error('no report yet');
  });

  const linkMessages = () =>
    recorder.at('person').filter(({ versions }) => JSON.stringify(versions[0]).includes('/login#'));
  const tokenOf = (message: object): string => /\/login#([\w-]+)/u.exec(JSON.stringify(message))?.[1] ?? '';

  return {
    store,
    recorder,
    bot,
    rep,
    url: web.url,
    errors,
    linkMessages,
    later: (ms: number): void => {
      shift += ms;
    },
    /** Presses the button and waits for the message with the link. */
    askForLink: async (): Promise<string> => {
      const before = linkMessages().length;
      const newest = offering();
      if (!newest) throw new Error('no message offers a login test');
      await rep.press(newest.message, 'test-login');
      await until(() => {
        if (linkMessages().length === before) throw new Error('no link yet');
      });
      return tokenOf(linkMessages().at(-1)?.versions[0] ?? {});
    },
    newestToken: (): string => tokenOf(linkMessages().at(-1)?.versions[0] ?? {}),
    /** Every byte that the store has on disk. */
    onDisk: async (): Promise<string> => {
      const files = await readdir(directory);
      const contents = await Promise.all(files.map((file) => readFile(join(directory, file), 'latin1')));
      return contents.join('\n');
    },
    close: async (): Promise<void> => {
      await web.stop();
      await bot.stop();
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
};
export type LoginStage = Awaited<ReturnType<typeof openLoginStage>>;
