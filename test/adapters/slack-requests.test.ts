import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Incoming } from '../../src/chat/port.ts';
import { createPerson, type SlackPerson } from './slack-person.ts';
import { openSlack, type SlackRig } from './slack-rig.ts';
import { overHttp, post, sendForm, sendJson, sign } from './slack-transport.ts';
import { openSlackWorld, type SlackWorld } from './slack-world.ts';

let world: SlackWorld;
let slack: SlackRig;
let anna: SlackPerson;
beforeEach(async () => {
  world = await openSlackWorld();
  slack = await openSlack(world);
  anna = createPerson({ world, transport: overHttp(() => slack.web.url), name: 'anna' });
});
afterEach(async () => {
  await slack[Symbol.asyncDispose]();
  await world.close();
});

const now = (): number => Math.floor(Date.now() / 1000);
const settle = () => new Promise((resolve) => setTimeout(resolve, 100));
const received = (type: Incoming['type']) => slack.received.filter((one) => one.type === type);

describe('a request', () => {
  const body = new URLSearchParams({
    command: '/connect-email',
    user_id: 'U1',
    channel_id: 'C1',
    trigger_id: 't',
  }).toString();
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  test.each([
    ['without a signature', () => ({}), 'bad-signature'],
    ['with a foreign signature', () => sign(body, now(), 'another secret'), 'bad-signature'],
    ['with a signature of another body', () => sign(`${body}&x=1`, now()), 'bad-signature'],
    [
      'with half a signature',
      () => ({ ...sign(body, now()), 'X-Slack-Signature': 'v0=12' }),
      'bad-signature',
    ],
    ['older than five minutes', () => sign(body, now() - 302), 'stale-timestamp'],
    ['of more than a minute ahead', () => sign(body, now() + 63), 'stale-timestamp'],
    [
      'with a time that is none',
      () => ({ ...sign(body, now()), 'X-Slack-Request-Timestamp': 'NaN' }),
      'bad-signature',
    ],
  ])('%s is refused, counted and does nothing', async (_, headers, reason) => {
    expect(await post(slack.web.url, body, { ...form, ...headers() })).toMatchObject({
      status: 401,
      body: '',
    });
    await settle();
    expect(slack.received).toEqual([]);
    expect(slack.refused).toEqual([`slack ${reason}`]);
  });

  test('that looks whether our certificate is good is answered, as it is not signed, and does nothing', async () => {
    const probe = 'ssl_check=1&token=x&command=%2Fconnect-email&user_id=U1&channel_id=C1&trigger_id=t';
    expect((await post(slack.web.url, probe, form)).status).toBe(200);
    await settle();
    expect({ received: slack.received, refused: slack.refused }).toEqual({ received: [], refused: [] });
  });

  test.each([-290, 50])('of %s seconds from now is taken', async (offset) => {
    expect((await post(slack.web.url, body, { ...form, ...sign(body, now() + offset) })).status).toBe(200);
  });

  test('that only asks whether there is a door is answered, and does nothing', async () => {
    const asked = await fetch(`${slack.web.url}/slack/events`, { method: 'HEAD' });
    expect(asked.status).toBe(200);
    await settle();
    expect(slack.received).toEqual([]);
    expect(slack.refused).toEqual([]);
  });

  test('that is sent again is answered and not done again, in another process either', async () => {
    const fields = anna.commandBody('help', 'trigger-1', world.otherChannel);
    const event = {
      event: { type: 'message', channel_type: 'im', channel: 'D1', user: anna.id, text: 'hi', ts: '1.2' },
    };
    for (let time = 0; time < 3; time += 1) {
      expect((await sendForm(slack.web.url, fields)).status).toBe(200);
      const sent = await sendJson(slack.web.url, { type: 'event_callback', event_id: 'Ev1', ...event });
      expect(sent.status).toBe(200);
    }
    await expect.poll(() => received('message')).toHaveLength(1);
    const other = await openSlack(world, slack.memory);
    expect((await sendForm(other.web.url, fields)).status).toBe(200);
    await settle();
    expect(received('command')).toHaveLength(1);
    expect(received('message')).toHaveLength(1);
    expect(other.received).toEqual([]);
    await other[Symbol.asyncDispose]();
  });

  test('that tells of a message is answered when the message is kept, so that Slack sends again what a crash took', async () => {
    let kept = false;
    slack.handle = async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      kept = true;
    };
    expect((await anna.say('hello')).status).toBe(200);
    expect(kept).toBe(true);
  });

  test('that tells of a message is not taken for done while it is not, and its copy gets what became of it', async () => {
    slack.handle = () => new Promise((resolve) => setTimeout(resolve, 3500));
    const reply = await anna.say('hello', 'Ev1');
    expect(reply.status).toBe(503);
    expect(reply.ms).toBeLessThan(2900);
    expect((await anna.say('hello', 'Ev1', 1)).status).toBe(200);
    expect(received('message')).toHaveLength(1);
  });

  test('of a form that is sent again gets the same answer', async () => {
    slack.handle = async (incoming) => {
      if (incoming.type === 'form') incoming.respond({ type: 'errors', errors: { address: 'no' } });
    };
    const view = {
      id: 'V1',
      callback_id: 'address',
      private_metadata: JSON.stringify({ context: '', it: false, locale: null }),
      state: { values: { address: { address: { type: 'plain_text_input', value: 'x' } } } },
    };
    const payload = JSON.stringify({ type: 'view_submission', user: { id: anna.id }, trigger_id: 't', view });
    const replies = await Promise.all([1, 2, 3].map(() => sendForm(slack.web.url, { payload })));
    const later = await sendForm(slack.web.url, { payload });
    for (const { status, body } of [...replies, later])
      expect({ status, ...JSON.parse(body) }).toEqual({
        status: 200,
        response_action: 'errors',
        errors: { address: 'no' },
      });
    expect(received('form')).toHaveLength(1);
  });

  test('that proves the address is answered with its challenge', async () => {
    const reply = await sendJson(slack.web.url, { type: 'url_verification', challenge: 'c7' });
    expect(JSON.parse(reply.body)).toEqual({ challenge: 'c7' });
  });

  test('that is no JSON is refused, and one that is none of ours is taken and left', async () => {
    const bad = 'payload=%7B';
    expect((await post(slack.web.url, bad, { ...form, ...sign(bad, now()) })).status).toBe(400);
    expect(
      (await sendJson(slack.web.url, { type: 'event_callback', event_id: 'E', event: { type: 'pin_added' } }))
        .status,
    ).toBe(200);
    expect(slack.received).toEqual([]);
  });
});
