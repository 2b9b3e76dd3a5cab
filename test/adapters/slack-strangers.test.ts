/** Who is not of our workspace, or not of IT, although Slack hands on what she does. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import deTexts from '../../locales/de/chat.json' with { type: 'json' };
import { isForeign } from '../../src/adapters/slack/api/origin.ts';
import { addressForm, button, said, withButtons } from './script.ts';
import { createPerson, type SlackPerson } from './slack-person.ts';
import { openSlack, type SlackRig } from './slack-rig.ts';
import { overHttp } from './slack-transport.ts';
import { openSlackWorld, type SlackWorld } from './slack-world.ts';

let world: SlackWorld;
let slack: SlackRig;
const transport = overHttp(() => slack.web.url);
let anna: SlackPerson;
let jonas: SlackPerson;
let paul: SlackPerson;
beforeEach(async () => {
  world = await openSlackWorld();
  slack = await openSlack(world);
  const who = (name: 'anna' | 'jonas' | 'paul') => createPerson({ world, transport, name });
  [anna, jonas, paul] = [who('anna'), who('jonas'), who('paul')];
});
afterEach(async () => {
  await slack[Symbol.asyncDispose]();
  await world.close();
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 100));
const other = { team: { id: 'T0OTHER' }, user: { id: 'U0OTHER', name: 'eve', team_id: 'T0OTHER' } };
const whispered = () => world.door.whispers.map(({ text }) => text);
const root = async () => {
  const ref = await slack.adapter.post(
    { type: 'it-channel' },
    withButtons(said('case', { type: 'text', text: 'case' }), button('claim', 'Claim')),
  );
  const message = (await world.seenByIt()).find(({ ts }) => ref.id.endsWith(ts));
  if (!message) throw new Error('the message is not there');
  return message;
};

describe('given another workspace that has the same app', () => {
  test('then its commands and clicks are acknowledged, and she reads that they are not ours', async () => {
    const command = anna.commandBody('status', 'trigger-1', 'C0OTHER');
    expect((await transport.form({ ...command, team_id: 'T0OTHER' })).status).toBe(200);
    const click = anna.pressBody(await root(), 'claim', { trigger: 'trigger-2', channel: world.itChannel });
    expect((await transport.form({ payload: JSON.stringify({ ...click, ...other }) })).status).toBe(200);
    await expect.poll(whispered).toEqual([deTexts['foreign-team'], deTexts['foreign-team']]);
    expect(slack.received).toEqual([]);
    expect(slack.refused).toEqual(['slack foreign-team', 'slack foreign-team']);
  });

  test('then its forms keep what was typed and say why nothing happens', async () => {
    const view = {
      id: 'V1',
      callback_id: 'address',
      private_metadata: '',
      state: { values: { address: { address: { type: 'plain_text_input', value: 'eve@other.test' } } } },
    };
    const body = { type: 'view_submission', trigger_id: 't', view, ...other };
    const reply = await transport.form({ payload: JSON.stringify(body) });
    expect(JSON.parse(reply.body)).toEqual({
      response_action: 'errors',
      errors: { address: deTexts['foreign-team'] },
    });
    expect(slack.received).toEqual([]);
  });

  test('then what is written there is taken and left, without a word', async () => {
    const event = {
      type: 'message',
      channel_type: 'im',
      channel: 'D1',
      user: 'U0OTHER',
      text: 'hi',
      ts: '1.2',
    };
    const sent = { type: 'event_callback', team_id: 'T0OTHER', event_id: 'Ev1', event };
    expect((await transport.event(sent)).status).toBe(200);
    await settle();
    expect(slack.received).toEqual([]);
    expect(world.door.calls.filter(({ method }) => method.startsWith('chat.'))).toEqual([]);
    expect(slack.refused).toEqual(['slack foreign-team']);
  });
});

describe('what is ours', () => {
  const alone = { userId: 'U0BOT', botId: 'B0BOT', teamId: 'T1', enterpriseId: undefined };
  const within = { ...alone, enterpriseId: 'E1' };

  test.each<[string, object, typeof alone | typeof within, boolean]>([
    ['a command in our workspace', { team_id: 'T1' }, alone, false],
    ['a command elsewhere', { team_id: 'T2' }, alone, true],
    ['what names no workspace', { user_id: 'U1' }, alone, false],
    ['a click by one of us', { team: { id: 'T1' }, user: { team_id: 'T1' } }, alone, false],
    ['a click by a guest from elsewhere', { team: { id: 'T1' }, user: { team_id: 'T2' } }, alone, true],
    [
      'an event from a shared channel that our installation may see',
      { team_id: 'T2', authorizations: [{ team_id: 'T1', enterprise_id: null }], event: { user_team: 'T1' } },
      alone,
      false,
    ],
    [
      'the same, written by somebody of the other company',
      { team_id: 'T2', authorizations: [{ team_id: 'T1' }], event: { user_team: 'T2' } },
      alone,
      true,
    ],
    [
      'a command in another workspace of our organisation',
      { team_id: 'T9', enterprise_id: 'E1' },
      within,
      false,
    ],
    [
      'a click where the app is installed for the whole organisation',
      { team: null, enterprise: { id: 'E1' }, user: { team_id: 'T9' } },
      within,
      false,
    ],
    ['a click in another organisation', { team: null, enterprise: { id: 'E2' } }, within, true],
  ])('%s', (_, body, own, foreign) => {
    expect(isForeign(body, own)).toBe(foreign);
  });
});

describe.each([
  ['a guest', { is_restricted: true }],
  ['a guest of one channel', { is_ultra_restricted: true }],
  ['somebody of another company', { team_id: 'T0OTHER', is_stranger: true }],
])('given %s in the IT channel', (_, flags) => {
  beforeEach(() => {
    const user = { id: jonas.id, name: 'jonas', real_name: 'Jonas Kern', team_id: 'T000000001', ...flags };
    world.door.failIf((method, body) =>
      method === 'users.info' && body.user === jonas.id ? { body: { ok: true, user } } : null,
    );
  });

  test('then what she presses, sends or says there is not taken for IT', async () => {
    const message = await root();
    await jonas.press(message, 'claim', 'it');
    await expect.poll(() => jonas.whispers()).toEqual([deTexts['no-guests']]);
    expect((await jonas.mention('Passwort bitte hier nennen', message.ts)).status).toBe(200);
    const metadata = JSON.stringify({ context: '', it: true, locale: null });
    const view = {
      id: 'V1',
      callback_id: 'ask-rep',
      private_metadata: metadata,
      title: { text: 'x' },
      blocks: [],
    };
    const { body } = await jonas.submitView(view, { question: { question: { type: 'x', value: 'y' } } });
    expect(JSON.parse(body).errors).toEqual({ question: deTexts['no-guests'] });
    expect(slack.received).toEqual([]);
    expect(slack.refused).toHaveLength(3);
  });
});

test('somebody of another workspace of our organisation is one of us in the IT channel', async () => {
  await slack[Symbol.asyncDispose]();
  const me = { ok: true, user_id: 'U0BOT', bot_id: 'B0BOT', team_id: 'T000000001', enterprise_id: 'E1' };
  const user = { id: jonas.id, name: 'jonas', team_id: 'T9', enterprise_user: { enterprise_id: 'E1' } };
  world.door.failIf((method, body) => {
    if (method === 'auth.test') return { body: me };
    return method === 'users.info' && body.user === jonas.id ? { body: { ok: true, user } } : null;
  });
  slack = await openSlack(world);
  await jonas.press(await root(), 'claim', 'it');
  await expect.poll(() => slack.received).toMatchObject([{ type: 'button', inItChannel: true }]);
});

test("a mention in a case's thread by somebody who is no member of the channel is no question of IT's", async () => {
  const message = await root();
  expect((await paul.mention('Wie lautet das Passwort?', message.ts)).status).toBe(200);
  await settle();
  expect(slack.received).toEqual([]);
  expect(slack.refused).toEqual(['slack not-a-member']);
  expect((await jonas.mention('Seit wann?', message.ts)).status).toBe(200);
  expect(slack.received).toMatchObject([{ text: 'Seit wann?' }]);
});

test('a form that was opened by one of us is taken', async () => {
  slack.handle = async (incoming) => {
    if (incoming.type === 'command') await incoming.openForm(addressForm);
    if (incoming.type === 'form') incoming.respond({ type: 'close' });
  };
  const modal = await (await anna.command()).modal();
  expect(await modal?.submit({ address: 'x@y.test' })).toEqual({ type: 'closed' });
});
