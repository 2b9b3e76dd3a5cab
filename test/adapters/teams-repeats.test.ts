import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import de from '../../locales/de/dialogs.json' with { type: 'json' };
import en from '../../locales/en/dialogs.json' with { type: 'json' };
import type { AdapterMemory } from '../../src/chat/port.ts';
import type { Message } from '../../src/chat/view.ts';
import { createMemory } from './memory.ts';
import { said } from './script.ts';
import { openTeams, type TeamsRig } from './teams-rig.ts';
import { textsOf } from './teams-simulator/cards.ts';
import type { SimulatedPerson } from './teams-simulator/index.ts';

let rig: TeamsRig;
let anna: SimulatedPerson;
let about: [key: string, whom: unknown][];
let erase: () => void;
beforeEach(async () => {
  let memory = createMemory();
  about = [];
  erase = () => {
    memory = createMemory();
  };
  const erasable: AdapterMemory = {
    put: (key, value, whom) => {
      about.push([key, whom]);
      return memory.put(key, value);
    },
    get: (key) => memory.get(key),
    list: (prefix) => memory.list(prefix),
  };
  rig = await openTeams({ memory: erasable });
  anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE', email: 'anna@firma.example' });
  await anna.installs();
  await anna.installsInTeam();
});
afterEach(async () => {
  await rig.close();
  expect(rig.teams.faults).toEqual([]);
});

const message = (locale: 'de' | 'en'): Message => ({
  ...said('case', { type: 'text', text: 'case' }),
  locale,
});
const person = () => ({ platform: 'teams', id: anna.member.id, name: '' });
const roots = () => rig.teams.rootsOf().map(({ card }) => textsOf(card).join(' '));

describe('a message that an earlier try may have posted', () => {
  const again = { key: 'c1/it-root:e1', mayBeRepeat: true };

  test.each([
    ['de', de],
    ['en', en],
  ] as const)('says so in %s, until it is shown again', async (locale, lines) => {
    await rig.adapter.post({ type: 'it-channel' }, message(locale), { ...again, mayBeRepeat: false });
    const ref = await rig.adapter.post({ type: 'it-channel' }, message(locale), again);
    expect(roots().map((text) => text.includes(lines['maybe-repeated']))).toEqual([false, true]);
    await rig.adapter.update(ref, message(locale));
    expect(roots().filter((text) => text.includes(lines['maybe-repeated']))).toEqual([]);
  });

  test('says nothing where Teams has refused the earlier one', async () => {
    rig.teams.connector.refuse(429, /^POST /u, 9);
    const first = { ...again, mayBeRepeat: false };
    await expect(rig.adapter.post({ type: 'it-channel' }, message('de'), first)).rejects.toMatchObject({
      code: 'temporary',
    });
    rig.teams.connector.refuse(429, /^POST /u, 0);
    await rig.adapter.post({ type: 'it-channel' }, message('de'), again);
    expect(roots()).toEqual([expect.not.stringContaining(de['maybe-repeated'])]);
  });
});

describe('what is kept of a person', () => {
  test('goes with her: every entry says whom it is about', () => {
    const hers = about.filter(([key]) => /^(?:person|chat)\//u.test(key));
    expect(hers.map(([key]) => key)).toEqual(
      expect.arrayContaining([`person/${anna.member.id}`, `chat/${anna.member.chat}`]),
    );
    for (const [key, whom] of hers)
      expect(whom, key).toEqual({ person: { platform: 'teams', id: anna.member.id } });
    expect(
      about.filter(([key]) => key === 'it-channel' || key === 'service').flatMap(([, whom]) => whom ?? []),
    ).toEqual([]);
  });

  test('is kept anew when she speaks after it was erased', async () => {
    erase();
    await anna.says('hello');
    await rig.restart();
    await rig.adapter.post({ type: 'person', person: person() }, message('de'));
    expect(anna.chat()).toHaveLength(1);
  });

  test('is enough to answer her who speaks in the moment of it, and is gone soon after', async () => {
    let now = Date.now();
    const memory = createMemory();
    let erased = false;
    const other: AdapterMemory = {
      ...memory,
      get: (key) => (erased ? Promise.resolve(null) : memory.get(key)),
    };
    await rig.close();
    rig = await openTeams({ memory: other, settings: { now: () => now } });
    const carla = rig.teams.person({ id: '29:carla', name: 'Carla', locale: 'de-DE' });
    await carla.says('status');
    erased = true;
    const to = { type: 'person', person: { platform: 'teams', id: '29:carla', name: '' } } as const;
    await rig.adapter.post(to, message('de'));
    expect(carla.chat()).toHaveLength(1);
    now += 60_000;
    await expect(rig.adapter.post(to, message('de'))).rejects.toMatchObject({ code: 'person-gone' });
  });
});

test('with nobody signing in, it is ready', async () => {
  const { health } = rig.adapter;
  expect(await health()).toEqual({ teams: true, teamsItChannel: true });
});
