import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeliveryError, type Incoming, type OpenForm } from '../../src/chat/port.ts';
import { addressForm, button, everyBlock, hostile, said, serversForm, withButtons } from './script.ts';
import { type Fault, refusal } from './slack-door.ts';
import { createPerson, type SlackPerson } from './slack-person.ts';
import { openSlack, type SlackRig } from './slack-rig.ts';
import { overHttp } from './slack-transport.ts';
import { openSlackWorld, type SlackWorld } from './slack-world.ts';

let world: SlackWorld;
let slack: SlackRig;
let anna: SlackPerson;
let jonas: SlackPerson;
let paul: SlackPerson;
beforeEach(async () => {
  world = await openSlackWorld({ anna: 'en-GB' });
  slack = await openSlack(world);
  const botUrl = () => slack.web.url;
  [anna, jonas, paul] = (['anna', 'jonas', 'paul'] as const).map((name) =>
    createPerson({ world, transport: overHttp(botUrl), name }),
  ) as [SlackPerson, SlackPerson, SlackPerson];
});
afterEach(async () => {
  await slack[Symbol.asyncDispose]();
  await world.close();
  expect(world.door.problems).toEqual([]);
});

const received = (type: Incoming['type']) => slack.received.filter((one) => one.type === type);
const toIt = () =>
  slack.adapter.post(
    { type: 'it-channel' },
    withButtons(
      said('case', { type: 'text', text: 'case' }),
      button('claim', 'Claim'),
      button('ask-rep', 'Ask'),
    ),
  );
const root = async () => {
  const ref = await toIt();
  const message = (await world.seenByIt()).find(({ ts }) => ref.id.endsWith(ts));
  if (!message) throw new Error('the message is not there');
  return message;
};

describe('a command', () => {
  test('is acknowledged before anything is done with it', async () => {
    slack.handle = () => new Promise((resolve) => setTimeout(resolve, 1500));
    const { reply } = await anna.command();
    expect(reply.status).toBe(200);
    expect(reply.ms).toBeLessThan(1000);
  });

  test('hands on what Slack makes of an address as she typed it', async () => {
    await anna.command('<mailto:anna@firma.de|anna@firma.de>');
    await expect.poll(() => received('command')).toMatchObject([{ text: 'anna@firma.de' }]);
  });

  test('comes with what is known, and the profile follows', async () => {
    await anna.command();
    await expect.poll(() => slack.received).toHaveLength(1);
    const [first] = slack.received;
    expect(first).toMatchObject({ platformLocale: null, profileAddress: null });
    const profile = {
      name: 'Anna Beck',
      locale: 'en-GB',
      address: 'rep@example.test',
      timeZone: 'Europe/Vienna',
    };
    expect(await first?.later).toEqual(profile);
    await anna.command();
    await expect.poll(() => slack.received).toHaveLength(2);
    expect(slack.received[1]).toMatchObject({
      person: { name: 'Anna Beck' },
      platformLocale: 'en-GB',
      profileAddress: 'rep@example.test',
      later: null,
    });
  });

  test('that could not be kept is told to her in private', async () => {
    slack.handle = async () => {
      throw new Error('the store is gone');
    };
    expect((await anna.command()).reply.status).toBe(200);
    await expect.poll(() => anna.whispers()).toEqual([expect.stringContaining('nicht geklappt')]);
  });
});

describe('a form that stands open', () => {
  test('is replaced with what comes later, until she has sent it', async () => {
    const opened: (OpenForm | null)[] = [];
    slack.handle = async (incoming) => {
      if (incoming.type === 'command') opened.push(await incoming.openForm(addressForm));
      if (incoming.type === 'form') incoming.respond({ type: 'form', form: serversForm });
    };
    const modal = await (await anna.command()).modal();
    await expect.poll(() => opened).toHaveLength(1);
    const [open] = opened;
    if (!open) throw new Error('the form cannot be changed');
    const later = addressForm.fields.map((field) => ({ ...field, version: 1 }));
    await open.update({ ...addressForm, title: 'Later', fields: later });
    const updates = () => world.door.calls.filter(({ method }) => method === 'views.update');
    expect(updates()).toMatchObject([{ answer: { ok: true }, body: { view: { title: { text: 'Later' } } } }]);
    expect(JSON.stringify(updates()[0]?.body.view)).toContain('"address:1"');
    expect(await modal?.submit({ address: 'x@y.test' })).toMatchObject({ type: 'next' });
    await open.update({ ...addressForm, title: 'Too late' });
    expect(updates()).toHaveLength(1);
  });

  test('goes on with the next one, which can be replaced too', async () => {
    slack.handle = async (incoming) => {
      if (incoming.type === 'command') await incoming.openForm(addressForm);
      if (incoming.type === 'form')
        await incoming
          .respond({ type: 'form', form: serversForm })
          ?.update({ ...serversForm, title: 'Proposal' });
    };
    const modal = await (await anna.command()).modal();
    expect(await modal?.submit({ address: 'x@y.test' })).toMatchObject({
      type: 'next',
      modal: { form: 'servers' },
    });
    await expect
      .poll(() => world.door.calls.findLast(({ method }) => method === 'views.update')?.body.view)
      .toMatchObject({ title: { text: 'Proposal' } });
  });

  test('that cannot be taken keeps what was typed and says so, within three seconds', async () => {
    slack.handle = async (incoming) => {
      if (incoming.type === 'command') await incoming.openForm({ ...addressForm, locale: 'en' });
      else await new Promise((resolve) => setTimeout(resolve, 3500));
    };
    const modal = await (await anna.command()).modal();
    const start = performance.now();
    const answer = await modal?.submit({ address: 'x@y.test' });
    expect(performance.now() - start).toBeLessThan(2900);
    expect(answer).toEqual({ type: 'errors', errors: { address: expect.stringContaining('still here') } });
  });
});

