import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHealth } from '../../src/adapters/teams/api/health.ts';
import type { Message } from '../../src/chat/view.ts';
import { said } from './script.ts';
import { openTeams, type TeamsRig } from './teams-rig.ts';
import type { SimulatedPerson } from './teams-simulator/index.ts';

let rig: TeamsRig;
let anna: SimulatedPerson;
let jonas: SimulatedPerson;
beforeEach(async () => {
  rig = await openTeams();
  anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'en-GB' });
  jonas = rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'en-GB' });
  for (const person of [anna, jonas]) await person.installs();
});
afterEach(() => rig.close());

const message: Message = said('news', { type: 'text', text: 'news' });
const to = ({ member }: SimulatedPerson) =>
  rig.adapter.post({ type: 'person', person: { platform: 'teams', id: member.id, name: '' } }, message);
/** Far below what anybody is asked to wait here. */
const atOnceMs = 2000;

describe('a conversation of which Teams has had enough', () => {
  const toAnna = new RegExp(`^POST .*${encodeURIComponent('29:anna')}`, 'u');

  test('waits as long as Teams asks, without anybody standing in line for it; all others get theirs at once', async () => {
    rig.teams.connector.refuse(429, toAnna, 1, 4);
    const began = Date.now();
    await expect(to(anna)).rejects.toMatchObject({ code: 'temporary', retryAfterMs: 4000 });
    // What comes next to her is not even sent before that.
    await expect(to(anna)).rejects.toMatchObject({ code: 'throttled' });
    await to(jonas);
    expect(Date.now() - began).toBeLessThan(atOnceMs);
    expect(jonas.chat()).toHaveLength(1);
    expect(anna.chat()).toHaveLength(0);
    await sleep(4100);
    await to(anna);
    expect(anna.chat()).toHaveLength(1);
  });

  test('and a burst to one person holds up nobody else', async () => {
    const burst = Array.from({ length: 30 }, () => to(anna).catch(() => null));
    const began = Date.now();
    await to(jonas);
    expect(Date.now() - began).toBeLessThan(atOnceMs);
    await Promise.all(burst);
  });
});

test('a thousand questions at once whether the bot may speak are one sign-in, and so for some seconds', async () => {
  let signIns = 0;
  let now = 0;
  const health = createHealth(
    async () => {
      signIns += 1;
      await sleep(20);
    },
    () => now,
  );
  const ask = () => Promise.all(Array.from({ length: 1000 }, health));
  expect(new Set(await ask())).toEqual(new Set([true]));
  now += 1000;
  await ask();
  expect(signIns).toBe(1);
  now += 60_000;
  await ask();
  expect(signIns).toBe(2);
});
