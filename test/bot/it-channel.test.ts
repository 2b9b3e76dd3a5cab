import { afterEach, describe, expect, test } from 'vitest';
import de from '../../locales/de/views.json' with { type: 'json' };
import { DeliveryError, type Place } from '../../src/chat/port.ts';
import { anna, omar } from '../conversation/fixtures.ts';
import { bea, carl, createStage } from './cases-stage.ts';
import { logged, until } from './stage.ts';

const platform = 'recording';
const came = { platform, what: 'came', afterMs: 0 } as const;
const back = { platform, what: 'back', afterMs: 0 } as const;
const minute = 60_000;
/** The first words of a text, whatever stands for its values. */
const begins = (text: string): RegExp => new RegExp(`^${text.slice(0, 30).split('{{')[0]}`, 'u');
const failed = begins(de.notice['hand-over-failed']);
const arrived = begins(de.notice['handed-over']);

afterEach(() => {
  logged.length = 0;
});

type Stage = Awaited<ReturnType<typeof createStage>>;
const channel = ({ recorder }: Stage) => recorder.at('it-channel').map(({ message }) => message);
const card = async (stage: Stage) => {
  await until(() => expect(channel(stage).map(({ summary }) => summary)).toContain('Fälle kommen hier an'));
  const found = channel(stage).find(({ summary }) => summary === 'Fälle kommen hier an');
  if (!found) throw new Error('there is no card');
  return found;
};
const refuse = (stage: Stage, code: DeliveryError['code'] = 'not-in-channel') =>
  stage.recorder.refuseIf(({ type }) => (type === 'person' ? null : new DeliveryError(code, 'no')));

describe('given a bot that comes into the IT channel', () => {
  test('then its people read once that cases arrive there, and can send a test case', async () => {
    const stage = await createStage();
    await stage.bot.hearOfChannel(came);
    const { buttons } = await card(stage);
    expect(buttons.map(({ action, label }) => [action, label])).toEqual([['test-case', 'Testfall senden']]);
    await stage.restart();
    await stage.later(30 * minute);
    await stage.idle();
    expect(channel(stage)).toHaveLength(1);
    expect(await stage.bot.health()).toEqual({ 'it-channel': true });
  });

  test('told of twice at once, then they read it once', async () => {
    const stage = await createStage();
    await stage.bot.hearOfChannel({ ...came, afterMs: 200 });
    await stage.bot.hearOfChannel({ ...back, afterMs: 200 });
    await card(stage);
    await stage.idle();
    expect(channel(stage)).toHaveLength(1);
  });

  test('whose process ends before it has told them, then the next one does', async () => {
    const stage = await createStage();
    await stage.bot.hearOfChannel({ ...came, afterMs: 60_000 });
    await stage.restart();
    expect(channel(stage)).toEqual([]);
    await stage.later(2 * minute);
    await stage.restart();
    await card(stage);
  });

  test('which still does not take messages, then nothing is said again and again', async () => {
    const stage = await createStage();
    refuse(stage, 'channel-gone');
    await stage.bot.hearOfChannel(came);
    await until(() => expect(logged.join()).toContain('the IT channel was not told'));
    stage.recorder.refuseIf(() => null);
    await stage.restart();
    await stage.later(30 * minute);
    await stage.restart();
    await stage.idle();
    expect(channel(stage)).toEqual([]);
  });
});

