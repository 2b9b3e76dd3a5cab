/** Several reps with one problem, and a clock that can be moved. */
import { vi } from 'vitest';
import type { BotParts } from '../../src/bot/index.ts';
import type { Person } from '../../src/chat/port.ts';
import type { Message } from '../../src/chat/view.ts';
import type { Store } from '../../src/store/ports.ts';
import { anna, rules } from '../conversation/fixtures.ts';
import { createRecorder, doing, openStore, startBot, startCheck } from './stage.ts';

export const bea: Person = { platform: 'recording', id: 'U11', name: 'Bea Lang' };
export const carl: Person = { platform: 'recording', id: 'U12', name: 'Carl Renz' };

type More = Partial<Pick<BotParts, 'diagnose'>> & {
  allowedPorts?: typeof rules.allowedPorts;
  /** Instead of a new one. */
  store?: Store;
};

const soon = <T>(look: () => T): Promise<T> => vi.waitFor(look, { timeout: 15_000, interval: 15 });

/** Nothing is due soon, and no job is under way: that would be due at the end of its lease. */
const untilIdle = (store: Store, now: () => number): Promise<void> =>
  vi.waitFor(
    async () => {
      const next = await store.nextDue(now());
      if (next !== null && next < now() + 20_000) throw new Error('there is still something to do');
    },
    { timeout: 15_000, interval: 15 },
  );

/** A store that, from a certain write on, answers nothing any more: so a killed process looks from outside. */
const mortal = (store: Store, after: number): { store: Store; dead: Promise<void> } => {
  const { promise: dead, resolve: die } = Promise.withResolvers<void>();
  let writes = 0;
  const write =
    <A extends unknown[], R>(task: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      writes += 1;
      if (writes < after) return task(...args);
      die();
      return new Promise<R>(() => undefined);
    };
  return {
    dead,
    store: {
      ...store,
      save: write(store.save),
      claim: (...args) => (writes < after ? store.claim(...args) : Promise.resolve(null)),
      complete: write(store.complete),
      extend: () => Promise.resolve([]),
      putBack: () => new Promise<boolean>(() => undefined),
      memory: (owner) => {
        const memory = store.memory(owner);
        const take: typeof memory.take = (...args) => memory.take(...args);
        return { ...memory, put: write(memory.put), take: write(take) };
      },
    },
  };
};

export const createStage = async (more: More = {}) => {
  const { allowedPorts = rules.allowedPorts, store: given, ...parts } = more;
  const recorder = createRecorder();
  const store = given ?? (await openStore());
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const start = (again: More = parts, from = store) =>
    startBot(from, recorder, {
      ...again,
      clock: { now },
      settings: {
        defaultLocale: 'de',
        itLocale: 'de',
        allowedPorts,
        watchIntervalMs: 900_000,
        worker: { pollMs: 20, progressMs: 30, firstRetryMs: 20, longestRetryMs: 60, tries: 4, stopMs: 300 },
      },
    });
  let bot = start();

  /** What stands in the direct messages of a person, oldest first. */
  const messagesOf = (person: Person): Message[] =>
    recorder
      .at('person')
      .filter(({ place }) => place.type === 'person' && place.person.id === person.id)
      .map(({ message }) => message);

  const message = (person: Person, words: RegExp): Promise<Message> =>
    soon(() => {
      const found = messagesOf(person).findLast(({ summary }) => words.test(summary));
      if (!found) throw new Error(`${person.name} reads ${messagesOf(person).map(({ summary }) => summary)}`);
      return found;
    });

  const withButton = (person: Person, action: string): Promise<Message> =>
    soon(() => {
      const found = messagesOf(person).findLast(({ buttons }) =>
        buttons.some((button) => button.action === action),
      );
      if (!found) throw new Error(`${person.name} has no button ${action}`);
      return found;
    });

  const handOver = async (person: Person, comment = ''): Promise<void> => {
    const form = await doing(bot, person).press(await withButton(person, 'escalate'), 'escalate');
    await doing(bot, person).submit('escalate', form?.context ?? '', { comment });
  };

  return {
    recorder,
    store,
    get bot() {
      return bot;
    },
    /** The process stops for good before its next write number `after`; another one goes on when the leases have ended. */
    dieBefore: async (after: number, meanwhile: () => Promise<void>): Promise<void> => {
      await bot.stop();
      const dying = mortal(store, after);
      bot = start(parts, dying.store);
      await Promise.race([meanwhile(), dying.dead]);
      await Promise.race([dying.dead, untilIdle(store, now)]);
      await bot.stop();
      ahead += 11_000;
      bot = start();
    },
    restart: async (again: More = parts): Promise<void> => {
      await bot.stop();
      bot = start(again);
    },
    rep: (person: Person) => doing(bot, person),
    it: (person: Person) => doing(bot, person, true),
    messagesOf,
    message,
    withButton,
    handOver,
    check: (person: Person) => startCheck(bot, person),
    /** Everything up to a case in the IT channel. */
    reach: async (person: Person = anna, comment = ''): Promise<void> => {
      await startCheck(bot, person);
      await handOver(person, comment);
      await message(person, /^Der Fall ist bei Ihrer IT angekommen/u);
    },
    root: async () =>
      soon(() => {
        const [root] = recorder.at('it-channel');
        if (!root) throw new Error('nothing in the IT channel');
        return root;
      }),
    idle: () => untilIdle(store, now),
    later: async (ms: number): Promise<void> => {
      await untilIdle(store, now);
      ahead += ms;
    },
  };
};