describe('the IT channel', () => {
  test('takes clicks of its members only, and tells others why not', async () => {
    await paul.press(await root(), 'claim', 'it');
    await expect.poll(() => paul.whispers()).toEqual([expect.stringContaining('Mitglieder dieses Kanals')]);
    expect(slack.received).toEqual([]);
    await world.asMember('paul', 'conversations.join', { channel: world.itChannel });
    await paul.press(await root(), 'claim', 'it');
    await expect
      .poll(() => received('button'))
      .toMatchObject([{ person: { name: 'Paul Gast' }, inItChannel: true }]);
  });

  test('does nothing while Slack does not say who its members are', async () => {
    world.door.failIf((method) => (method === 'conversations.members' ? { status: 500 } : null));
    await jonas.press(await root(), 'claim', 'it');
    await expect
      .poll(() => jonas.whispers())
      .toEqual([expect.stringContaining('konnten gerade nicht feststellen')]);
    expect(slack.received).toEqual([]);
  });

  test('takes a form that was opened in it as one of IT', async () => {
    slack.handle = async (incoming) => {
      if (incoming.type === 'button') await incoming.openForm({ ...addressForm, name: 'ask-rep' });
      if (incoming.type === 'form') incoming.respond({ type: 'close' });
    };
    const modal = await (await jonas.press(await root(), 'ask-rep', 'it')).modal();
    expect(await modal?.submit({})).toEqual({ type: 'closed' });
    expect(received('form')).toMatchObject([
      { form: 'ask-rep', inItChannel: true, person: { name: 'Jonas Kern' } },
    ]);
  });

  test('hands on replies in a thread that mention the bot, without its name', async () => {
    const ref = await toIt();
    await jonas.mention(hostile, ref.id.split(':')[1]);
    await expect
      .poll(() => received('message'))
      .toMatchObject([{ text: hostile, thread: ref, person: { name: 'Jonas Kern' } }]);
  });

  test('answers a mention outside of any case in private', async () => {
    slack.isKnown = false;
    await jonas.mention('hello');
    await expect
      .poll(() => world.door.calls.filter(({ method }) => method === 'chat.postEphemeral'))
      .toMatchObject([{ body: { user: jonas.id, channel: world.itChannel }, answer: { ok: true } }]);
    expect(received('message')).toMatchObject([{ text: 'hello', thread: { platform: 'slack' } }]);
  });

  test('answers what is asked of it there in private, with all its blocks', async () => {
    slack.handle = async (incoming) => {
      if (incoming.type === 'message') await incoming.reply?.(everyBlock);
    };
    await jonas.mention('queue');
    await expect
      .poll(() => world.door.calls.filter(({ method }) => method === 'chat.postEphemeral'))
      .toMatchObject([
        { body: { user: jonas.id, channel: world.itChannel, text: 'Every block' }, answer: { ok: true } },
      ]);
    expect(await world.seenByIt()).toEqual([]);
  });

  test('lets nobody ask there who is no member', async () => {
    await paul.mention('queue');
    await expect
      .poll(() => world.door.calls.filter(({ method }) => method === 'chat.postEphemeral').length)
      .toBe(1);
    expect(slack.received).toEqual([]);
    expect(slack.refused).toEqual(['slack not-a-member']);
  });
});

describe('a message that Slack refuses', () => {
  const deliver = async (fault: Fault): Promise<DeliveryError> => {
    world.door.failIf((method) => (method === 'chat.postMessage' ? fault : null));
    const error = await toIt().catch((thrown: unknown) => thrown);
    if (!(error instanceof DeliveryError)) throw new Error(`expected a DeliveryError, got ${String(error)}`);
    return error;
  };

  test.each<[string, Fault, string]>([
    ['for haste', { status: 429, headers: { 'Retry-After': '7' } }, 'temporary'],
    ['for a fault of its own', { status: 503 }, 'temporary'],
    ['with internal_error', refusal('internal_error'), 'temporary'],
    ['with a token that is no more', refusal('token_revoked'), 'temporary'],
    ['with not_in_channel', refusal('not_in_channel'), 'not-in-channel'],
    ['with channel_not_found', refusal('channel_not_found'), 'channel-gone'],
    ['with is_archived', refusal('is_archived'), 'channel-gone'],
    ['with invalid_blocks', refusal('invalid_blocks'), 'rejected'],
  ])('%s says whether another try can help', async (_, fault, code) => {
    expect((await deliver(fault)).code).toBe(code);
  });

  test('for haste is not tried before the time that Slack asked for', async () => {
    expect((await deliver({ status: 429, headers: { 'Retry-After': '7' } })).retryAfterMs).toBe(7000);
    world.door.failIf(() => null);
    const second = await toIt().catch((thrown: unknown) => thrown);
    expect(second).toMatchObject({ code: 'throttled' });
    expect(world.door.calls.filter(({ method }) => method === 'chat.postMessage')).toEqual([]);
  });
});
