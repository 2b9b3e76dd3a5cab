/** What becomes of the channel in which IT works, as Teams tells of it. */
import { afterEach, describe, expect, test } from 'vitest';
import { examineTeams } from '../../src/adapters/teams/api/examine.ts';
import { createMemory } from './memory.ts';
import { said } from './script.ts';
import { openTeams, type TeamsRig, type TeamsRigOptions } from './teams-rig.ts';
import { itChannelId } from './teams-simulator/index.ts';

const message = said('case', { type: 'text', text: 'case' });
const team = '19:team@thread.tacv2';
const other = '19:other@thread.tacv2';

let rig: TeamsRig;
afterEach(() => rig.close());
const open = async (settings: TeamsRigOptions['settings'] = {}) => {
  rig = await openTeams({ memory: createMemory(), settings });
  return rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'en-GB' });
};
const post = () => rig.adapter.post({ type: 'it-channel' }, message);
const channelOfNewest = () => rig.teams.rootsOf().at(-1)?.conversation.split(';')[0];

const ends = [
  ['channelDeleted', 'channelRestored'],
  ['teamDeleted', 'teamRestored'],
  ['teamHardDeleted', 'teamRestored'],
  ['teamArchived', 'teamUnarchived'],
] as const;

describe.each([
  ['learnt', null],
  ['set', itChannelId],
] as const)('given an IT channel that was %s', (_, itChannel) => {
  test('when the app is added there, then the bot hears that it came; in two activities, of one installation', async () => {
    const jonas = await open({ itChannel });
    await jonas.meetsInTeam(itChannelId);
    await jonas.installsInTeam();
    expect(rig.news).toEqual(['back', 'came', 'back']);
    expect(await rig.adapter.health()).toEqual({ teams: true, teamsItChannel: true });
  });

  test.each(ends)('when Teams tells of %s, then health says so until %s', async (end, back) => {
    const jonas = await open({ itChannel });
    await jonas.installsInTeam(itChannelId, 'add', team);
    rig.news.length = 0;
    await jonas.changes(end, { team, standing: false });
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: false });
    // Cases are kept for it, and not sent elsewhere.
    expect(rig.adapter.capabilities.itChannel).toBe(true);
    await expect(post()).rejects.toMatchObject({ code: 'not-in-channel' });
    await rig.restart();
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: false });
    expect(rig.news).toEqual([]);

    await jonas.changes(back, { team, standing: true });
    expect(rig.news).toEqual(['back']);
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: true });
    await post();
    expect(channelOfNewest()).toBe(itChannelId);
  });

  test('when another channel or team goes, or is back, then nothing has happened to it', async () => {
    const jonas = await open({ itChannel });
    await jonas.installsInTeam(itChannelId, 'add', team);
    rig.news.length = 0;
    await jonas.changes('channelDeleted', { channel: other, team, standing: false });
    for (const [end, back] of ends) {
      await jonas.changes(end, { channel: other, team: other, standing: false });
      await jonas.changes(back, { channel: other, team: other, standing: true });
    }
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: true });
    expect(rig.news).toEqual([]);
  });

  test('when a message arrives there all the same, then it is believed to be there', async () => {
    const jonas = await open({ itChannel });
    await jonas.installsInTeam(itChannelId, 'add', team);
    await jonas.changes('teamArchived', { team, standing: true });
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: false });
    await post();
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: true });
  });

  test('when a new version of the app comes, then nothing is said and nothing forgotten', async () => {
    const jonas = await open({ itChannel });
    await jonas.installsInTeam();
    rig.news.length = 0;
    await jonas.installsInTeam(itChannelId, 'add-upgrade');
    await jonas.installsInTeam(itChannelId, 'remove-upgrade');
    expect(rig.news).toEqual([]);
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: true });
  });
});

test('given a set channel that was deleted, when the app is added elsewhere in its team, then it is as gone as before', async () => {
  const jonas = await open({ itChannel: itChannelId });
  await jonas.installsInTeam(itChannelId, 'add', team);
  await jonas.changes('channelDeleted', { team, standing: false });
  rig.news.length = 0;
  await jonas.installsInTeam(other, 'add', team);
  await jonas.changes('teamUnarchived', { channel: other, team, standing: true });
  expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: false });
  expect(rig.news).toEqual([]);
});

