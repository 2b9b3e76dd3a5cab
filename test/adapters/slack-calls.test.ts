/** What goes out to Slack: how often, how soon after a refusal, and where to. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isSlackUrl } from '../../src/adapters/slack/api/ephemeral.ts';
import { said } from './script.ts';
import { createPerson } from './slack-person.ts';
import { openSlack, type SlackRig } from './slack-rig.ts';
import { overHttp } from './slack-transport.ts';
import { type Name, openSlackWorld, type SlackWorld } from './slack-world.ts';

let world: SlackWorld;
let slack: SlackRig;
beforeEach(async () => {
  world = await openSlackWorld();
  slack = await openSlack(world);
});
afterEach(async () => {
  await slack[Symbol.asyncDispose]();
  await world.close();
});

describe('a refusal for haste', () => {
  const message = said('hello', { type: 'text', text: 'hello' });
  const tell = (name: Name) =>
    slack.adapter.post(
      { type: 'person', person: { platform: 'slack', id: world.idOf(name), name: '' } },
      message,
    );

  test('in one channel keeps nobody in another waiting', async () => {
    const channel = await world.directMessages('anna');
    world.door.failIf((method, body) =>
      method === 'chat.postMessage' && body.channel === channel
        ? { status: 429, headers: { 'Retry-After': '30' } }
        : null,
    );
    await expect(tell('anna')).rejects.toMatchObject({ code: 'temporary', retryAfterMs: 30_000 });
    await expect(tell('anna')).rejects.toMatchObject({ code: 'throttled' });
    await tell('jonas');
    await slack.adapter.post({ type: 'it-channel' }, message);
    expect((await world.seenBy('jonas')).map(({ text }) => text)).toEqual(['hello']);
  });
});

test('however often somebody asks whether all is well, Slack is asked once', async () => {
  const before = world.door.calls.length;
  await Promise.all(Array.from({ length: 1000 }, () => slack.adapter.health()));
  const asked = world.door.calls.slice(before).map(({ method }) => method);
  expect(asked.filter((method) => method === 'auth.test').length).toBeLessThanOrEqual(1);
  expect(asked.filter((method) => method === 'conversations.info').length).toBeLessThanOrEqual(1);
});

test('a channel that fails again and again is not asked after more than once a second', async () => {
  world.door.failIf((method) => (method === 'chat.postMessage' ? { status: 500 } : null));
  const message = said('case', { type: 'text', text: 'case' });
  const before = world.door.calls.length;
  const began = performance.now();
  for (let times = 0; times < 3; times += 1) {
    await slack.adapter.post({ type: 'it-channel' }, message).catch(() => {});
    for (let often = 0; often < 20; often += 1) await slack.adapter.health();
  }
  const seconds = Math.floor((performance.now() - began) / 1000);
  const asked = world.door.calls.slice(before).filter(({ method }) => method === 'conversations.info');
  expect(asked.length).toBeLessThanOrEqual(1 + seconds);
});

describe('a private line', () => {
  const answered = async (url: string) => {
    const transport = overHttp(() => slack.web.url);
    const anna = createPerson({ world, transport, name: 'anna' });
    const body = anna.commandBody('status', 'trigger-1', world.otherChannel);
    expect((await transport.form({ ...body, response_url: url })).status).toBe(200);
    await expect.poll(() => slack.received).toHaveLength(1);
  };

  test('does not follow where it is sent on to', async () => {
    await answered(`${world.door.url}/moved/elsewhere`);
    await expect.poll(() => slack.errors).toHaveLength(1);
    expect(world.door.whispers).toEqual([]);
  });

  test('does not go to an address that is not of Slack, but the usual way', async () => {
    await answered('https://evil.example/whisper/x');
    const ephemeral = () => world.door.calls.filter(({ method }) => method === 'chat.postEphemeral');
    await expect.poll(ephemeral).toHaveLength(1);
    expect(world.door.whispers).toEqual([]);
  });

  test.each([
    ['https://hooks.slack.com/commands/T1/2/x', undefined, true],
    ['http://hooks.slack.com/commands/T1/2/x', undefined, false],
    ['https://hooks.slack.com.evil.example/x', undefined, false],
    ['https://hooks.slack.com:8443/x', undefined, false],
    ['https://hooks.slack.com@evil.example/x', undefined, false],
    ['https://169.254.169.254/latest', undefined, false],
    ['nonsense', undefined, false],
    ['https://hooks.slack-gov.com/x', 'https://slack-gov.com/api/', true],
    ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080/api/', true],
    ['https://evil.example/x', 'https://slack-gov.com/api/', false],
    ['http://127.0.0.1:9/x', 'http://127.0.0.1:8080/api/', true],
    ['http://127.0.0.1:9/x', 'https://slack.com/api/', false],
    ['https://evil.example/x', 'http://127.0.0.1:8080/api/', false],
  ])('to %s, with the Web API at %s: %s', (url, apiUrl, goes) => {
    expect(isSlackUrl(url, apiUrl)).toBe(goes);
  });
});
