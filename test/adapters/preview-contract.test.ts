import { expect } from 'vitest';
import type { Post } from '../../src/adapters/preview/api/stored.ts';
import type { Form, FormAnswer } from '../../src/chat/view.ts';
import { describeAdapter, type Rig, type Seen, type SeenAnswer } from './contract.ts';
import { createMemory } from './memory.ts';
import { postJson, type Reply, stateOf } from './preview-doors.ts';
import { openPreview } from './preview-rig.ts';
import { rep } from './script.ts';

const wordsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value
      ? Object.values(value).flatMap(wordsOf)
      : [];

const seen = ({ content }: Post): Seen =>
  content.type === 'said'
    ? { text: content.text, buttons: [] }
    : {
        text: wordsOf(content.message.blocks).join(' '),
        buttons: content.message.buttons.map(({ action, value }) => ({ action, value })),
      };

const answerOf = ({ status, text }: Reply): SeenAnswer => {
  expect(status, text).toBe(200);
  const answer = JSON.parse(text) as FormAnswer | { type: 'done' };
  if (answer.type === 'done') return { type: 'nothing' };
  if (answer.type !== 'form') return answer;
  return {
    type: 'form',
    form: answer.form.name,
    fields: answer.form.fields.map(({ name }: Form['fields'][0]) => name),
  };
};

describeAdapter('preview', async (): Promise<Rig> => {
  const memory = createMemory();
  let preview = await openPreview({ memory });
  let handler: Parameters<Rig['handle']>[0] = async () => {};
  const listen = () => {
    preview.script = {
      command: (i) => handler(i),
      message: (i) => handler(i),
      button: (i) => handler(i),
      form: (i) => handler(i),
    };
  };
  listen();
  const posts = async () => (await stateOf(preview.web.url)).posts.filter(({ author }) => author === 'bot');
  const send = async (door: string, body: unknown) => answerOf(await postJson(preview.web.url, door, body));
  return {
    get adapter() {
      return preview.adapter;
    },
    rep,
    stranger: { platform: 'preview', id: 'nobody', name: 'Nobody' },
    handle: (next) => {
      handler = next;
    },
    seenByRep: async () => (await posts()).filter(({ pane }) => pane === 'rep').map(seen),
    seenByIt: async () =>
      (await posts()).filter(({ pane, root }) => pane === 'it' && root === null).map(seen),
    seenInThread: async (ref) => (await posts()).filter(({ root }) => root === ref.id).map(seen),
    command: (text) => send('command', { text, typed: false }),
    say: async (text) => {
      await send('message', { text, thread: null });
    },
    press: async (ref, action) => {
      const content = (await posts()).find(({ id }) => id === ref.id)?.content;
      const found =
        content?.type === 'message' && content.message.buttons.find((one) => one.action === action);
      if (!found) throw new Error(`message ${ref.id} has no button ${action}`);
      return send('button', { message: ref.id, action, value: found.value });
    },
    submit: (form, context, values) => send('form', { form, context, values, pane: 'rep' }),
    itMember: { platform: 'preview', id: 'it', name: 'Jonas Kern' },
    page: null,
    checkThis: null,
    restart: async () => {
      await preview.web.stop();
      preview = await openPreview({ memory });
      listen();
    },
    close: () => preview.web.stop(),
  };
});
