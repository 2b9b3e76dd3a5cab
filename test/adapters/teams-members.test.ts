import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import de from '../../locales/de/dialogs.json' with { type: 'json' };
import { button, said, serversForm, withButtons } from './script.ts';
import { openTeams, type TeamsRig } from './teams-rig.ts';
import type { Posted, SimulatedPerson } from './teams-simulator/index.ts';

let rig: TeamsRig;
let jonas: SimulatedPerson;
let root: Posted;
let now: number;
beforeEach(async () => {
  now = Date.now();
  rig = await openTeams({ settings: { now: () => now } });
  jonas = rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'en-GB' });
  await jonas.installsInTeam();
  const buttons = [button('claim', 'claim'), button('ask-rep', 'ask-rep'), button('resolve', 'resolve')];
  const message = withButtons(said('case', { type: 'text', text: 'case' }), ...buttons);
  await rig.adapter.post({ type: 'it-channel' }, message);
  const [posted] = rig.teams.rootsOf();
  if (!posted) throw new Error('there is no case');
  root = posted;
});
afterEach(() => rig.close());

const line = { type: 'line', text: de['not-it'] };

describe.each([
  ['a guest of the team', { role: 'guest' }, 'guest'],
  ['a member of another company', { tenantId: 'tenant-2', role: 'user' }, 'guest'],
  ['somebody who is not in the team', { role: null }, 'not-a-member'],
] as const)('%s', (_name, who, reason) => {
  let greta: SimulatedPerson;
  beforeEach(() => {
    greta = rig.teams.person({ id: '29:greta', name: 'Greta', locale: 'en-GB' });
    Object.assign(greta.member, who.role === null ? who : {});
    rig.teams.connector.tells('29:greta', who);
  });

  test('can neither claim, ask nor resolve, and reads why', async () => {
    expect(await greta.press(root, 'claim')).toEqual(line);
    expect(await greta.press(root, 'ask-rep')).toEqual(line);
    expect(await greta.press(root, 'resolve')).toEqual(line);
    expect(rig.received).toEqual([]);
    expect(rig.refused).toEqual(Array.from({ length: 3 }, () => `teams: ${reason}`));
  });

  test('cannot send a form that somebody of IT has opened', async () => {
    rig.script = { button: (incoming) => incoming.openForm({ ...serversForm, name: 'ask-rep' }) };
    const form = await jonas.press(root, 'ask-rep');
    if (form.type !== 'dialog') throw new Error('no dialog');
    rig.received.length = 0;
    expect(await greta.submit(form.card, 'ask-rep', { question: 'Password?' }, root)).toEqual(line);
    expect(rig.received).toEqual([]);
  });

  test('cannot ask the rep by mentioning the bot', async () => {
    await greta.mentions(root, 'What is your password?');
    expect(rig.received).toEqual([]);
    await rig.teams.waitFor(() => rig.teams.threadOf(root), de['not-it']);
    expect(rig.refused).toEqual([`teams: ${reason}`]);
  });

  test('is served in a chat of her own', async () => {
    await greta.says('help');
    expect(rig.received).toHaveLength(1);
    expect(rig.refused).toEqual([]);
  });
});

describe('a member', () => {
  test('acts as IT; Teams is asked once for several clicks, and again after a minute', async () => {
    await jonas.press(root, 'claim');
    await jonas.press(root, 'resolve');
    expect(rig.received.map((one) => one.type === 'button' && one.inItChannel)).toEqual([true, true]);
    rig.teams.connector.tells('29:jonas', { role: 'guest' });
    await jonas.press(root, 'resolve');
    expect(rig.received).toHaveLength(3);
    now += 61_000;
    expect(await jonas.press(root, 'resolve')).toEqual(line);
    expect(rig.received).toHaveLength(3);
  });

  test('of whom Teams does not tell is asked to try again, and nothing is done', async () => {
    rig.teams.connector.refuse(500, /^GET .*\/members\//u, 99);
    expect(await jonas.press(root, 'claim')).toEqual({ type: 'line', text: de.failed });
    expect(rig.received).toEqual([]);
    rig.teams.connector.refuse(500, /^GET /u, 0);
    await jonas.press(root, 'claim');
    expect(rig.received).toHaveLength(1);
  });
});
