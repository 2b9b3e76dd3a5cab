import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DeliveryError } from '../../src/chat/port.ts';
import { allMet, anna, ines, omar } from '../conversation/fixtures.ts';
import {
  createRecorder,
  doing,
  found,
  handOver,
  openStore,
  report,
  reports,
  startBot,
  startCheck,
  until,
} from './stage.ts';

describe('delivery', () => {
  test('given a platform that is down for a moment, then the report arrives a little later, once and in order', async () => {
    const recorder = createRecorder();
    let refusals = 2;
    recorder.refuseIf((_place, message) => {
      if (!message.summary.startsWith('So lässt sich') || refusals === 0) return null;
      refusals -= 1;
      return new DeliveryError('temporary', 'try later');
    });
    const bot = startBot(await openStore(), recorder);
    await startCheck(bot);
    await report(recorder);
    await sleep(100);
    expect(reports(recorder)).toHaveLength(1);
    expect(refusals).toBe(0);
  });

  test('given the bot is not in the IT channel, then she is told that it did not arrive, and a second try succeeds', async () => {
    const recorder = createRecorder();
    recorder.refuseIf(({ type }) =>
      type === 'it-channel' ? new DeliveryError('not-in-channel', 'not invited') : null,
    );
    const bot = startBot(await openStore(), recorder);
    await startCheck(bot);
    await handOver(bot, recorder, 'Bitte bis Freitag');
    await until(() => expect(recorder.words('person').at(-1)).toMatch(/^Der Fall ist nicht angekommen/u));
    expect(recorder.words('person').join()).not.toContain('Der Fall ist bei Ihrer IT angekommen');

    recorder.refuseIf(() => null);
    const failed = recorder.at('person').at(-1)?.message;
    const rep = doing(bot, anna);
    const form = failed && (await rep.press(failed, 'escalate'));
    expect(form?.fields[0]).toMatchObject({ name: 'comment', initial: 'Bitte bis Freitag' });
    await rep.submit('escalate', form?.context ?? '', { comment: 'Bitte bis Freitag' });
    await until(() =>
      expect(recorder.words('person').at(-1)).toMatch(/^Der Fall ist bei Ihrer IT angekommen/u),
    );
    expect(recorder.at('it-channel')).toHaveLength(1);
  });

  test('given an IT channel that stays unreachable, then trying ends and she is told', async () => {
    const recorder = createRecorder();
    recorder.refuseIf(({ type }) => (type === 'it-channel' ? new DeliveryError('temporary', 'later') : null));
    const bot = startBot(await openStore(), recorder);
    await startCheck(bot);
    await handOver(bot, recorder);
    await until(() => expect(recorder.words('person').at(-1)).toMatch(/^Der Fall ist nicht angekommen/u));
  });
});

describe('the IT channel', () => {
  const inChannel = async () => {
    const recorder = createRecorder();
    const store = await openStore();
    const bot = startBot(store, recorder);
    await startCheck(bot);
    await handOver(bot, recorder, '<!channel> [x](http://e.test)');
    await until(() => expect(recorder.at('thread')).toHaveLength(2));
    const root = recorder.at('it-channel')[0];
    if (!root) throw new Error('no message in the IT channel');
    return { recorder, bot, root, store };
  };

  test('when a case arrives, then one message stands there with the titles, and the evidence in its thread', async () => {
    const { recorder, root } = await inChannel();
    expect(JSON.stringify(root.message.blocks)).toContain('Anna Vogt');
    expect(root.message.blocks).toContainEqual({
      type: 'quote',
      by: 'Anna Vogt',
      text: '<!channel> [x](http://e.test)',
    });
    expect(recorder.words('thread')).toEqual([
      'IMAP: imap.firma.example:993',
      'SMTP: smtp.firma.example:465',
    ]);
    expect(
      recorder.at('thread').every(({ place }) => place.type === 'thread' && place.root.id === root.ref.id),
    ).toBe(true);
  });

  test('given 10,000 characters, then the sentence stands under the comment and the text is kept', async () => {
    const recorder = createRecorder();
    const store = await openStore();
    const bot = startBot(store, recorder);
    await startCheck(bot);
    const rep = doing(bot, anna);
    const form = await rep.press((await report(recorder)).message, 'escalate');
    const comment = '<!channel> '.repeat(1000).slice(0, 10_000);
    expect(await rep.submit('escalate', form?.context ?? '', { comment })).toEqual({
      type: 'errors',
      errors: { comment: 'Der Text ist 10000 Zeichen lang. Möglich sind 3000. Bitte kürzen Sie ihn.' },
    });
    expect((await store.latestOf(anna))?.conversation.draft.comment).toBe(comment);
  });

  test('given two members who claim at once, then one has it, the other learns who, and the rep hears it', async () => {
    const { recorder, bot, root } = await inChannel();
    await Promise.all([
      doing(bot, omar, true).press(root.message, 'claim'),
      doing(bot, ines, true).press(root.message, 'claim'),
    ]);
    await until(() => expect(recorder.at('thread')).toHaveLength(3));
    expect(recorder.words('thread').at(-1)).toBe('Ines Kraft, Omar Haddad hat diesen Fall schon übernommen.');
    await until(() => expect(root.message.summary).toContain('Omar Haddad hat den Fall übernommen.'));
    expect(root.message.buttons.map(({ action }) => action)).toEqual(['check-again', 'ask-rep', 'resolve']);
    const { message } = await report(recorder);
    await until(() =>
      expect(JSON.stringify(reports(recorder).at(-1)?.message)).toContain('Omar Haddad aus Ihrer IT'),
    );
    expect(message.buttons.map(({ action }) => action)).toContain('withdraw');
  });

  test('when IT asks, then the rep reads it and her next message stands in the thread', async () => {
    const { recorder, bot, root } = await inChannel();
    const it = doing(bot, omar, true);
    const form = await it.press(root.message, 'ask-rep');
    expect(form?.title).toBe('Rückfrage stellen');
    await it.submit('ask-rep', form?.context ?? '', { question: 'Seit wann?' });
    await until(() => expect(recorder.words('person').at(-1)).toBe('Ihre IT hat eine Frage an Sie.'));
    await doing(bot, anna).say('Seit Montag');
    await until(() => expect(recorder.words('thread').at(-1)).toBe('Anna Vogt hat geantwortet.'));
    await until(() =>
      expect(recorder.words('person').at(-1)).toBe('Ihre Antwort ist bei Ihrer IT angekommen.'),
    );
  });

  test('when a member mentions the bot in the thread, then the rep reads it, after a restart too', async () => {
    const { recorder, bot, root, store } = await inChannel();
    await bot.stop();
    const next = startBot(store, recorder);
    await doing(next, ines).say('Welches Programm nutzen Sie?', root.ref);
    await until(() => expect(recorder.words('person').at(-1)).toBe('Ihre IT hat eine Frage an Sie.'));
  });

  test('when IT checks again and all is met, then thread, root and rep are told', async () => {
    const { recorder, bot, root, store } = await inChannel();
    await bot.stop();
    const next = startBot(store, recorder, { diagnose: async () => found(allMet) });
    await doing(next, omar, true).press(root.message, 'check-again');
    await until(() =>
      expect(recorder.words('thread').at(-1)).toBe('Erneut geprüft. Neueste Prüfung: Alles ist in Ordnung.'),
    );
    await until(() => expect(JSON.stringify(root.message)).toContain('Bei der neuesten Prüfung in Ordnung.'));
    expect((await report(recorder)).message.summary).toBe(
      'Der Server erfüllt alle Anforderungen. Ihre Anmeldung haben wir noch nicht geprüft.',
    );
  });
});
