import { createCheck } from './bot/check.ts';
import { createDispatch, type Done } from './bot/dispatch.ts';
import { createLocate, type Located } from './bot/locate.ts';
import { type Clock, codeOf, type Diagnose, type Log, type WorkerLimits, workerLimits } from './bot/ports.ts';
import { type Adapters, createShow } from './bot/show.ts';
import { createThreads } from './bot/threads.ts';
import { createWorker } from './bot/worker.ts';
import type { ChatAdapter, Incoming } from './chat/port.ts';
import type { FormAnswer } from './chat/view.ts';
import type { Locale } from './conversation/conversation.ts';
import type { Stamp } from './conversation/event.ts';
import type { PortRange } from './diagnosis/parse.ts';
import type { Store } from './store/ports.ts';
import type { Wording } from './wording/wording.ts';

export type { Clock, Diagnose, Diagnosed, Log } from './bot/ports.ts';

export type BotParts = {
  store: Store;
  adapters: readonly ChatAdapter[];
  wording: Wording;
  diagnose: Diagnose;
  clock: Clock;
  newId(): string;
  log: Log;
  settings: {
    defaultLocale: Locale;
    itLocale: Locale;
    /** Null: any port may be tested. */
    allowedPorts: readonly PortRange[] | null;
    worker?: Partial<WorkerLimits>;
  };
};

/** Whether a case can be handed over at all. */
export const hasItChannel = (adapters: readonly ChatAdapter[]): boolean =>
  adapters.some(({ capabilities }) => capabilities.itChannel);

const registry = (adapters: readonly ChatAdapter[]): Adapters => {
  const byPlatform = (platform: string) => adapters.find((one) => one.platform === platform) ?? null;
  return {
    byPlatform,
    itOf: (platform) => {
      const own = byPlatform(platform);
      if (own?.capabilities.itChannel) return own;
      return adapters.find(({ capabilities }) => capabilities.itChannel) ?? null;
    },
  };
};

/** One turn of the conversation for everything that comes in, and a worker for everything that lasts longer. */
export const createBot = (parts: BotParts) => {
  const { store, wording, diagnose, clock, newId, log, settings } = parts;
  const limits = { ...workerLimits, ...settings.worker };
  const adapters = registry(parts.adapters);
  const rules = {
    allowedPorts: settings.allowedPorts,
    // A platform may learn its channel at any time.
    get itChannel() {
      return hasItChannel(parts.adapters);
    },
  };
  const dispatch = createDispatch({ store, rules });
  const threads = createThreads(store);
  const stamp = (): Stamp => ({ at: clock.now(), id: newId() });
  const shared = { store, adapters, wording, dispatch, stamp, log };
  const worker = createWorker({
    store,
    runners: {
      show: createShow({ ...shared, threads }),
      diagnose: createCheck({ ...shared, diagnose, clock, progressMs: limits.progressMs }),
    },
    clock,
    log,
    limits,
    random: Math.random,
  });
  const locate = createLocate({ store, threads, stamp, log, defaultLocale: settings.defaultLocale });

  const formAnswer = (done: Done, incoming: Incoming): FormAnswer => {
    const effect = done.effects.find(({ type }) => type === 'answer');
    if (effect?.type !== 'answer' || effect.answer.type === 'close') return { type: 'close' };
    const { answer } = effect;
    if (answer.type === 'form')
      return { type: 'form', form: wording.form(done.conversation, answer.form, answer.about) };
    const isIt = incoming.type === 'form' && incoming.inItChannel;
    const locale = isIt ? settings.itLocale : done.conversation.locale;
    return { type: 'errors', errors: wording.errors(answer.errors, locale) };
  };

  /** A form that does not open can be opened from its button again; everything else has been done. */
  const openForm = async (done: Done, incoming: Incoming): Promise<void> => {
    if (incoming.type !== 'command' && incoming.type !== 'button') return;
    const effect = done.effects.find(({ type }) => type === 'open-form');
    if (effect?.type !== 'open-form') return;
    try {
      await incoming.openForm(wording.form(done.conversation, effect.form, effect.about));
    } catch (error) {
      log.warn({ conversation: done.conversation.id, code: codeOf(error) }, 'form did not open');
    }
  };

  /** One at a time for each person, so that the first two words of somebody new do not begin two conversations. */
  const lines = new Map<string, Promise<unknown>>();
  const inLine = <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const turn = (lines.get(key) ?? Promise.resolve()).then(task, task);
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    lines.set(key, settled);
    settled.then(() => lines.get(key) === settled && lines.delete(key));
    return turn;
  };

  const take = ({ find, event }: Located): Promise<Done | null> => dispatch(find, event);

  return {
    /** Answers within the request, after one local commit. Rejects when nothing could be kept; then nothing was done. */
    receive: async (incoming: Incoming): Promise<void> => {
      const { platform, id } = incoming.person;
      const done = await inLine(`${platform}:${id}`, async () => take(await locate(incoming)));
      if (incoming.type === 'form') incoming.respond(done ? formAnswer(done, incoming) : { type: 'close' });
      if (done) await openForm(done, incoming);
      worker.nudge();
    },
    /** Takes up what an earlier process left. */
    start: worker.start,
    stop: worker.stop,
  };
};
