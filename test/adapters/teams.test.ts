import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../src/chat/view.ts';
import { addressForm, button, forms, hostile, portError, said, serversForm, withButtons } from './script.ts';
import { openTeams, type TeamsRig } from './teams-rig.ts';
import { actionsOf, inputsOf, textsOf } from './teams-simulator/cards.ts';
import { itChannelId, type Posted, type SimulatedPerson } from './teams-simulator/index.ts';

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
const asking = (...names: Parameters<typeof button>[0][]): Message =>
  withButtons(text('Report'), ...names.map((name) => button(name, name)));
const rep = () => ({ platform: 'teams', id: anna.member.id, name: anna.member.name });
const toAnna = (message: Message) => rig.adapter.post({ type: 'person', person: rep() }, message);
const last = (posts: readonly Posted[]): Posted => {
  const found = posts.at(-1);
  if (!found) throw new Error('nothing was posted');
  return found;
};

describe('installing', () => {
  test('begins the conversation once, though it is told twice, with her address and language', async () => {
    await anna.installs();
    await anna.meets();
    expect(rig.received).toMatchObject([
      {
        type: 'message',
        text: '',
        platformLocale: 'de-DE',
        timeZone: 'Europe/Vienna',
        profileAddress: 'anna@firma.example',
        later: null,
      },
    ]);
  });

  test('in a team makes its channel the IT channel, until it is removed there; another team changes nothing', async () => {
    expect(rig.adapter.capabilities.itChannel).toBe(false);
    await expect(rig.adapter.post({ type: 'it-channel' }, text('x'))).rejects.toMatchObject({
      code: 'not-in-channel',
    });
    await jonas.installsInTeam();
    await jonas.installsInTeam('19:other@thread.tacv2');
    expect(rig.adapter.capabilities.itChannel).toBe(true);
    await rig.restart();
    await rig.adapter.post({ type: 'it-channel' }, text('case'));
    expect(last(rig.teams.rootsOf()).conversation).toContain(itChannelId);
    await jonas.installsInTeam('19:other@thread.tacv2', 'remove');
    expect(rig.adapter.capabilities.itChannel).toBe(true);
    await jonas.installsInTeam(itChannelId, 'remove');
    expect(rig.adapter.capabilities.itChannel).toBe(false);
    expect(rig.received).toEqual([]);
  });

  test('is told twice: the channel that was chosen counts, and not that in which the bot was met', async () => {
    await jonas.meetsInTeam('19:general@thread.tacv2');
    await jonas.installsInTeam(itChannelId, 'add', '19:general@thread.tacv2');
    await jonas.installsInTeam('19:later@thread.tacv2', 'add', '19:general@thread.tacv2');
    await rig.adapter.post({ type: 'it-channel' }, text('case'));
    expect(last(rig.teams.rootsOf()).conversation).toContain(itChannelId);
  });

  test('is not needed where the channel is set; without the bot in it, the hand-over fails', async () => {
    await rig.close();
    rig = await openTeams({ settings: { itChannel: '19:set@thread.tacv2' } });
    jonas = rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'de-DE' });
    await jonas.installsInTeam();
    expect(rig.adapter.capabilities.itChannel).toBe(true);
    await expect(rig.adapter.post({ type: 'it-channel' }, text('x'))).rejects.toMatchObject({
      code: 'not-in-channel',
    });
    expect(rig.teams.rootsOf()).toEqual([]);
  });
});