describe.each([
  ['comes into the channel', came],
  ['finds the channel usable again', back],
])('given a case that was kept, when the bot %s', (_, news) => {
  test('then it goes out at once, and she hears of it', async () => {
    const stage = await createStage();
    refuse(stage);
    await stage.check(anna);
    await stage.handOver(anna, 'Bitte bis Freitag');
    await stage.message(anna, failed);
    await stage.idle();
    stage.recorder.refuseIf(() => null);
    await stage.bot.hearOfChannel(news);
    await stage.message(anna, arrived);
    expect(JSON.stringify(channel(stage))).toContain('Bitte bis Freitag');
    // What was planned finds that it is done.
    await stage.later(10 * minute);
    await stage.idle();
    expect(channel(stage).filter(({ summary }) => summary.startsWith('Anna'))).toHaveLength(1);
  });

  test('which still refuses it, then it is kept, and she hears nothing new', async () => {
    const stage = await createStage();
    refuse(stage);
    await stage.check(anna);
    await stage.handOver(anna);
    await stage.message(anna, failed);
    const before = stage.messagesOf(anna).length;
    await stage.bot.hearOfChannel(news);
    await until(() => expect(logged.join()).toContain('kept cases are handed over'));
    await stage.idle();
    expect(stage.messagesOf(anna)).toHaveLength(before);
    stage.recorder.refuseIf(() => null);
    await stage.later(10 * minute);
    await stage.message(anna, arrived);
  });
});

describe('given open cases in a channel that was deleted', () => {
  const inOld = async () => {
    const stage = await createStage();
    await stage.reach(anna, 'Bitte bis Freitag');
    await stage.reach(bea, 'Bei mir auch');
    await stage.idle();
    const old = await stage.root();
    await stage.it(omar).press(old.message, 'claim');
    await until(() => expect(old.message.summary).toContain('Omar Haddad'));
    stage.recorder.moveItChannel();
    return { stage, old };
  };
  const newRoot = async (stage: Stage, old: { ref: { id: string } }) => {
    await until(() =>
      expect(stage.recorder.at('thread').filter(({ place }) => isBelowNew(place, old))).toHaveLength(3),
    );
    const root = stage.recorder
      .at('it-channel')
      .find(({ ref, message }) => ref.id !== old.ref.id && message.summary.startsWith('Anna'));
    if (!root) throw new Error('there is no new root message');
    return root;
  };
  const isBelowNew = (place: Place, old: { ref: { id: string } }): boolean =>
    place.type === 'thread' && place.root.id !== old.ref.id;

  test.each([
    ['the bot comes into another one', (stage: Stage) => stage.bot.hearOfChannel(came)],
    ['it starts with another one set', (stage: Stage) => stage.restart()],
  ])(
    'when %s, then they stand there with their evidence and all who are in them, once',
    async (_, happens) => {
      const { stage, old } = await inOld();
      await happens(stage);
      const root = await newRoot(stage, old);
      await stage.idle();
      expect(root.message.summary).toContain('Anna Vogt und eine weitere Person');
      expect(root.message.summary).toContain('Omar Haddad');
      const below = stage.recorder.at('thread').filter(({ place }) => isBelowNew(place, old));
      expect(below.map(({ message }) => message.summary).toSorted()).toEqual([
        'Bea Lang hat dasselbe Problem und ist jetzt auch dabei.',
        'IMAP: imap.firma.example:993',
        'SMTP: smtp.firma.example:465',
      ]);
      await stage.restart();
      await stage.bot.hearOfChannel(back);
      await stage.idle();
      expect(
        stage.recorder.at('it-channel').filter(({ message }) => message.summary.startsWith('Anna')),
      ).toHaveLength(2);
      await stage.it(omar).press(root.message, 'resolve');
      for (const rep of [anna, bea]) await stage.message(rep, /als erledigt gemeldet/u);
    },
  );

  test('when somebody else has the same problem, then she joins it in the new one', async () => {
    const { stage, old } = await inOld();
    await stage.bot.hearOfChannel(came);
    const root = await newRoot(stage, old);
    await stage.reach(carl, 'Hier ebenso');
    await stage.message(carl, arrived);
    expect(root.message.summary).toContain('Anna Vogt und 2 weitere Personen');
  });

  test('when the question to one of them is open, then her answer arrives in the new one', async () => {
    const { stage, old } = await inOld();
    const form = await stage.it(omar).press(old.message, 'ask-rep');
    await stage.it(omar).submit('ask-rep', form?.context ?? '', { recipient: 'all', question: 'Seit wann?' });
    await stage.message(bea, /Frage an Sie/u);
    await stage.idle();
    await stage.bot.hearOfChannel(came);
    await newRoot(stage, old);
    await stage.idle();
    await stage.rep(bea).say('Seit Montag');
    await stage.message(bea, /Antwort ist bei Ihrer IT angekommen/u);
  });
});

