/**
 * The bot in a process of its own, to be killed. Its platform is whoever started it: everything that is said goes
 * over the process's channel. Argument: address of the database.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createBot } from '../../src/bot/index.ts';
import type { Incoming, MessageRef } from '../../src/chat/port.ts';
import type { Form } from '../../src/chat/view.ts';
import { createWording } from '../../src/wording/index.ts';
import { blocked, rules, transcripts } from '../conversation/fixtures.ts';
import { openAt } from '../store/open-at.ts';
import { type FromBot, formOf, type Outlet, type Said, type ToBot } from './wire.ts';

const store = await openAt(process.argv[2] ?? '');
const tell = (message: FromBot): void => void process.send?.(message);

let asked = 0;
const waiting = new Map<number, (ref: MessageRef | null) => void>();
const ask = (message: (id: number) => FromBot): Promise<MessageRef | null> => {
  asked += 1;
  const { promise, resolve } = Promise.withResolvers<MessageRef | null>();
  waiting.set(asked, resolve);
  tell(message(asked));
  return promise;
};

const outlet: Outlet = {
  post: async (place, message, delivery = undefined) => {
    const ref = await ask((id) => ({ type: 'post', id, place, message, delivery: delivery ?? null }));
    if (ref === null) throw new Error('expected a reference');
    return ref;
  },
  update: async (ref, message) => {
    await ask((id) => ({ type: 'update', id, ref, message }));
  },
};

const bot = createBot({
  store,
  adapters: [{ platform: 'recording', capabilities: { itChannel: true, formUpdates: false }, ...outlet }],
  wording: createWording({ itLocale: 'de', now: Date.now, itChannel: true }),
  discover: null,
  diagnose: async (_account, { signal }) => {
    await pause(50 + Math.random() * 300, undefined, { signal });
    return { assessment: blocked, transcripts, durationMs: 300 };
  },
  clock: { now: Date.now },
  newId: () => crypto.randomUUID(),
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  settings: {
    watchIntervalMs: 900_000,
    defaultLocale: 'de',
    itLocale: 'de',
    allowedPorts: rules.allowedPorts,
    worker: { leaseMs: 1200, heartbeatMs: 300, pollMs: 100, firstRetryMs: 50, longestRetryMs: 500 },
  },
});

const take = async (eventKey: string, said: Said): Promise<Form | null> => {
  let form: Form | null = null;
  const shared = {
    later: null,
    openForm: async (opened: Form) => {
      form = opened;
      return null;
    },
    respond: (answer: Parameters<typeof formOf>[0]) => {
      form = formOf(answer);
      return null;
    },
  };
  await bot.receive({ ...said, ...shared, eventKey } as Incoming);
  return form;
};

/** As an adapter does it: what a crash cut off is taken when it is delivered again, what was done is not. */
const takeOnce = async ({
  key,
  said,
}: {
  key: string;
  said: Said;
}): Promise<{ taken: boolean; form: Form | null }> => {
  const state = await store.beginOnce(key, Date.now() + 1000);
  if (state !== 'first') return { taken: state === 'done', form: null };
  const form = await take(key, said);
  await store.endOnce(key, Date.now() + 600_000);
  return { taken: true, form };
};

process.on('message', async (message: ToBot) => {
  if (message.type === 'answer') {
    waiting.get(message.id)?.(message.ref);
    waiting.delete(message.id);
    return;
  }
  const done = await takeOnce(message).catch(() => ({ taken: false, form: null }));
  tell({ type: 'done', id: message.id, ...done });
});
process.on('disconnect', () => process.exit(0));
bot.start();
tell({ type: 'ready' });
