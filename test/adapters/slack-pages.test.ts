/** Slack's other ways to the bot: its page, and its shortcuts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderHome } from '../../src/adapters/slack/render/render.ts';
import type { Incoming } from '../../src/chat/port.ts';
import { addressForm, button, everyBlock, said, withButtons } from './script.ts';
import { homeProblems } from './slack-payloads.ts';
import { createPerson, type SlackPerson } from './slack-person.ts';
import { openSlack, type SlackRig } from './slack-rig.ts';
import { overHttp } from './slack-transport.ts';
import { openSlackWorld, type SlackWorld } from './slack-world.ts';

let world: SlackWorld;
let slack: SlackRig;
let anna: SlackPerson;
beforeEach(async () => {
  world = await openSlackWorld();
  slack = await openSlack(world);
  anna = createPerson({ world, transport: overHttp(() => slack.web.url), name: 'anna' });
});
afterEach(async () => {
  await slack[Symbol.asyncDispose]();
  await world.close();
  expect(world.door.problems).toEqual([]);
});

const opening = async (incoming: Incoming): Promise<void> => {
  if ('openForm' in incoming) await incoming.openForm(addressForm);
};

describe('a shortcut', () => {
  test('from the search field opens the form and says nothing anywhere', async () => {
    slack.handle = opening;
    const { reply, modal } = await anna.shortcut();
    expect(reply.status).toBe(200);
    expect((await modal())?.form).toBe('address');
    expect(slack.received).toMatchObject([{ type: 'command', text: '', person: { id: anna.id } }]);
    expect(anna.whispers()).toEqual([]);
  });

  test('at a message, in a thread too, brings the address as Slack has marked it up', async () => {
    slack.handle = opening;
    const text = '<@U1> fragt für <mailto:bea@firma.example|bea@firma.example>, danke';
    const { modal } = await anna.shortcut({ text, thread: '1700000000.000001' });
    expect((await modal())?.form).toBe('address');
    expect(slack.received).toMatchObject([{ type: 'command', text: 'bea@firma.example' }]);
  });

  test('at a message without an address opens the empty form', async () => {
    slack.handle = opening;
    const { modal } = await anna.shortcut({ text: 'forget me' });
    expect((await modal())?.form).toBe('address');
    expect(slack.received).toMatchObject([{ type: 'command', text: '' }]);
  });

  test.each([null, { text: 'x' }])('whose form does not open tells her so (%j)', async (message) => {
    world.door.failIf((method) => (method === 'views.open' ? { status: 500 } : null));
    slack.handle = (incoming) => opening(incoming).catch(() => {});
    await anna.shortcut(message);
    const told = () => [
      ...anna.whispers(),
      ...world.door.calls
        .filter(({ method }) => method === 'chat.postEphemeral')
        .map(({ body }) => String(body.text)),
    ];
    await expect.poll(told).toEqual([expect.stringContaining('nicht öffnen')]);
  });
});

describe('the page of the bot', () => {
  const showing = async (incoming: Incoming): Promise<void> => {
    if (incoming.type === 'home') await incoming.show(withButtons(everyBlock, button('start', 'Start')));
    await opening(incoming);
  };

  test('has buttons, whose clicks come with their ids and open forms', async () => {
    slack.handle = showing;
    expect((await anna.opensHome()).status).toBe(200);
    const page = world.pageOf('anna');
    if (!page) throw new Error('no page');
    const { reply, modal } = await anna.pressOnPage(page, 'start');
    expect(reply.status).toBe(200);
    expect((await modal())?.form).toBe('address');
    expect(slack.received.at(-1)).toMatchObject({
      type: 'button',
      action: 'start',
      value: 'conversation/check',
      inItChannel: false,
    });
  });

  test('whose form does not open tells her so in her direct messages', async () => {
    slack.handle = (incoming) => showing(incoming).catch(() => {});
    await anna.opensHome();
    const page = world.pageOf('anna');
    if (!page) throw new Error('no page');
    world.door.failIf((method) => (method === 'views.open' ? { status: 500 } : null));
    await anna.pressOnPage(page, 'start');
    await expect
      .poll(() => world.door.calls.filter(({ method }) => method === 'chat.postEphemeral'))
      .toMatchObject([{ body: { user: anna.id, channel: await world.directMessages('anna') } }]);
  });

  test('that cannot be made costs nobody anything: Slack asks again when she looks again', async () => {
    world.door.failIf((method) => (method === 'views.publish' ? { status: 503 } : null));
    slack.handle = (incoming) => showing(incoming).catch(() => {});
    expect((await anna.opensHome()).status).toBe(200);
    world.door.failIf(() => null);
    await anna.opensHome();
    expect(world.pageOf('anna')).not.toBeNull();
  });

  test('of the longest queue stays within what Slack takes', () => {
    const row = {
      type: 'finding' as const,
      tone: 'open' as const,
      title: 'ä'.repeat(300),
      paragraphs: [{ label: null, text: '„'.repeat(2000) }],
    };
    const long = said('Long', ...Array.from({ length: 120 }, () => row));
    const view = renderHome(withButtons(long, button('start', 'Start')), 'Hier fehlt etwas.');
    expect(homeProblems(view)).toEqual([]);
    expect(JSON.stringify(view.blocks.at(-1))).toContain('Hier fehlt etwas.');
  });
});
