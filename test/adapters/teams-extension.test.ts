/** The message extension, and what is asked in the IT channel itself. */
import { describe, expect, test } from 'vitest';
import { addressForm, everyBlock, said, serversForm } from './script.ts';
import { openTeams } from './teams-rig.ts';
import { inputsOf, textsOf } from './teams-simulator/cards.ts';

describe('the message extension', () => {
  test('opens the form in a dialog, and sends it under its own name', async () => {
    await using rig = await openTeams();
    const anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
    rig.script = {
      command: (incoming) => incoming.openForm(addressForm),
      form: (incoming) =>
        incoming.form === 'address'
          ? incoming.respond({ type: 'form', form: serversForm })
          : incoming.respond({ type: 'close' }),
    };
    const opened = await anna.extends('<p>An <a href="mailto:x">Bea@firma.example</a>,&nbsp;bitte</p>');
    if (opened.type !== 'dialog') throw new Error(`expected a dialog, got ${JSON.stringify(opened)}`);
    expect(rig.received).toMatchObject([{ type: 'command', text: 'Bea@firma.example' }]);
    const next = await anna.submitExtension(opened.card, 'address', { address: 'bea@firma.example' });
    if (next.type !== 'dialog') throw new Error(`expected a dialog, got ${JSON.stringify(next)}`);
    expect(inputsOf(next.card).map(({ id }) => id)).toContain('imapHost');
    expect(await anna.submitExtension(next.card, 'servers', {})).toEqual({ type: 'nothing' });
    expect(rig.received.at(-1)).toMatchObject({ type: 'form', form: 'servers', inItChannel: false });
    expect(rig.teams.faults).toEqual([]);
  });

  test('takes a message that is nothing but signs of markup', async () => {
    await using rig = await openTeams();
    const anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
    rig.script = { command: (incoming) => incoming.openForm(addressForm) };
    expect((await anna.extends('<'.repeat(200_000))).type).toBe('dialog');
    expect(rig.received).toMatchObject([{ type: 'command', text: '' }]);
  });

  test('from the search or compose field has no address', async () => {
    await using rig = await openTeams();
    const anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
    rig.script = { command: (incoming) => incoming.openForm(addressForm) };
    expect((await anna.extends()).type).toBe('dialog');
    expect(rig.received).toMatchObject([{ type: 'command', text: '' }]);
  });

  test('never takes the chat in which it was called for hers: what she is told stays with her', async () => {
    await using rig = await openTeams();
    const anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
    rig.script = { command: (incoming) => incoming.openForm(addressForm) };
    await anna.extends('<p>bea@firma.example</p>');
    await anna.installs();
    const person = { platform: 'teams', id: anna.member.id, name: anna.member.name };
    await rig.adapter.post(
      { type: 'person', person },
      said('Only hers', { type: 'text', text: 'Only hers' }),
    );
    expect(rig.teams.connector.posts.map(({ conversation }) => conversation)).toEqual([anna.member.chat]);
  });

  test('called in the IT channel is hers all the same', async () => {
    await using rig = await openTeams();
    const jonas = rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'de-DE' });
    await jonas.installsInTeam();
    const called = {
      ...jonas.base(),
      conversation: { conversationType: 'channel', isGroup: true, id: '19:it-channel@thread.tacv2' },
      type: 'invoke',
      name: 'composeExtension/fetchTask',
      value: { commandId: 'check-account', commandContext: 'compose' },
    };
    rig.script = { command: (incoming) => incoming.openForm(addressForm) };
    expect((await jonas.deliver(called)).status).toBe(200);
    expect(rig.received.at(-1)).toMatchObject({ type: 'command' });
  });
});

describe('in the IT channel itself', () => {
  test('an answer stands in the thread of the question', async () => {
    await using rig = await openTeams();
    const jonas = rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'de-DE' });
    await jonas.installsInTeam();
    rig.script = { message: (incoming) => incoming.reply?.(everyBlock) };
    await jonas.asksInChannel('queue');
    expect(rig.received.at(-1)).toMatchObject({ type: 'message', text: 'queue' });
    const [answer] = rig.teams.connector.posts;
    expect(answer?.conversation).toMatch(/^19:it-channel@thread\.tacv2;messageid=/u);
    expect(textsOf(answer?.card)).toContain('Verbatim');
    expect(rig.teams.faults).toEqual([]);
  });

  test('somebody who is no member of it gets none', async () => {
    await using rig = await openTeams();
    const jonas = rig.teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'de-DE' });
    const guest = rig.teams.person({ id: '29:guest', name: 'Gerd Gast', locale: 'de-DE', role: 'guest' });
    await jonas.installsInTeam();
    rig.received.length = 0;
    await guest.asksInChannel('queue');
    expect(rig.received).toEqual([]);
    expect(rig.refused).toEqual(['teams: guest']);
    for (const { id, name } of [guest.member, { id: '29:nobody', name: 'Nobody' }])
      expect(await rig.adapter.isOfIt?.({ platform: 'teams', id, name })).toBe(false);
    await jonas.says('hello');
    expect(await rig.adapter.isOfIt?.({ platform: 'teams', id: '29:jonas', name: '' })).toBe(true);
  });
});
