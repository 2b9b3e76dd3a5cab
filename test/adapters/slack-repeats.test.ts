import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { said } from './script.ts';
import { refusal } from './slack-door.ts';
import { openSlack, type SlackRig } from './slack-rig.ts';
import { openSlackWorld, type SlackWorld } from './slack-world.ts';

let world: SlackWorld;
let slack: SlackRig;
beforeEach(async () => {
  world = await openSlackWorld();
  slack = await openSlack(world);
});
afterEach(async () => {
  await slack[Symbol.asyncDispose]();
  await world.close();
  expect(world.door.problems).toEqual([]);
});

describe('a message that an earlier try may have posted', () => {
  const delivery = { key: 'c1/it-root:e1', mayBeRepeat: false };
  const again = { ...delivery, mayBeRepeat: true };
  const message = said('case', { type: 'text', text: 'case' });

  test('is found again in the channel, in a thread and in direct messages', async () => {
    const itRoot = await slack.adapter.post({ type: 'it-channel' }, message, delivery);
    const person = { platform: 'slack', id: world.idOf('anna'), name: '' };
    for (const place of [
      { type: 'it-channel' },
      { type: 'person', person },
      { type: 'thread', root: itRoot },
    ] as const) {
      const first = await slack.adapter.post(place, message, { ...delivery, key: place.type });
      await slack.adapter.update(first, { ...message, summary: 'changed' });
      await slack.adapter.post(place, message, { ...delivery, key: 'another' });
      const posts = () => world.door.calls.filter(({ method }) => method === 'chat.postMessage').length;
      const before = posts();
      expect(await slack.adapter.post(place, message, { ...again, key: place.type })).toEqual(first);
      expect(posts()).toBe(before);
    }
  });

  test('is posted where it is not there, and where the bot may not look', async () => {
    await slack.adapter.post({ type: 'it-channel' }, message, again);
    world.door.failIf((method) => (method === 'conversations.history' ? refusal('missing_scope') : null));
    await slack.adapter.post({ type: 'it-channel' }, message, again);
    expect(await world.seenByIt()).toHaveLength(2);
  });

  test('waits where Slack does not say whether it is there', async () => {
    world.door.failIf((method) => (method === 'conversations.history' ? { status: 503 } : null));
    const error = await slack.adapter
      .post({ type: 'it-channel' }, message, again)
      .catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'temporary' });
    expect(await world.seenByIt()).toEqual([]);
  });
});
