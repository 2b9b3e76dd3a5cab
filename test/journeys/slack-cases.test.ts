/** One cause, several people: what IT and each of the reps see in Slack while it stands, and when it is mended. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import de from '../../locales/de/views.json' with { type: 'json' };
import en from '../../locales/en/views.json' with { type: 'json' };
import type { Name, SeenMessage } from '../adapters/slack-world.ts';
import { type Certificate, type Postfix, scope, startDovecot, startPostfix } from '../mail-servers/index.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { openStage, type Stage } from './slack-stage.ts';

const servers = scope();
let certificate: Certificate;
let postfix: Postfix;
let caFile: string;
beforeAll(async () => {
  const authority = await servers.authority();
  certificate = await authority.issue();
  caFile = authority.caFile;
  postfix = await servers.start(startPostfix({ certificate }));
});
afterAll(() => servers.stop());

const languages = [
  {
    locale: 'de',
    views: de,

    blocked: 'So lässt sich das Konto nicht',
    ready: 'Der Server erfüllt',
  },
  {
    locale: 'en',
    views: en,

    blocked: "The account can't be",
    ready: 'The server meets all',
  },
] as const;

sideBySide(languages, 'in $locale, given an IMAP server that speaks only TLS 1.0', (language) => {
  const { locale, views, blocked, ready } = language;
  const tag = locale === 'de' ? 'de-DE' : 'en-US';
  let stage: Stage;
  let port: number;
  let mend: () => Promise<void>;
  beforeEach(async () => {
    const old = await servers.start(startDovecot({ certificate, versions: ['TLSv1'] }));
    port = old.imapsPort;
    mend = async () => {
      await old.stop();
      await servers.start(startDovecot({ certificate, imapsPort: port }));
    };
    const env = { CHECK_CA_FILE: caFile, IT_LOCALE: locale, WATCH_INTERVAL: '4' };
    stage = await openStage({ env, locales: { anna: tag, paul: tag } });
  });
  afterEach(() => stage.close());

  const sees = async (name: Name, words: string): Promise<SeenMessage> => {
    const found = async () => (await stage.world.seenBy(name)).findLast(({ text }) => text.includes(words));
    await until(async () => expect(await found()).toBeDefined());
    return (await found()) as SeenMessage;
  };
  const actionsOf = ({ buttons }: SeenMessage) => buttons.map(({ action }) => action);

  const handOver = async (name: Name, comment: string): Promise<void> => {
    const person = stage.person[name];
    const address = await (await person.command()).modal();
    const next = await address?.submit({ address: `${name}@example.test` });
    if (next?.type !== 'next') throw new Error('expected the form for the servers');
    const account = {
      imapHost: '127.0.0.1',
      imapPort: String(port),
      imapEncryption: 'tls',
      smtpHost: '127.0.0.1',
      smtpPort: String(postfix.smtpsPort),
      smtpEncryption: 'tls',
    };
    expect(await next.modal.submit(account)).toEqual({ type: 'closed' });
    const report = await sees(name, blocked);
    const form = await (await person.press(report, 'escalate')).modal();
    expect(await form?.submit({ comment })).toEqual({ type: 'closed' });
    await sees(name, views.notice['handed-over']);
  };

  test('two reps share one thread and never learn of each other; mended, both are told, and IT closes it', async () => {
    const { jonas, paul } = stage.person;
    await handOver('anna', 'Annas Kommentar');
    const root = await stage.itSees(views.root.open);
    expect(actionsOf(root)).toEqual(['claim', 'check-again', 'ask-rep', 'resolve']);
    expect(root.text).toContain(views.root.watched);
    await handOver('paul', 'Pauls Kommentar');
    await stage.threadSees(root, views.thread.joined.replace('{{name}}', 'Paul Gast'));
    expect((await stage.itSees('Anna Beck')).text).toContain('Paul Gast');
    expect(await stage.world.seenByIt()).toHaveLength(1);

    const form = await (await jonas.press(root, 'ask-rep', 'it')).modal();
    expect(Object.keys(form?.fields ?? {})).toEqual(['recipient', 'question']);
    const ofPaul = /"text":"Paul Gast"[^}]*\},"value":"([^"]*)"/u.exec(form?.words ?? '')?.[1];
    const names = [...(form?.words ?? '').matchAll(/"text":"(Anna Beck|Paul Gast)"/gu)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(['Anna Beck', 'Paul Gast']);
    expect(await form?.submit({ recipient: ofPaul ?? '', question: 'Nur an Paul?' })).toEqual({
      type: 'closed',
    });
    await sees('paul', 'Nur an Paul?');
    await paul.say('Nur von Paul.');
    await stage.threadSees(root, 'Nur von Paul.');
    await jonas.mention('An alle.', root.ts);
    await Promise.all([sees('anna', 'An alle.'), sees('paul', 'An alle.')]);

    await mend();
    for (const name of ['anna', 'paul'] as const) {
      await sees(name, views.notice.gone);
      await sees(name, ready);
    }
    await stage.threadSees(root, views.thread.gone);
    const mended = await stage.itSees(views.root.gone);
    await jonas.press(mended, 'resolve', 'it');
    for (const name of ['anna', 'paul'] as const)
      await sees(name, views.notice.resolved.replace('{{name}}', 'Jonas Kern').slice(0, 40));
    await until(async () => expect(actionsOf(await stage.itSees('Anna Beck'))).toEqual(['reopen']));
    await jonas.mention('Noch ein Hinweis.', root.ts);
    await stage.threadSees(root, views.thread['said-after-resolved'].replace('{{name}}', 'Jonas Kern'));
    expect(await stage.world.seenByIt()).toHaveLength(1);

    const toAnna = JSON.stringify(await stage.world.seenBy('anna'));
    const toPaul = JSON.stringify(await stage.world.seenBy('paul'));
    for (const [text, words] of [
      [toAnna, ['Paul', 'paul@example.test', 'Nur an', 'Noch ein']],
      [toPaul, ['Anna', 'anna@example.test']],
    ] as const)
      for (const word of words) expect(text).not.toContain(word);
  });
});
