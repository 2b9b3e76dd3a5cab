/** What people see besides their conversations: IT's queue and pages of their own. */
import { describe, expect, test } from 'vitest';
import type { Person } from '../../src/chat/port.ts';
import type { Message } from '../../src/chat/view.ts';
import { translator } from '../../src/wording/catalogue/catalogue.ts';
import { anna, omar } from '../conversation/fixtures.ts';
import { until } from '../support/until.ts';
import { bea, createStage } from './cases-stage.ts';
import { from } from './stage.ts';

const t = translator('de');

type Stage = Awaited<ReturnType<typeof createStage>>;

const textOf = ({ blocks }: Message): string =>
  blocks
    .flatMap((block) => {
      if (block.type === 'finding') return [block.title, ...block.paragraphs.map(({ text }) => text)];
      return 'text' in block ? [block.text] : [];
    })
    .join('\n');

/** What somebody is answered who writes these words to the bot. */
const asks = async (stage: Stage, person: Person, text: string): Promise<Message> => {
  const answers: Message[] = [];
  const reply = async (message: Message) => void answers.push(message);
  await stage.bot.receive({ ...from(person), type: 'message', text, thread: null, reply });
  expect(answers).toHaveLength(1);
  return answers[0] as Message;
};

describe('IT’s queue', () => {
  test('shows the open cases by age, with cause, owner and who it concerns; and nothing that is settled', async () => {
    const stage = await createStage();
    expect((await asks(stage, omar, 'queue')).summary).toBe('Es gibt keinen offenen Fall.');
    await stage.reach(anna);
    await stage.later(3 * 86_400_000);
    const one = await asks(stage, omar, 'queue');
    expect(one.summary).toBe('Ein offener Fall');
    const text = textOf(one);
    expect(text).toMatch(/TLS 1\.0$/mu);
    expect(text).toContain('Anna Vogt, anna@firma.example: übergeben');
    expect(text).toContain(t('views:root.open'));
    await stage.it(omar).press((await stage.root()).message, 'claim');
    await until(async () =>
      expect(textOf(await asks(stage, omar, 'Warteschlange'))).toContain(
        'Omar Haddad hat den Fall übernommen.',
      ),
    );
    await stage.it(omar).press((await stage.root()).message, 'resolve');
    await until(async () =>
      expect((await asks(stage, omar, 'queue')).summary).toBe('Es gibt keinen offenen Fall.'),
    );
  });

  test('finds a case by host, by domain and by address, also that of a rep who has joined it', async () => {
    const stage = await createStage();
    await stage.reach(anna);
    await stage.reach(bea);
    for (const query of [
      'imap.firma.example',
      'SMTP.firma.example:465',
      'firma.example',
      'anna@firma.example',
      'Bea@Firma.example',
    ]) {
      const found = await asks(stage, omar, `queue ${query}`);
      expect(found.summary, query).toBe(`Ein offener Fall zu ${query}`);
      expect(textOf(found), query).toContain('Anna Vogt und Bea Lang');
    }
    for (const query of ['irma.example', 'map.firma.example', 'carl@firma.example'])
      expect((await asks(stage, omar, `queue ${query}`)).summary).toBe(
        `Zu ${query} gibt es keinen offenen Fall.`,
      );
  });

  test('shows others nothing, not even that there is something, and tells them kindly', async () => {
    const stage = await createStage();
    await stage.reach(anna);
    for (const text of ['queue', 'queue firma.example', 'queue anna@firma.example']) {
      const refused = await asks(stage, bea, text);
      expect(refused.summary).toBe(t('home:not-it'));
      expect(JSON.stringify(refused)).not.toMatch(/Anna|TLS|firma/u);
    }
  });

  test('given a platform that does not say who is of IT, then nobody sees anything', async () => {
    const stage = await createStage();
    await stage.reach(anna);
    stage.recorder.adapter.isOfIt = () => Promise.reject(new Error('not now'));
    await stage.restart();
    const refused = await asks(stage, omar, 'queue');
    expect(refused.summary).toBe(t('home:unknown'));
  });

  test('given somebody who asks without end, then she reads when it goes on', async () => {
    const stage = await createStage();
    for (let count = 0; count < 20; count += 1) await asks(stage, omar, 'queue');
    expect((await asks(stage, omar, 'queue')).summary).toMatch(/^Das waren sehr viele Anfragen/u);
  });

  test('is named in the help of IT, and in nobody else’s', async () => {
    const stage = await createStage();
    await stage.rep(omar).say('Hilfe');
    expect(textOf(await stage.message(omar, /^So geht es/u))).toContain('„queue HOST“');
    await stage.rep(bea).say('Hilfe');
    expect(textOf(await stage.message(bea, /^So geht es/u))).not.toContain('queue');
  });
});

describe('a page of her own', () => {
  /** Everything that her page has shown, the newest last. */
  const opened = async (stage: Stage, person: Person): Promise<Message[]> => {
    const shown: Message[] = [];
    await stage.bot.receive({
      ...from(person),
      type: 'home',
      show: async (message) => void shown.push(message),
    });
    await until(() => expect(shown.length).toBeGreaterThan(0));
    return shown;
  };

  test('of somebody new offers the beginning, and its button opens the form', async () => {
    const stage = await createStage();
    const [page] = await opened(stage, bea);
    expect(page && textOf(page)).toContain('Noch ist nichts geprüft.');
    expect(page?.buttons.map(({ action }) => action)).toEqual(['start']);
    const form = page && (await stage.rep(bea).press(page, 'start'));
    expect(form?.name).toBe('address');
  });

  test('has her mailboxes and cases, and nobody else’s', async () => {
    const stage = await createStage();
    await stage.reach(anna);
    const [page] = await opened(stage, anna);
    const text = page ? textOf(page) : '';
    expect(text).toContain('anna@firma.example');
    expect(text).toContain('So lässt sich das Konto nicht verbinden');
    expect(text).toContain('Letzte Prüfung: heute');
    expect(text).toContain(`anna@firma.example: ${t('views:case.open')}`);
    expect(text).not.toContain('offener Fall');
    expect(page?.buttons.map(({ action }) => action)).toEqual(['start', 'check-again', 'edit']);
    const [others] = await opened(stage, bea);
    expect(JSON.stringify(others)).not.toMatch(/anna/iu);
  });

  test('of a member of IT has the queue too, and is drawn again when that changes', async () => {
    const stage = await createStage();
    const shown = await opened(stage, omar);
    expect(textOf(shown[0] as Message)).toContain('Es gibt keinen offenen Fall.');
    await stage.reach(anna);
    await until(() => expect(textOf(shown.at(-1) as Message)).toContain('Ein offener Fall'));
    // What others do is worth a new page now and then, not each time.
    expect(shown.length).toBeLessThanOrEqual(3);
  });
});
