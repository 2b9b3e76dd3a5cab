import { afterEach, describe, expect, test } from 'vitest';
import type { AdapterMemory } from '../../src/chat/port.ts';
import { createMemory } from './memory.ts';
import { said } from './script.ts';
import { openTeams, type TeamsRig } from './teams-rig.ts';
import { itChannelId, startSimulator, tenantId } from './teams-simulator/index.ts';
import { startIssuer } from './teams-simulator/issuer.ts';

const appId = '11111111-2222-3333-4444-555555555555';
const foreignTenant = 'tenant-2';
const message = said('case', { type: 'text', text: 'case' });

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

/** With tokens as Teams', of one tenant or of several. */
const openSigned = async (
  own: string | null,
  more: { itChannel?: string; memory?: AdapterMemory } = {},
): Promise<TeamsRig> => {
  const issuer = await startIssuer(appId);
  const app = { id: appId, password: null, tenantId: own };
  const { memory = createMemory(), itChannel = null } = more;
  const rig = await openTeams({
    memory,
    settings: { app, openIdMetadataUrl: issuer.url, itChannel },
    simulator: { token: issuer.valid },
  });
  open.push(issuer, { stop: rig.close });
  return rig;
};
const personOf = (rig: TeamsRig, id: string, tenant = tenantId) =>
  rig.teams.person({ id: `29:${id}`, name: id, locale: 'en-GB', tenantId: tenant });
const to = (id: string) => ({ platform: 'teams', id: `29:${id}`, name: id });

describe('where one tenant is served, another one', () => {
  test.each<[string, object]>([
    ['in the conversation', { conversation: { tenantId: foreignTenant } }],
    ['in the channel data', { channelData: { tenant: { id: foreignTenant } } }],
    [
      'in both',
      { conversation: { tenantId: foreignTenant }, channelData: { tenant: { id: foreignTenant } } },
    ],
    ['nowhere at all', { conversation: { tenantId: '' }, channelData: { tenant: { id: '' } } }],
  ])('named %s is refused, and counted', async (_name, more) => {
    const rig = await openSigned(tenantId);
    const anna = personOf(rig, 'anna');
    const { conversation, channelData } = anna.base();
    const { conversation: where, channelData: data } = { conversation: {}, channelData: {}, ...more };
    const of = (type: object) => ({
      ...anna.base(),
      ...type,
      conversation: { ...conversation, ...where },
      channelData: { ...channelData, ...data },
    });
    for (const type of [
      { type: 'message', text: 'hello' },
      { type: 'installationUpdate', action: 'add' },
    ])
      expect((await anna.deliver(of(type))).status).toBe(403);
    expect(rig.refused).toEqual(['teams: foreign-tenant', 'teams: foreign-tenant']);
    expect(rig.received).toEqual([]);
  });

  test('that is no name at all is no activity', async () => {
    const rig = await openSigned(tenantId);
    const anna = personOf(rig, 'anna');
    const activity = { ...anna.base(), type: 'message', text: 'x', channelData: { tenant: { id: 7 } } };
    expect((await anna.deliver(activity)).status).toBe(400);
    expect(rig.received).toEqual([]);
  });

  test('gets neither the IT channel by installing first nor what goes there', async () => {
    const rig = await openSigned(tenantId);
    const eve = personOf(rig, 'eve', foreignTenant);
    expect((await eve.installsInTeam('19:evil@thread.tacv2')).status).toBe(403);
    expect(rig.adapter.capabilities.itChannel).toBe(false);
    await personOf(rig, 'jonas').installsInTeam();
    await rig.adapter.post({ type: 'it-channel', of: to('eve') }, message);
    expect(rig.teams.rootsOf().map(({ conversation }) => conversation)).toEqual([
      expect.stringContaining(itChannelId),
    ]);
  });

  test('that an earlier version has let in is not written to, and its channel is nobody’s', async () => {
    const memory = createMemory();
    const service = { serviceUrl: 'http://127.0.0.1:9', channelId: 'msteams', bot: { id: 'b', name: 'b' } };
    const evil = { ...service, tenantId: foreignTenant };
    await memory.put('service', evil);
    await memory.put('person/29:eve', {
      name: 'Eve',
      chat: 'a:eve',
      address: null,
      locale: null,
      service: evil,
    });
    await memory.put('chat/a:eve', evil);
    const rig = await openSigned(tenantId, { memory });
    const place = { type: 'person', person: to('eve') } as const;
    await expect(rig.adapter.post(place, message)).rejects.toMatchObject({ code: 'person-gone' });
    await expect(rig.adapter.post({ type: 'it-channel' }, message)).rejects.toMatchObject({
      code: 'not-in-channel',
    });
  });

  test('of ourselves in capitals is ours', async () => {
    const rig = await openSigned(tenantId.toUpperCase());
    expect((await personOf(rig, 'anna').says('hello')).status).toBe(200);
  });
});