describe('given the card in the IT channel', () => {
  const thread = ({ recorder }: Stage) => recorder.at('thread').map(({ message }) => message);
  const sent = async () => {
    const stage = await createStage();
    await stage.bot.hearOfChannel(came);
    await stage.it(omar).press(await card(stage), 'test-case');
    await until(() => expect(thread(stage)).toHaveLength(2));
    const root = channel(stage)[1];
    if (!root) throw new Error('there is no test case');
    return { stage, root };
  };

  test('then a test case looks like a case, says first and last that it is none, and is nobody’s', async () => {
    const { stage, root } = await sent();
    expect(root.summary).toMatch(/^Testfall: nur ein Beispiel: Erika Muster/u);
    expect(root.blocks[0]).toMatchObject({ type: 'heading', text: 'Testfall: nur ein Beispiel' });
    expect(JSON.stringify(root.blocks.at(-1))).toContain('Räumen Sie ihn mit „Erledigt“ auf');
    const words = JSON.stringify(root.blocks);
    for (const one of ['Das IMAP-Zertifikat ist am', de.root.open, 'erika.muster@example.com'])
      expect(words).toContain(one);
    expect(root.buttons.map(({ action }) => action)).toEqual(['claim', 'resolve']);
    const evidence = thread(stage);
    for (const message of evidence) expect(JSON.stringify(message)).toContain('Gehört zum Testfall');
    expect(JSON.stringify(evidence[0])).toContain('openssl s_client');
    expect(JSON.stringify(evidence[1])).toContain('SMTP: mail.example.com:465');
    // Nobody has it: it is in no list, and no rep was written to.
    expect(stage.recorder.at('person')).toEqual([]);
    for await (const conversation of stage.store.conversations()) expect(conversation).toBeNull();
    expect(await stage.store.nextDue(Date.now())).toBeNull();
  });

  test('then it can be taken, and cleared away', async () => {
    const { stage, root } = await sent();
    await stage.it(omar).press(root, 'claim');
    await until(() =>
      expect(JSON.stringify(channel(stage)[1])).toContain(de.root.claimed.replace('{{name}}', omar.name)),
    );
    const claimed = channel(stage)[1];
    expect(claimed?.buttons.map(({ action }) => action)).toEqual(['resolve']);
    await stage.restart();
    if (claimed) await stage.it(omar).press(claimed, 'resolve');
    await until(() => expect(thread(stage)[1]?.summary).toBe('Gehörte zum Testfall.'));
    expect(channel(stage)[1]).toMatchObject({
      summary: `Testfall, aufgeräumt von ${omar.name}. Es ist nichts zu tun.`,
      buttons: [],
    });
    expect(thread(stage).map(({ summary }) => summary)).toEqual([
      'Gehörte zum Testfall.',
      'Gehörte zum Testfall.',
    ]);
  });

  test('then another one takes its place, so that trying it out fills no channel', async () => {
    const { stage } = await sent();
    await stage.it(omar).press(await card(stage), 'test-case');
    await until(() => expect(thread(stage)).toHaveLength(4));
    expect(channel(stage).map(({ buttons }) => buttons.length)).toEqual([1, 0, 2]);
  });

  test('pressed by somebody outside of the channel, then nothing is sent there', async () => {
    const stage = await createStage();
    await stage.bot.hearOfChannel(came);
    await stage.rep(anna).press(await card(stage), 'test-case');
    await stage.message(anna, begins(de.notice['not-allowed']));
    await stage.idle();
    expect(channel(stage)).toHaveLength(1);
  });
});
