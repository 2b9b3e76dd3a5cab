import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { type BotParts, createBot, type Diagnosed } from '../../src/bot/index.ts';
import {
  type ChatAdapter,
  DeliveryError,
  type Incoming,
  type MessageRef,
  type Person,
  type Place,
} from '../../src/chat/port.ts';
import type { ButtonAction, Form, FormAnswer, FormName, Message } from '../../src/chat/view.ts';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import type { Store } from '../../src/store/ports.ts';
import { createWording } from '../../src/wording/index.ts';
import { anna, blocked, omar, rules, servers, transcripts } from '../conversation/fixtures.ts';
import { after } from '../support/afterwards.ts';

type Posted = { ref: MessageRef; place: Place; message: Message; versions: Message[] };

/** A chat platform that only remembers what was said. `refuse` makes a post fail. */
export const createRecorder = () => {
  const posts: Posted[] = [];
  let refuse: (place: Place, message: Message) => DeliveryError | null = () => null;
  let lost: readonly string[] = [];
  const adapter: ChatAdapter = {
    platform: 'recording',
    isInItChannel: ({ id }) => !lost.includes(id),
    capabilities: { itChannel: true, formUpdates: false },
    isOfIt: async ({ id }) => id === omar.id,
    post: async (place, message) => {
      const refused = refuse(place, message);
      if (refused) throw refused;
      const ref = { platform: 'recording', id: `m${posts.length}` };
      posts.push({ ref, place, message, versions: [message] });
      return ref;
    },
    update: async (ref, message) => {
      const post = posts.find((one) => one.ref.id === ref.id);
      if (!post) throw new DeliveryError('rejected', 'no such message');
      post.message = message;
      post.versions.push(message);
    },
  };
  const at = (type: Place['type']) => posts.filter(({ place }) => place.type === type);
  return {
    adapter,
    posts,
    at,
    /** Another channel is IT's from now on. */
    moveItChannel: (): void => {
      lost = posts.map(({ ref }) => ref.id);
    },
    refuseIf: (rule: typeof refuse): void => {
      refuse = rule;
    },
    words: (type: Place['type']): string[] => at(type).map(({ message }) => message.summary),
  };
};
type Recorder = ReturnType<typeof createRecorder>;

export const quick = {
  leaseMs: 600,
  heartbeatMs: 100,
  pollMs: 20,
  progressMs: 30,
  firstRetryMs: 20,
  longestRetryMs: 60,
  tries: 4,
  stopMs: 200,
} as const;

export const found = (assessment: Diagnosed['assessment']): Diagnosed => ({
  assessment,
  transcripts,
  durationMs: 2100,
});

export const openStore = async (): Promise<Store> => {
  const directory = await mkdtemp(join(tmpdir(), 'bot-'));
  const store = await openEmbeddedStore({ directory });
  after('test', async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  return store;
};

export const logged: string[] = [];
const note = (fields: object, message: string): void => {
  logged.push(`${message} ${JSON.stringify(fields)}`);
};

export const botSettings: BotParts['settings'] = {
  defaultLocale: 'de',
  itLocale: 'de',
  allowedPorts: rules.allowedPorts,
  watchIntervalMs: rules.watchIntervalMs,
  worker: quick,
};

export const startBot = (
  store: Store,
  recorder: Recorder,
  more: Partial<
    Pick<
      BotParts,
      'diagnose' | 'discover' | 'clock' | 'settings' | 'wording' | 'findForeignServers' | 'addressesOf'
    >
  > = {},
) => {
  const bot = createBot({
    store,
    adapters: [recorder.adapter],
    wording: createWording({ itLocale: 'de', now: Date.now, itChannel: true }),
    diagnose: async () => found(blocked),
    discover: null,
    clock: { now: Date.now },
    newId: () => crypto.randomUUID(),
    log: { debug: () => {}, info: note, warn: note, error: note },
    settings: botSettings,
    ...more,
  });
  bot.start();
  after('test', bot.stop);
  return bot;
};
type Bot = ReturnType<typeof startBot>;

export const from = (person: Person) => ({ person, platformLocale: null, profileAddress: null, later: null });

/** What a person does, and what comes back within the same request. */
export const doing = (bot: Bot, person: Person, inItChannel = false) => {
  const forms: Form[] = [];
  const openForm = async (form: Form): Promise<null> => {
    forms.push(form);
    return null;
  };
  const send = async (incoming: Incoming): Promise<Form | undefined> => {
    forms.length = 0;
    await bot.receive(incoming);
    return forms[0];
  };
  return {
    command: (text: string) => send({ ...from(person), type: 'command', text, openForm }),
    say: (text: string, thread: MessageRef | null = null) =>
      send({ ...from(person), type: 'message', text, thread }),
    press: (message: Message, action: ButtonAction) => {
      const value = message.buttons.find((button) => button.action === action)?.value;
      if (value === undefined) throw new Error(`no button ${action} on “${message.summary}”`);
      return send({ ...from(person), type: 'button', action, value, inItChannel, openForm });
    },
    submit: async (form: FormName, context: string, values: Record<string, string | null>) => {
      const answers: FormAnswer[] = [];
      const respond = (answer: FormAnswer): null => {
        answers.push(answer);
        return null;
      };
      await bot.receive({ ...from(person), type: 'form', form, context, values, inItChannel, respond });
      expect(answers).toHaveLength(1);
      return answers[0];
    },
  };
};

export const startCheck = async (bot: Bot, person = anna, name = person.name): Promise<void> => {
  const rep = doing(bot, person);
  const form = await rep.command('');
  const address = `${name.split(' ')[0]?.toLowerCase()}@firma.example`;
  const next = await rep.submit('address', form?.context ?? '', { address });
  const context = next?.type === 'form' ? next.form.context : '';
  await rep.submit('servers', context, { ...servers } as Record<string, string>);
};

export const reports = (recorder: Recorder): Posted[] =>
  recorder
    .at('person')
    .filter(({ message }) => message.blocks.some(({ type }) => type === 'note'))
    .filter(({ message }) => message.summary.includes('verbinden: ') || message.summary.includes('erfüllt'));

export const report = (recorder: Recorder): Promise<Posted> =>
  vi.waitFor(
    () => {
      const newest = reports(recorder).at(-1);
      if (!newest) throw new Error('no report yet');
      return newest;
    },
    { timeout: 20_000, interval: 10 },
  );

export const until = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 10 });

export const handOver = async (bot: Bot, recorder: Recorder, comment = ''): Promise<void> => {
  const rep = doing(bot, anna);
  const form = await rep.press((await report(recorder)).message, 'escalate');
  await rep.submit('escalate', form?.context ?? '', { comment });
};
