import { describe, expect, test } from 'vitest';
import { allMet, anna, blocked, finding, gone, ines, omar } from '../conversation/fixtures.ts';
import { bea, carl, createStage } from './cases-stage.ts';
import { found, until } from './stage.ts';

const handedOver = /^Der Fall ist bei Ihrer IT angekommen/u;

const together = async () => {
  const stage = await createStage();
  await stage.reach(anna, 'Bitte bis Freitag');
  await stage.reach(bea, 'Bei mir auch');
  await stage.idle();
  return { stage, root: await stage.root() };
};

describe('given a rep whose problem IT has already', () => {
  test('when she hands it over, then she joins the thread with one short message, and the root says how many they are', async () => {
    const { stage, root } = await together();
    expect(stage.recorder.at('it-channel')).toHaveLength(1);
    const inThread = stage.recorder.at('thread');
    expect(inThread.map(({ message }) => message.summary)).toEqual([
      'IMAP: imap.firma.example:993',
      'SMTP: smtp.firma.example:465',
      'Bea Lang hat dasselbe Problem und ist jetzt auch dabei.',
    ]);
    expect(inThread.every(({ place }) => place.type === 'thread' && place.root.id === root.ref.id)).toBe(
      true,
    );
    const joined = JSON.stringify(inThread.at(-1)?.message);
    for (const part of ['Bei mir auch', 'bea@firma.example', 'TLS 1.0']) expect(joined).toContain(part);
    expect(root.message.summary).toContain('Anna Vogt und eine weitere Person');
    expect(JSON.stringify(root.message.blocks)).toContain(
      '2 Personen haben dasselbe Problem: Anna Vogt und Bea Lang',
    );
    expect(root.message.buttons.every(({ value }) => /^[\w-]+\/[\w-]+$/u.test(value))).toBe(true);
  });

  test('then neither of them ever reads of the other', async () => {
    const { stage, root } = await together();
    await stage.it(omar).press(root.message, 'claim');
    const form = await stage.it(omar).press(root.message, 'ask-rep');
    await stage.it(omar).submit('ask-rep', form?.context ?? '', { recipient: 'all', question: 'Seit wann?' });
    await stage.message(bea, /Frage an Sie/u);
    await stage.rep(bea).say('Seit Montag');
    await stage.message(bea, /Antwort ist bei Ihrer IT angekommen/u);
    await stage.idle();
    expect(JSON.stringify(stage.messagesOf(anna))).not.toMatch(/Bea|bea@|weitere Person/u);
    expect(JSON.stringify(stage.messagesOf(bea))).not.toMatch(/Anna|anna@|weitere Person/u);
  });

  test('when IT claims and resolves, then that goes for both, and one may reopen it for herself', async () => {
    const { stage, root } = await together();
    await stage.it(omar).press(root.message, 'claim');
    for (const rep of [anna, bea])
      await stage.message(rep, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    await stage.it(omar).press(root.message, 'resolve');
    for (const rep of [anna, bea]) await stage.message(rep, /als erledigt gemeldet/u);
    await until(() => expect(root.message.summary).toContain('Wir haben alle Betroffenen gebeten'));

    await stage.rep(bea).press(await stage.message(bea, /als erledigt gemeldet/u), 'reopen');
    await stage.message(bea, /^Der Fall ist wieder offen/u);
    await until(() =>
      expect(root.message.summary).toBe(
        'Bea Lang kann ein E-Mail-Konto nicht mit HubSpot verbinden. Offen. Noch hat niemand den Fall übernommen.',
      ),
    );
    await stage.it(omar).press(root.message, 'resolve');
    await stage.idle();
    const told = (rep: typeof anna) =>
      stage.messagesOf(rep).filter(({ summary }) => summary.includes('als erledigt gemeldet')).length;
    expect([told(anna), told(bea)]).toEqual([1, 2]);
  });

  test('when it fails in HubSpot for one of them, then the thread is open for her alone, and says what she sees', async () => {
    const { stage, root } = await together();
    await stage.it(omar).press(root.message, 'resolve');
    await stage.message(anna, /als erledigt gemeldet/u);
    await stage.rep(bea).press(await stage.withButton(bea, 'it-failed'), 'it-failed');
    await stage.rep(bea).press(await stage.withButton(bea, 'said-smtp-settings'), 'said-smtp-settings');
    await until(() =>
      expect(stage.recorder.words('thread')).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^Bea Lang meldet: In HubSpot hat es nicht geklappt/u),
          'Bea Lang sieht in HubSpot: „Falsche SMTP-Einstellungen“',
        ]),
      ),
    );
    await until(() => expect(root.message.summary).toMatch(/^Bea Lang kann ein E-Mail-Konto nicht/u));
    await stage.rep(anna).press(await stage.withButton(anna, 'it-worked'), 'it-worked');
    await until(() =>
      expect(stage.recorder.words('thread')).toContain('Anna Vogt meldet: In HubSpot hat es geklappt.'),
    );
    expect(root.message.summary).toMatch(/^Bea Lang kann/u);
  });

  test('when IT asks one of them, then only she is asked, and it waits for her alone', async () => {
    const { stage, root } = await together();
    const form = await stage.it(omar).press(root.message, 'ask-rep');
    const recipient = form?.fields.find(({ name }) => name === 'recipient');
    expect(recipient).toMatchObject({ type: 'choice', initial: 'all' });
    const options = recipient?.type === 'choice' ? recipient.options : [];
    expect(options.map(({ label }) => label)).toEqual(['An alle', 'Anna Vogt', 'Bea Lang']);
    const picked = options.find(({ label }) => label === 'Bea Lang')?.value ?? '';
    await stage
      .it(omar)
      .submit('ask-rep', form?.context ?? '', { recipient: picked, question: 'Seit wann?' });
    await stage.message(bea, /Frage an Sie/u);
    await until(() => expect(root.message.summary).toContain('Wartet auf eine Antwort von Bea Lang.'));
    expect(stage.messagesOf(anna).some(({ summary }) => summary.includes('Frage an Sie'))).toBe(false);
    await stage.rep(bea).say('Seit Montag');
    await until(() => expect(stage.recorder.words('thread')).toContain('Bea Lang hat geantwortet.'));
    await until(() => expect(root.message.summary).toContain('Offen. Noch hat niemand'));
  });

  test('when a member mentions the bot in the thread, then both are asked, and it waits until both have answered', async () => {
    const { stage, root } = await together();
    await stage.it(ines).say('Welches Programm nutzen Sie?', root.ref);
    for (const rep of [anna, bea]) await stage.message(rep, /Frage an Sie/u);
    await stage.rep(anna).say('Outlook');
    await until(() => expect(root.message.summary).toContain('Wartet auf eine Antwort von Bea Lang.'));
    await stage.rep(bea).press(await stage.withButton(bea, 'withdraw'), 'withdraw');
    await until(() => expect(root.message.summary).toContain('Offen. Noch hat niemand'));
  });

  test('when the first of them withdraws, then the thread stays for the other; the last one closes it', async () => {
    const { stage, root } = await together();
    await stage.rep(anna).press(await stage.withButton(anna, 'withdraw'), 'withdraw');
    await until(() =>
      expect(stage.recorder.words('thread').at(-1)).toBe(
        'Anna Vogt hat den Fall für sich zurückgezogen. Er betrifft weiterhin andere.',
      ),
    );
    await until(() => expect(root.message.summary).toMatch(/^Bea Lang kann ein E-Mail-Konto nicht/u));
    await stage.it(omar).press(root.message, 'claim');
    await stage.message(bea, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    await stage.rep(bea).press(await stage.withButton(bea, 'withdraw'), 'withdraw');
    await until(() =>
      expect(root.message.summary).toContain('Alle Betroffenen haben den Fall zurückgezogen'),
    );
    expect(root.message.buttons).toEqual([]);
    expect(stage.messagesOf(anna).some(({ summary }) => summary.includes('Omar Haddad'))).toBe(false);

    await stage.reach(carl);
    const [, own] = stage.recorder.at('it-channel');
    if (!own) throw new Error('no second root message');
    await stage.it(omar).press(own.message, 'claim');
    await stage.message(carl, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    await until(() => expect(own.message.summary).toContain('Omar Haddad hat den Fall übernommen'));
  });

  test('given a restart between all of this, then nothing is forgotten', async () => {
    const { stage, root } = await together();
    await stage.restart();
    await stage.it(omar).press(root.message, 'claim');
    await stage.restart();
    for (const rep of [anna, bea])
      await stage.message(rep, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    await stage.reach(carl);
    await until(() => expect(root.message.summary).toContain('Anna Vogt und 2 weitere Personen'));
    expect(stage.recorder.at('it-channel')).toHaveLength(1);
    await until(() => expect(JSON.stringify(stage.messagesOf(carl))).toContain('Omar Haddad aus Ihrer IT'));
  });

  test('when the cause is gone, then both are told and each gets a report of her own', async () => {
    const { stage } = await together();
    const account: string[] = [];
    await stage.restart({
      diagnose: async ({ address }, { question }) => {
        if (!question) account.push(address);
        return found(question ? gone : allMet);
      },
    });
    await stage.later(18 * 60_000);
    await stage.later(80_000);
    for (const rep of [anna, bea]) {
      await stage.message(rep, /^Zwei Prüfungen hintereinander/u);
      const report = await stage.message(rep, /^Der Server erfüllt alle Anforderungen/u);
      expect(report.blocks.some(({ type }) => type === 'values')).toBe(true);
    }
    expect(account.sort()).toEqual(['anna@firma.example', 'bea@firma.example']);
    expect(
      stage.recorder.words('thread').filter((text) => text.startsWith('Zwei Prüfungen hintereinander')),
    ).toHaveLength(1);
  });
});

describe('given several who hand over in the same second', () => {
  test('then one thread stands in the IT channel, with all of them in it', async () => {
    const stage = await createStage();
    const reps = [anna, bea, carl];
    for (const rep of reps) await stage.check(rep);
    for (const rep of reps) await stage.withButton(rep, 'escalate');
    await Promise.all(reps.map((rep) => stage.handOver(rep)));
    for (const rep of reps) await stage.message(rep, handedOver);
    await stage.idle();
    expect(stage.recorder.at('it-channel')).toHaveLength(1);
    expect((await stage.root()).message.summary).toMatch(/und 2 weitere Personen/u);
  });
});

describe('given a process that dies in the middle of a hand-over', () => {
  // Each waits for a lease to run out.
  test.concurrent.each(Array.from({ length: 16 }, (_, index) => index + 1))(
    'before its write number %i, then the next one brings her into the thread',
    async (write) => {
      const stage = await createStage();
      await stage.reach(anna);
      await stage.check(bea);
      const form = await stage.rep(bea).press(await stage.withButton(bea, 'escalate'), 'escalate');
      await stage.idle();
      const submit = async () => {
        await stage.rep(bea).submit('escalate', form?.context ?? '', { comment: 'Bei mir auch' });
      };
      await stage.dieBefore(write, submit);
      if (write === 1) await submit();
      await stage.message(bea, handedOver);
      await stage.idle();
      expect(stage.recorder.at('it-channel')).toHaveLength(1);
      expect((await stage.root()).message.summary).toMatch(/^Anna Vogt und eine weitere Person/u);
      await stage.it(omar).press((await stage.root()).message, 'claim');
      await stage.message(bea, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    },
  );
});

describe('given another problem', () => {
  test('then it gets a thread of its own', async () => {
    const refused = finding('imap-port-open', 'refused', { evidence: { address: '192.0.2.9' } });
    const stage = await createStage({
      diagnose: async ({ address }) =>
        found(address.startsWith('anna') ? blocked : { ...blocked, findings: [refused] }),
    });
    await stage.reach(anna);
    await stage.check(bea);
    await stage.handOver(bea);
    await stage.message(bea, handedOver);
    expect(stage.recorder.at('it-channel')).toHaveLength(2);
  });
});