test.each(['webchat', 'skype', 'directline', 'emulator', 'slack', 'MSTEAMS', '', undefined])(
  'another channel of the Bot Framework, %j, is refused and counted, with a token and without',
  async (channelId) => {
    const anonymous = await openTeams();
    open.push({ stop: anonymous.close });
    for (const rig of [anonymous, await openSigned(tenantId)]) {
      const anna = personOf(rig, 'anna');
      const activity = { ...anna.base(), type: 'message', text: 'hello', channelId };
      const { status } = await anna.deliver(activity);
      // The key that signs may not be one for that channel, and then the token is the fault.
      expect([401, 403]).toContain(status);
      expect(rig.refused).toEqual([status === 403 ? 'teams: foreign-channel' : 'teams: bad-token']);
      expect(rig.received).toEqual([]);
    }
    expect(anonymous.refused).toEqual(['teams: foreign-channel']);
  },
);

describe('where several tenants are served', () => {
  test('a case goes to the IT channel of the rep’s own tenant, and of nobody else', async () => {
    const rig = await openSigned(null, { itChannel: itChannelId });
    await personOf(rig, 'anna').says('hello');
    const eve = personOf(rig, 'eve', foreignTenant);
    await eve.says('hello');
    await personOf(rig, 'jonas').installsInTeam();
    expect(await rig.adapter.takesEscalationOf?.(to('anna'))).toBe(true);
    expect(await rig.adapter.takesEscalationOf?.(to('eve'))).toBe(false);
    const hers = { type: 'it-channel', of: to('eve') } as const;
    await expect(rig.adapter.post(hers, message)).rejects.toMatchObject({ code: 'not-in-channel' });
    await rig.adapter.post({ type: 'it-channel', of: to('anna') }, message);
    expect(rig.teams.rootsOf()).toHaveLength(1);

    // Nor does anybody get it by adding the bot to it anew, or by acting in it.
    await eve.installsInTeam(itChannelId);
    expect(await rig.adapter.takesEscalationOf?.(to('anna'))).toBe(true);
    rig.received.length = 0;
    const [root] = rig.teams.rootsOf();
    if (!root) throw new Error('there is no case');
    await eve.mentions(root, 'who is it?');
    expect(rig.received.map((one) => one.type === 'message' && one.thread)).toEqual([null]);
  });

  test('two that are named at once are none', async () => {
    const rig = await openSigned(null, { itChannel: itChannelId });
    const anna = personOf(rig, 'anna');
    const mixed = {
      ...anna.base(),
      type: 'message',
      text: 'x',
      channelData: { tenant: { id: foreignTenant } },
    };
    expect((await anna.deliver(mixed)).status).toBe(403);
    expect(rig.refused).toEqual(['teams: foreign-tenant']);
  });
});

describe('the IT channel', () => {
  test('is reached as it was when the bot was added, whoever speaks afterwards from elsewhere', async () => {
    const rig = await openTeams();
    open.push({ stop: rig.close });
    await personOf(rig, 'jonas').installsInTeam();
    const elsewhere = await startSimulator({ bot: () => rig.url });
    open.push(elsewhere);
    const carla = elsewhere.person({ id: '29:carla', name: 'Carla', locale: 'en-GB' });
    await carla.says('hello');
    await rig.restart();
    await rig.adapter.post({ type: 'it-channel', of: to('carla') }, message);
    expect(rig.teams.rootsOf()).toHaveLength(1);
    expect(elsewhere.rootsOf()).toEqual([]);
    // And she is still reached where she is.
    await rig.adapter.post({ type: 'person', person: to('carla') }, message);
    expect(carla.chat()).toHaveLength(1);
  });

  test('stays through a new version of the app, and only a removal removes it', async () => {
    const rig = await openTeams();
    open.push({ stop: rig.close });
    const jonas = personOf(rig, 'jonas');
    await jonas.installsInTeam();
    await jonas.installsInTeam(itChannelId, 'remove-upgrade');
    await jonas.installsInTeam(itChannelId, 'add-upgrade');
    expect(rig.adapter.capabilities.itChannel).toBe(true);
    await jonas.installsInTeam(itChannelId, 'remove');
    expect(rig.adapter.capabilities.itChannel).toBe(false);
  });
});
