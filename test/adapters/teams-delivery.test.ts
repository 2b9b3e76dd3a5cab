import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeliveryError, type Incoming } from '../../src/chat/port.ts';
import type { Message } from '../../src/chat/view.ts';
import { createMemory } from './memory.ts';
import { said } from './script.ts';
import { openTeams, type TeamsRig } from './teams-rig.ts';
import { textsOf } from './teams-simulator/cards.ts';
import type { Posted, SimulatedPerson } from './teams-simulator/index.ts';

let rig: TeamsRig;
let anna: SimulatedPerson;
let jonas: SimulatedPerson;
beforeEach(async () => {
  rig = await openTeams();
  anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE', email: 'anna@firma.example' });
  jonas = rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'en-GB' });
});
afterEach(async () => {
  await rig.close();
  expect(rig.teams.faults).toEqual([]);
});

const text = (words: string): Message => said(words, { type: 'text', text: words });
const rep = () => ({ platform: 'teams', id: anna.member.id, name: anna.member.name });
const toAnna = (message: Message) => rig.adapter.post({ type: 'person', person: rep() }, message);
const last = (posts: readonly Posted[]): Posted => {
  const found = posts.at(-1);
  if (!found) throw new Error('nothing was posted');
  return found;
};

describe('what goes out', () => {
  beforeEach(async () => {
    await anna.installs();
    await jonas.installsInTeam();
  });

  test.each([
    [412, 'temporary'],
    [429, 'temporary'],
    [403, 'person-gone'],
    [404, 'person-gone'],
    [413, 'rejected'],
  ])('when Teams says %i, is %s', async (status, code) => {
    rig.teams.connector.refuse(status, /^POST /u, 9);
    await expect(toAnna(text('x'))).rejects.toMatchObject({ name: 'DeliveryError', code });
    expect(anna.chat()).toEqual([]);
  });

  test.each([502, 504])('arrives when Teams says %i once', async (status) => {
    rig.teams.connector.refuse(status, /^POST /u, 1);
    await toAnna(text('x'));
    expect(anna.chat()).toHaveLength(1);
  });

  test('names no text and no address in its errors', async () => {
    rig.teams.connector.refuse(400, /^POST /u, 9);
    const error: unknown = await toAnna(text('secret@firma.example')).catch((thrown: unknown) => thrown);
    expect(JSON.stringify([String(error), error])).not.toContain('secret');
    expect(error).not.toHaveProperty('cause');
  });

  test('in a channel without the bot is not-in-channel', async () => {
    rig.teams.connector.refuse(403, /^POST \/v3\/conversations$/u, 9);
    await expect(rig.adapter.post({ type: 'it-channel' }, text('x'))).rejects.toMatchObject({
      code: 'not-in-channel',
    });
  });

  test('to somebody whom the bot has met in a channel only, begins a chat', async () => {
    await rig.adapter.post({ type: 'it-channel' }, text('case'));
    await jonas.mentions(last(rig.teams.rootsOf()), 'hello');
    const person = { platform: 'teams', id: jonas.member.id, name: jonas.member.name };
    const send = () => rig.adapter.post({ type: 'person', person }, text('hello'));
    await expect(send()).rejects.toMatchObject({ code: 'person-gone' });
    await jonas.installs();
    await send();
    expect(jonas.chat()).toHaveLength(1);
  });

  test('fast is coalesced to one update a second, and the last state always arrives', async () => {
    const ref = await toAnna(text('state 0'));
    const began = Date.now();
    const states = Array.from({ length: 30 }, (_, index) =>
      rig.adapter.update(ref, text(`state ${index + 1}`)),
    );
    await Promise.all(states);
    await rig.adapter.update(ref, text('end'));
    const post = last(anna.chat());
    expect(textsOf(post.card)).toEqual(['end']);
    expect(post.versions.length).toBeLessThanOrEqual(4);
    expect(Date.now() - began).toBeLessThan(4000);
  });

  test('in a burst to one chat keeps to the rate that Teams allows', async () => {
    const patiently = async (words: string): Promise<void> => {
      const error = await toAnna(text(words)).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error === null) return;
      if (!(error instanceof DeliveryError) || error.retryAfterMs === null) throw error;
      await sleep(error.retryAfterMs);
      await patiently(words);
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => patiently(`message ${index}`)));
    expect(anna.chat()).toHaveLength(20);
  });
});

test('a memory that was damaged costs its own entries only', async () => {
  const memory = createMemory();
  await memory.put('it-channel', 'nonsense');
  await memory.put('service', 7);
  await memory.put('person/29:anna', { name: 1 });
  await using own = await openTeams({ memory });
  const anna2 = own.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
  await anna2.installs();
  expect(own.received satisfies Incoming[]).toHaveLength(1);
});