describe('given a learnt IT channel', () => {
  test.each(['channelDeleted', 'teamDeleted', 'teamArchived'])(
    'that is gone by %s, when the app is added elsewhere, then that one takes its place',
    async (end) => {
      const jonas = await open();
      await jonas.installsInTeam(itChannelId, 'add', team);
      await jonas.changes(end, { team, standing: false });
      rig.news.length = 0;
      await jonas.installsInTeam(other, 'add');
      expect(rig.news).toEqual(['back', 'came']);
      expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: true });
      const before = { platform: 'teams', id: `${itChannelId};messageid=17|17` };
      expect(rig.adapter.isInItChannel?.(before)).toBe(false);
      expect(rig.adapter.isInItChannel?.(await post())).toBe(true);
      expect(channelOfNewest()).toBe(other);
      // What becomes of the old one is nobody's business any more.
      await jonas.changes(end, { team, standing: false });
      expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: true });
    },
  );

  test('that is there, when the app is added elsewhere too, then nobody there is told anything', async () => {
    const jonas = await open();
    await jonas.installsInTeam();
    rig.news.length = 0;
    await jonas.installsInTeam(other);
    expect(rig.news).toEqual([]);
  });
});

describe('given a set IT channel of which the installation does not speak', () => {
  test.each([
    ['belongs to it', 'user', ['back', 'came']],
    ['does not belong to it', null, []],
  ] as const)(
    'when somebody who %s adds the app to a team, then that counts as such',
    async (_, role, told) => {
      const jonas = await open({ itChannel: itChannelId });
      if (role === null) rig.teams.connector.tells('29:jonas', { role });
      Object.assign(jonas.member, { role });
      await jonas.installsInTeam(other);
      expect(rig.news).toEqual(told);
    },
  );

  test('when the app is taken out of its team, then health says so until it is added again', async () => {
    const jonas = await open({ itChannel: itChannelId });
    await jonas.installsInTeam(itChannelId, 'add', team);
    await jonas.installsInTeam(itChannelId, 'remove', team);
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: false });
    rig.news.length = 0;
    await jonas.installsInTeam(itChannelId, 'add', team);
    expect(rig.news[0]).toBe('back');
    expect(await rig.adapter.health()).toMatchObject({ teamsItChannel: true });
  });
});

test('a private or shared channel is learnt like any other, with its own people', async () => {
  const shared = '19:shared@thread.tacv2';
  const jonas = await open();
  await jonas.meetsInChannel(shared, team);
  expect(rig.news).toEqual(['back', 'came']);
  await post();
  expect(channelOfNewest()).toBe(shared);
});

describe('the doctor', () => {
  const nobody = 'http://127.0.0.1:9';
  const base = { app: null, openIdMetadataUrl: null, lastReached: true, loginUrl: nobody };

  test.each([
    ['channelDeleted', 'channel-deleted'],
    ['teamDeleted', 'team-deleted'],
    ['teamArchived', 'team-archived'],
  ])('says after %s what has become of the IT channel, whatever arrived before', async (event, found) => {
    const memory = createMemory();
    rig = await openTeams({ memory });
    const jonas = rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'en-GB' });
    await jonas.installsInTeam(itChannelId, 'add', team);
    const examine = async () => (await examineTeams({ ...base, itChannel: null, memory })).itChannel;
    expect(await examine()).toEqual({ found: 'member' });
    await jonas.changes(event, { team, standing: false });
    expect(await examine()).toEqual({ found });
  });

  test('warns of an app that serves several tenants', async () => {
    await open();
    const app = { id: '11111111-2222-3333-4444-555555555555', password: 'x', tenantId: null };
    const of = { ...base, itChannel: itChannelId, memory: null };
    expect((await examineTeams({ ...of, app })).notes).toEqual(['several-tenants']);
    const own = { ...app, tenantId: '99999999-8888-7777-6666-555555555555' };
    expect((await examineTeams({ ...of, app: own })).notes).toEqual([]);
  });
});
