/** The bot with its login page on a real server; only the chat platform and the check behind the password are handed in. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { AddressesOf, Diagnose, Diagnosed } from '../../src/bot/index.ts';
import type { WorkerLimits } from '../../src/bot/ports.ts';
import type { ButtonAction, Message } from '../../src/chat/view.ts';
import type { Locale } from '../../src/conversation/state/conversation.ts';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import { createLoginDoor } from '../../src/login-door.ts';
import type { Secret } from '../../src/secret.ts';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import { createLoginPage, type LoginDoor } from '../../src/web/login/index.ts';
import { startWebServer } from '../../src/web/server.ts';
import { loginWords } from '../../src/wording/forms/login-page.ts';
import { createWording } from '../../src/wording/index.ts';
import {
  botSettings,
  createRecorder,
  doing,
  found,
  quick,
  startBot,
  startCheck,
  until,
} from '../bot/stage.ts';
import { anna, loginPossible } from '../conversation/fixtures.ts';

/** What the check gets besides: what it was to see again, what may be rehearsed, and whom it tells how far it is. */
export type Given = Pick<Parameters<Diagnose>[1], 'pinned' | 'rehearsal' | 'onProgress'>;

export type LoginTry = (secret: Secret, signal: AbortSignal, given: Given) => Promise<Diagnosed>;

export const worked = (): Diagnosed => found({ ...loginPossible, loginTested: true });

type Options = {
  locale?: Locale;
  isSecure?: boolean;
  tryLogin?: LoginTry;
  /** What the check before the login sees. */
  seen?: Diagnosed['assessment'];
  /** Whose servers nothing connects with the address. */
  foreign?: Service[];
  refusesForeignServers?: boolean;
  /** Where the names of servers lead. */
  addressesOf?: AddressesOf;
  /** As she calls herself in the chat. */
  name?: string;
  /** What the operator allows; null: no test mail, whoever asks. */
  rehearsal?: { patienceMs: number } | null;
  /** Other times than the usual ones of tests, in milliseconds. */
  worker?: Partial<WorkerLimits>;
};

export const openLoginStage = async (options: Options = {}) => {
  const { locale = 'de', isSecure = false, tryLogin, foreign = [], refusesForeignServers = false } = options;
  const { rehearsal = { patienceMs: 20_000 } } = options;
  const directory = await mkdtemp(join(tmpdir(), 'login-'));
  let shift = 0;
  const now = (): number => Date.now() + shift;
  const store = await openEmbeddedStore({ directory, now });
  const recorder = createRecorder();
  let site = '';
  const diagnose: Diagnose = async (_account, { secret, signal, ...given }) => {
    if (secret) given.onProgress([{ step: 'imap-login', state: 'running', milestones: [] }]);
    if (secret) return tryLogin ? tryLogin(secret, signal, given) : worked();
    return found(options.seen ?? loginPossible);
  };
  const start = ({ refuses }: { refuses: boolean }) =>
    startBot(store, recorder, {
      diagnose,
      clock: { now },
      settings: {
        ...botSettings,
        loginUrl: () => `${site}/login`,
        defaultLocale: locale,
        refusesForeignServers: refuses,
        rehearsal,
        worker: { ...quick, ...options.worker },
      },
      findForeignServers: async () => foreign,
      ...(options.addressesOf ? { addressesOf: options.addressesOf } : {}),
      wording: createWording({
        itLocale: 'de',
        now: Date.now,
        itChannel: true,
        loginPage: true,
        refusesForeignServers: refuses,
      }),
    });
  let bot = start({ refuses: refusesForeignServers });
  const door = (): LoginDoor => createLoginDoor(bot, Date.now);
  const errors: unknown[] = [];
  const refusals: string[] = [];
  let otherAddresses = 0;
  const page = createLoginPage({
    door: {
      open: (...asked) => door().open(...asked),
      submit: (...asked) => door().submit(...asked),
      progress: (...asked) => door().progress(...asked),
      renew: (...asked) => door().renew(...asked),
      leave: (...asked) => door().leave(...asked),
    },
    site: () => ({ origin: site, isSecure }),
    words: loginWords,
    defaultLanguage: locale,
    onError: (error) => errors.push(error),
    onRefused: (door, reason) => refusals.push(`${door} ${reason}`),
    onOtherAddress: () => {
      otherAddresses += 1;
    },
  });
  const web = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    routers: [page],
    health: async () => ({ ready: true, parts: {} }),
  });
  site = isSecure ? 'https://bot.firma.example' : web.url;
  const her = { ...anna, name: options.name ?? anna.name };
  const rep = doing(bot, her);
  await startCheck(bot, her, anna.name);
  /** The newest message to a person that has this button. */
  const withButton = (action: ButtonAction, personId = anna.id) =>
    recorder
      .at('person')
      .findLast(
        ({ place, message }) =>
          place.type === 'person' &&
          place.person.id === personId &&
          message.buttons.some((button) => button.action === action),
      )?.message;
  const awaitButton = async (action: ButtonAction, personId = anna.id): Promise<Message> => {
    await until(() => expect(withButton(action, personId)).toBeDefined());
    return withButton(action, personId) ?? expect.fail();
  };
  await awaitButton('details');

  const linkMessages = () =>
    recorder.at('person').filter(({ versions }) => JSON.stringify(versions[0]).includes('/login#'));
  const tokenOf = (message: object): string => /\/login#([\w-]+)/u.exec(JSON.stringify(message))?.[1] ?? '';

  return {
    store,
    recorder,
    get bot() {
      return bot;
    },
    rep,
    url: web.url,
    errors,
    refusals,
    otherAddresses: () => otherAddresses,
    linkMessages,
    later: (ms: number): void => {
      shift += ms;
    },
    withButton,
    /** Presses the button and waits for the message with the link. */
    askForLink: async (person = her): Promise<string> => {
      const before = linkMessages().length;
      await doing(bot, person).press(await awaitButton('test-login', person.id), 'test-login');
      await until(() => expect(linkMessages().length).toBeGreaterThan(before));
      return tokenOf(linkMessages().at(-1)?.versions[0] ?? {});
    },
    /** The process ends, and another takes its place. */
    restart: async ({ refuses = refusesForeignServers } = {}): Promise<void> => {
      await bot.stop();
      bot = start({ refuses });
    },
    /** Nobody answers any more. */
    silence: (): Promise<void> => web.stop(),
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
