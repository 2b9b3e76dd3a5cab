/** What becomes of the channel in which IT works, as Slack tells of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import manifest from '../../manifests/slack/http.json' with { type: 'json' };
import socketManifest from '../../manifests/slack/socket-mode.json' with { type: 'json' };
import { examineSlack } from '../../src/adapters/slack/api/examine.ts';
import { channelEvents } from '../../src/adapters/slack/events/channel.ts';
import { said } from './script.ts';
import { refusal } from './slack-door.ts';
import { createPerson, type SlackPerson } from './slack-person.ts';
import { openSlack, type SlackRig } from './slack-rig.ts';
import { overHttp } from './slack-transport.ts';
import { botToken, botUser, openSlackWorld, type SlackWorld } from './slack-world.ts';

let world: SlackWorld;
let slack: SlackRig;
let jonas: SlackPerson;
beforeEach(async () => {
  world = await openSlackWorld();
  slack = await openSlack(world);
  jonas = createPerson({ world, transport: overHttp(() => slack.web.url), name: 'jonas' });
});
afterEach(async () => {
  await slack[Symbol.asyncDispose]();
  await world.close();
  expect(world.door.problems).toEqual([]);
});

const joined = { user: botUser, channel_type: 'C', team: 'T000000001', inviter: 'U1' };

test('given an invitation into the IT channel, then the bot hears that it came, once however often Slack delivers it', async () => {
  expect((await jonas.changes('member_joined_channel', joined, { id: 'Ev1' })).status).toBe(200);
  expect((await jonas.changes('member_joined_channel', joined, { id: 'Ev1' })).status).toBe(200);
  expect(slack.news).toEqual(['came']);
});

test.each(['channel_unarchive', 'group_unarchive'])(
  'given %s, then the bot hears that it may be usable',
  async (type) => {
    await jonas.changes(type);
    expect(slack.news).toEqual(['back']);
  },
);

test('given cases in it and in another channel, then only those in it are where IT is', async () => {
  const root = await slack.adapter.post({ type: 'it-channel' }, said('case', { type: 'text', text: 'case' }));
  const [, ts] = root.id.split(':');
  expect(slack.adapter.isInItChannel?.(root)).toBe(true);
  expect(slack.adapter.isInItChannel?.({ platform: 'slack', id: `C0DELETED:${ts}` })).toBe(false);
});

test.each([
  ['somebody else who joins', 'member_joined_channel', { user: 'U0ELSE' }],
  ['an archived channel', 'channel_archive', {}],
  ['an archived private channel', 'group_archive', {}],
  ['a deleted channel', 'channel_deleted', {}],
  ['a deleted private channel', 'group_deleted', {}],
  ['a bot that was taken out', 'channel_left', {}],
  ['a bot that was taken out of a private channel', 'group_left', {}],
  ['somebody who leaves', 'member_left_channel', { user: botUser }],
])('given %s, then the bot is told nothing', async (_, type, inner) => {
  expect((await jonas.changes(type, inner)).status).toBe(200);
  expect(slack.news).toEqual([]);
  expect(slack.errors).toEqual([]);
});

test('given an invitation into another channel, or by another company, then it is nothing to the bot', async () => {
  await jonas.changes('member_joined_channel', joined, { channel: world.otherChannel });
  const stranger = overHttp(() => slack.web.url);
  const event = { type: 'member_joined_channel', channel: world.itChannel, ...joined };
  await stranger.event({ type: 'event_callback', team_id: 'T0OTHER', event_id: 'Ev9', event });
  expect(slack.news).toEqual([]);
});

describe('health of the IT channel', () => {
  const healthy = async () => (await slack.adapter.health()).slackItChannel;

  test.each([
    ['channel_archive', 'is_archived'],
    ['channel_deleted', 'channel_not_found'],
    ['member_left_channel', 'not_in_channel'],
  ])('after %s is not what it was before', async (type, error) => {
    expect(await healthy()).toBe(true);
    world.door.failIf((method) => (method === 'conversations.info' ? refusal(error) : null));
    expect(await healthy()).toBe(true);
    await jonas.changes(type, type === 'member_left_channel' ? { user: botUser } : {});
    await expect.poll(healthy, { timeout: 3000 }).toBe(false);
  });

  test('is good in a channel that is shared with another company, and says so', async () => {
    expect(await slack.adapter.warnings()).toEqual([]);
    const channel = { id: world.itChannel, is_member: true, is_ext_shared: true };
    world.door.failIf((method) => (method === 'conversations.info' ? { body: { ok: true, channel } } : null));
    await jonas.changes('channel_unarchive');
    await expect.poll(slack.adapter.warnings, { timeout: 3000 }).toEqual(['slack-it-channel-shared']);
    expect(await healthy()).toBe(true);
    expect(slack.warnings.filter((line) => line.includes('shared-channel'))).toHaveLength(1);
  });
});

describe('the doctor', () => {
  const examine = (answers: Readonly<Record<string, object>>) => {
    world.door.failIf((method) => {
      const body = answers[method];
      return body ? { body: { ok: true, ...body } } : null;
    });
    const { itChannel } = world;
    return examineSlack({ token: botToken, apiUrl: world.door.apiUrl, appToken: null, itChannel });
  };
  const channelThat = (flags: object) => ({
    'conversations.info': { channel: { id: world.itChannel, is_member: true, ...flags } },
  });

  test.each([
    ['is archived', { is_archived: true }, 'archived'],
    ['is shared with another company', { is_ext_shared: true }, 'shared-with-others'],
    ['is about to be', { is_pending_ext_shared: true }, 'shared-with-others'],
    ['is shared within the organisation', { is_org_shared: true, is_shared: true }, 'member'],
  ])('says so of a channel that %s', async (_, flags, found) => {
    expect((await examine(channelThat(flags))).itChannel).toEqual({ found });
  });

  test('warns of an installation for a whole organisation', async () => {
    const notes = ['organisation-install'];
    expect(await examine({ 'auth.test': { user_id: 'U1', is_enterprise_install: true } })).toMatchObject({
      notes,
    });
    expect((await examine({})).notes).toEqual([]);
  });
});

test('the manifests ask for every event that is read, and for nothing else', () => {
  for (const { settings } of [manifest, socketManifest])
    expect(settings.event_subscriptions.bot_events).toEqual(expect.arrayContaining([...channelEvents]));
});
