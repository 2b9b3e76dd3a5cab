import { expect } from 'vitest';
import { describeAdapter, type Rig, type Seen, type SeenAnswer } from './contract.ts';
import { createMemory } from './memory.ts';
import { createPerson, type Modal } from './slack-person.ts';
import { openSlack } from './slack-rig.ts';
import { overHttp, type Reply } from './slack-transport.ts';
import { openSlackWorld, type SeenMessage } from './slack-world.ts';

const seen = ({ text, buttons }: SeenMessage): Seen => ({ text, buttons });

const answerOf = async (
  done: { reply: Reply; modal: () => Promise<Modal | null> },
  settled: () => boolean,
) => {
  expect(done.reply.status).toBe(200);
  await expect.poll(settled, { interval: 5 }).toBe(true);
  const modal = await done.modal();
  const answer: SeenAnswer = modal
    ? { type: 'form', form: modal.form, fields: Object.keys(modal.fields) }
    : { type: 'nothing' };
  return answer;
};

const stateOf = (value: string | null) => ({ x: { type: 'plain_text_input', value } });

describeAdapter('slack', async (): Promise<Rig> => {
  const world = await openSlackWorld({ anna: 'de-DE' });
  const memory = createMemory();
  let slack = await openSlack(world, memory);
  const anna = createPerson({ world, transport: overHttp(() => slack.web.url), name: 'anna' });
  const jonas = createPerson({ world, transport: overHttp(() => slack.web.url), name: 'jonas' });
  let handler: Parameters<Rig['handle']>[0] = async () => {};
  let running = 0;
  let handled = 0;
  const listen = (): void => {
    slack.handle = async (incoming) => {
      running += 1;
      try {
        await handler(incoming);
      } finally {
        running -= 1;
        handled += 1;
      }
    };
  };
  listen();
  const whenHandled = (before: number) => () => handled > before && running === 0;
  return {
    get adapter() {
      return slack.adapter;
    },
    rep: { platform: 'slack', id: world.idOf('anna'), name: 'Anna Beck' },
    stranger: { platform: 'slack', id: 'U0NOBODY', name: 'Nobody' },
    handle: (next) => {
      handler = next;
    },
    seenByRep: async () => (await world.seenBy('anna')).map(seen),
    seenByIt: async () => (await world.seenByIt()).filter(({ text }) => text !== '').map(seen),
    seenInThread: async (root) => (await world.seenInThread(root.id.split(':')[1] ?? '')).map(seen),
    command: async (text) => {
      const before = handled;
      return answerOf(await anna.command(text), whenHandled(before));
    },
    say: async (text) => {
      const before = handled;
      expect((await anna.say(text)).status).toBe(200);
      await expect.poll(whenHandled(before), { interval: 5 }).toBe(true);
    },
    press: async (ref, action) => {
      const before = handled;
      const [channel, ts] = ref.id.split(':');
      const inIt = channel === world.itChannel;
      const all = inIt ? await world.seenByIt() : await world.seenBy('anna');
      const message = all.find((one) => one.ts === ts);
      if (!message) throw new Error(`no message ${ref.id}`);
      return answerOf(await anna.press(message, action, inIt ? 'it' : 'dm'), whenHandled(before));
    },
    submit: async (form, context, values) => {
      const metadata = JSON.stringify({ context, it: false, locale: null });
      const view = {
        id: 'V1',
        callback_id: form,
        private_metadata: metadata,
        title: { text: form },
        blocks: [],
      };
      const state = Object.entries(values).map(([name, value]) => [name, { [name]: stateOf(value).x }]);
      const { status, body } = await anna.submitView(view, Object.fromEntries(state));
      expect(status).toBe(200);
      const answer = JSON.parse(body) as {
        response_action: string;
        errors: Record<string, string>;
        view: never;
      };
      if (answer.response_action === 'clear') return { type: 'close' };
      if (answer.response_action === 'errors') return { type: 'errors', errors: answer.errors };
      const { callback_id: next, blocks } = answer.view as {
        callback_id: string;
        blocks: { block_id: string }[];
      };
      return { type: 'form', form: next, fields: blocks.flatMap(({ block_id: id }) => id ?? []) };
    },
    itMember: { platform: 'slack', id: world.idOf('jonas'), name: 'Jonas Kern' },
    page: async () => {
      expect((await anna.opensHome('messages')).status).toBe(200);
      expect((await anna.opensHome()).status).toBe(200);
      const page = world.pageOf('anna');
      if (!page) throw new Error('no page was made');
      return seen(page);
    },
    checkThis: async (message) => {
      const before = handled;
      return answerOf(
        await anna.shortcut({ text: message, thread: '1700000000.000001' }),
        whenHandled(before),
      );
    },
    restart: async () => {
      await slack[Symbol.asyncDispose]();
      slack = await openSlack(world, memory);
      listen();
    },
    close: async () => {
      await slack[Symbol.asyncDispose]();
      await world.close();
      expect(world.door.problems).toEqual([]);
      expect(jonas.whispers()).toEqual([]);
    },
  };
});
