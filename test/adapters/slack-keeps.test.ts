/** Given a bot that can keep nothing for a while, then Slack is not told that an event has arrived. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import deTexts from '../../locales/de/chat.json' with { type: 'json' };
import type { Incoming } from '../../src/chat/port.ts';
import { said } from './script.ts';
import { createPerson, type SlackPerson } from './slack-person.ts';
import { openSlack, type SlackRig } from './slack-rig.ts';
import { overHttp } from './slack-transport.ts';
import { openSlackWorld, type SlackWorld } from './slack-world.ts';

let world: SlackWorld;
let slack: SlackRig;
let anna: SlackPerson;
let jonas: SlackPerson;
let isDown: boolean;
let kept: Incoming[];
beforeEach(async () => {
  world = await openSlackWorld({ anna: 'de-DE' });
  slack = await openSlack(world);
  const transport = overHttp(() => slack.web.url);
  anna = createPerson({ world, transport, name: 'anna' });
  jonas = createPerson({ world, transport, name: 'jonas' });
  isDown = true;
  kept = [];
  slack.handle = async (incoming) => {
    if (isDown) throw new Error('the store is gone');
    kept.push(incoming);
  };
});
afterEach(async () => {
  await slack[Symbol.asyncDispose]();
  await world.close();
});

/** Private lines that the bot could post without an address that came with a command. */
const lines = (): unknown[] =>
  world.door.calls.filter(({ method }) => method === 'chat.postEphemeral').map(({ body }) => body.text);

describe('a message to the bot that cannot be kept', () => {
  test('is refused until it can, and the copy that Slack then sends is the one that counts', async () => {
    expect((await anna.say('Am Montag.', 'Ev1')).status).toBe(503);
    expect((await anna.say('Am Montag.', 'Ev1', 1)).status).toBe(503);
    isDown = false;
    expect((await anna.say('Am Montag.', 'Ev1', 2)).status).toBe(200);
    expect((await anna.say('Am Montag.', 'Ev1', 3)).status).toBe(200);
    expect(kept).toMatchObject([{ type: 'message', text: 'Am Montag.', eventKey: 'slack:event/Ev1' }]);
  });

  test('is spoken of when it takes minutes, and again when it is lost', async () => {
    for (const retry of [0, 1, 2, 3]) expect((await anna.say('hi', 'Ev1', retry)).status).toBe(503);
    expect(lines()).toEqual([deTexts['not-yet'], deTexts['not-taken']]);
  });
});

test("a question of IT's that cannot be kept is refused until it can", async () => {
  const root = await slack.adapter.post({ type: 'it-channel' }, said('case', { type: 'text', text: 'case' }));
  const ts = root.id.split(':')[1];
  expect((await jonas.mention('Seit wann?', ts)).status).toBe(503);
  isDown = false;
  expect((await jonas.mention('Seit wann?', ts)).status).toBe(200);
  expect(kept).toMatchObject([{ type: 'message', text: 'Seit wann?', thread: root }]);
});

test('a command that cannot be kept at once is acknowledged, and kept as soon as it can be', async () => {
  const { reply } = await anna.command('status');
  expect(reply).toMatchObject({ status: 200, body: '' });
  await expect.poll(() => slack.received.length).toBeGreaterThan(1);
  isDown = false;
  await expect.poll(() => kept).toMatchObject([{ type: 'command', text: 'status' }]);
  expect(anna.whispers().filter((line) => line === deTexts['not-taken'])).toEqual([]);
});

test('an event that nobody can read is not asked for again', async () => {
  const unreadable = {
    type: 'event_callback',
    event_id: 'Ev9',
    event: { type: 'message', text: 'no channel' },
  };
  expect((await overHttp(() => slack.web.url).event(unreadable)).status).toBe(200);
  expect(slack.errors).toHaveLength(1);
});