describe('what is said', () => {
  test('in her chat reaches the bot; a command word in front makes it a command', async () => {
    await anna.says('E-Mail verbinden');
    await anna.says(' <at>connect-email</at>');
    await anna.says('/connect-email help');
    expect(rig.received).toMatchObject([
      { type: 'message', text: 'E-Mail verbinden', thread: null },
      { type: 'message', text: '<at>connect-email</at>' },
      { type: 'command', text: 'help' },
    ]);
  });

  test('in a channel reaches it only with a mention, without the mention, and names its thread', async () => {
    await jonas.installsInTeam();
    const ref = await rig.adapter.post({ type: 'it-channel' }, text('case'));
    const root = last(rig.teams.rootsOf());
    await jonas.mentions(root, `Seit wann? ${hostile}`);
    const conversation = { conversationType: 'channel', id: root.conversation };
    await jonas.deliver({ ...jonas.base(), conversation, type: 'message', text: 'unter uns' });
    expect(rig.received).toMatchObject([{ type: 'message', text: `Seit wann? ${hostile}`, thread: ref }]);
  });

  test('twice is taken once, also after a restart; what failed may come again', async () => {
    const activity = { ...anna.base(), type: 'message', text: 'hello' };
    await Promise.all([anna.deliver(activity), anna.deliver(activity)]);
    // It is written a moment later; what a crash makes it forget may be done twice, never not at all.
    await sleep(600);
    await rig.restart();
    expect((await anna.deliver(activity)).status).toBe(200);
    expect(rig.received).toHaveLength(1);

    rig.script = { message: () => Promise.reject(new Error('store is gone')) };
    const next = { ...anna.base(), type: 'message', text: 'again' };
    expect((await anna.deliver(next)).status).toBe(500);
    rig.script = {};
    expect((await anna.deliver(next)).status).toBe(200);
    expect(rig.received).toHaveLength(3);
  });

  test('has one name, however often it is delivered, by which the conversation knows it again after a crash', async () => {
    const sent = { ...anna.base(), type: 'message', text: 'hello' };
    rig.script = { message: () => Promise.reject(new Error('kept, and then the power went')) };
    expect((await anna.deliver(sent)).status).toBe(500);
    rig.script = {};
    expect((await anna.deliver(sent)).status).toBe(200);
    expect((await anna.deliver({ ...anna.base(), type: 'message', text: 'hello' })).status).toBe(200);
    const [first, copy, other] = rig.received.map(({ eventKey }) => eventKey);
    expect(first).toMatch(/^teams:message\/\S+\/\S+$/u);
    expect(copy).toBe(first);
    expect(other).toMatch(/^teams:message\//u);
    expect(other).not.toBe(first);
  });
});

describe('a click', () => {
  beforeEach(async () => {
    await anna.installs();
    await jonas.installsInTeam();
    rig.received.length = 0;
  });

  test('counts as IT’s only in the IT channel', async () => {
    await rig.adapter.post({ type: 'it-channel' }, asking('claim'));
    const root = last(rig.teams.rootsOf());
    await jonas.press(root, 'claim');
    await jonas.press({ ...root, conversation: '19:other@thread.tacv2;messageid=1' }, 'claim');
    await toAnna(asking('claim'));
    await anna.press(last(anna.chat()), 'claim');
    expect(rig.received.map((one) => one.type === 'button' && one.inItChannel)).toEqual([true, false, false]);
  });

  test('on something that opens no form any more is answered in a line, in the language of whoever clicks', async () => {
    await toAnna(asking('escalate', 'check-again'));
    rig.locale = 'en';
    const post = last(anna.chat());
    expect(await anna.press(post, 'escalate')).toEqual({
      type: 'line',
      text: "There's nothing to fill in here. See the latest message for what's possible now.",
    });
    rig.locale = 'de';
    expect(await anna.press(post, 'check-again')).toMatchObject({ type: 'line', text: /^Ist angekommen\./u });
  });

  test('that fails says so at once, and that it was us', async () => {
    rig.script = { button: () => Promise.reject(new Error('store is gone')) };
    await toAnna(asking('edit', 'check-again'));
    const line = { type: 'line', text: expect.stringContaining('der Fehler liegt bei uns') };
    expect(await anna.press(last(anna.chat()), 'edit')).toEqual(line);
    expect(await anna.press(last(anna.chat()), 'check-again')).toEqual(line);
    expect(rig.errors).toHaveLength(2);
  });
});

describe('a form', () => {
  beforeEach(async () => {
    await anna.installs();
    await toAnna(asking('start', 'edit'));
  });

  test('keeps its words, its errors and what was typed over a restart', async () => {
    rig.script = forms;
    const opened = await anna.press(last(anna.chat()), 'edit');
    if (opened.type !== 'dialog') throw new Error('no dialog');
    expect(opened.title).toBe(serversForm.title);
    await rig.restart();
    const typed = { imapHost: hostile, imapPort: 'x' };
    const again = await anna.submit(opened.card, 'servers', typed);
    if (again.type !== 'dialog') throw new Error('no dialog');
    expect(inputsOf(again.card)).toContainEqual({ id: 'imapHost', value: hostile, error: null });
    expect(inputsOf(again.card)).toContainEqual({ id: 'imapPort', value: 'x', error: portError });
    expect(textsOf(again.card)).toContain(portError);
    expect(textsOf(again.card)).toContain(serversForm.intro[0]?.type === 'note' && serversForm.intro[0].text);
    expect(await anna.submit(again.card, 'servers', { imapPort: '993' })).toEqual({ type: 'nothing' });
  });

  test('that could not be kept is not taken for done when it is delivered again, nor in another process', async () => {
    rig.script = { ...forms, form: () => Promise.reject(new Error('store is gone')) };
    const opened = await anna.press(last(anna.chat()), 'edit');
    if (opened.type !== 'dialog') throw new Error('no dialog');
    const value = { data: { form: 'servers', context: 'c/', shape: serversForm, imapHost: hostile } };
    const sent = { ...anna.base(), type: 'invoke', name: 'task/submit', value };
    const body = (await anna.deliver(sent)).body;
    expect(JSON.stringify(body)).toContain('der Fehler liegt bei uns');
    expect(JSON.stringify(body)).toContain(JSON.stringify(hostile));
    await rig.restart();
    rig.script = forms;
    rig.received.length = 0;
    expect(JSON.stringify((await anna.deliver(sent)).body)).toContain(portError);
    expect(rig.received).toHaveLength(1);
  });

  test('of a client without dialogs comes back in the chat with all that was typed', async () => {
    rig.script = forms;
    await anna.pressWithoutDialogs(last(anna.chat()), 'edit');
    const shown = await anna.reads(serversForm.title);
    rig.script = { form: () => Promise.reject(new Error('store is gone')) };
    const turn = await anna.deliver({
      ...anna.base(),
      replyToId: shown.id,
      type: 'message',
      value: { form: 'servers', context: 'c/', shape: serversForm, imapHost: hostile },
    });
    expect(turn.status).toBe(500);
    const again = await anna.reads('der Fehler liegt bei uns');
    expect(again.id).toBe(shown.id);
    expect(inputsOf(again.card)).toContainEqual({ id: 'imapHost', value: hostile, error: null });
  });

  test('far larger than Teams allows still comes back', async () => {
    rig.script = {
      button: (incoming) => incoming.openForm(serversForm),
      form: (incoming) => incoming.respond({ type: 'errors', errors: { username: 'x'.repeat(100) } }),
    };
    const opened = await anna.press(last(anna.chat()), 'edit');
    if (opened.type !== 'dialog') throw new Error('no dialog');
    const again = await anna.submit(opened.card, 'servers', { username: '"'.repeat(30_000) });
    if (again.type !== 'dialog') throw new Error('no dialog');
    expect(Buffer.byteLength(JSON.stringify(again.card))).toBeLessThan(25 * 1024);
    const received = rig.received.at(-1);
    expect(received?.type === 'form' && received.values.username).toHaveLength(30_000);
  });

  test('that is not known any more asks to be opened again, and loses nothing', async () => {
    rig.script = forms;
    const card = {
      actions: [{ type: 'Action.Submit', title: 'x', data: { form: 'servers', context: 'c/' } }],
    };
    expect(await anna.submit(card, 'servers', { imapPort: 'x' })).toMatchObject({
      type: 'line',
      text: /noch einmal\.$/u,
    });
    expect(rig.received.at(-1)).toMatchObject({ type: 'form', values: { imapPort: 'x' } });
  });

  test('comes as a card where there are no dialogs: errors in its place, then the next, then read-only', async () => {
    rig.script = { ...forms, button: (incoming) => incoming.openForm(addressForm) };
    await anna.pressWithoutDialogs(last(anna.chat()), 'start');
    const card = await anna.reads('Ihre E-Mail-Adresse');
    await anna.submitInline(card, 'address', { address: 'anna@firma.example' });
    const shows = (id: string) => inputsOf(card.card).some((input) => input.id === id);
    await expect.poll(() => shows('imapPort'), { timeout: 5000 }).toBe(true);
    await anna.submitInline(card, 'servers', { imapPort: 'abc', username: hostile });
    await expect.poll(() => textsOf(card.card).includes(portError), { timeout: 5000 }).toBe(true);
    expect(inputsOf(card.card)).toContainEqual({ id: 'imapPort', value: 'abc', error: portError });
    await anna.submitInline(card, 'servers', { imapPort: '993' });
    await expect.poll(() => actionsOf(card.card), { timeout: 5000 }).toEqual([]);
    expect(inputsOf(card.card)).toEqual([]);
    expect(textsOf(card.card)).toContain(hostile);
    expect(textsOf(card.card)).toContain('SSL/TLS');
  });
});
