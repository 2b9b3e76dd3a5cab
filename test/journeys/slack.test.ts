import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scope } from '../mail-servers/index.ts';
import { isTooDense } from '../support/pace.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { askForCheck, handOver, openStage, type Stage } from './slack-stage.ts';
import { variants } from './words.ts';

const servers = scope();
let host: MailHost;
beforeAll(async () => {
  host = await startMailHost(servers);
});
afterAll(() => servers.stop());

const markup = '<!channel> <@U1> *fett* _kursiv_ `code` ~weg~ &amp; <https://e.test|hier>';
const tags = { de: 'de-DE', en: 'en-GB' } as const;

describe.each(variants)(
  'in $language, given an IMAP server that speaks only TLS 1.0',
  ({ language, words }) => {
    const locale = language === 'en' ? 'en' : 'de';
    let stage: Stage;
    beforeEach(async () => {
      // The person's own language comes from Slack, not from the setting.
      const env = { CHECK_CA_FILE: host.caFile, DEFAULT_LOCALE: 'de', IT_LOCALE: locale };
      stage = await openStage({ env, locales: { anna: tags[locale], jonas: 'en-US' } });
    });
    afterEach(() => stage.close());

    const sayLanguage = async (): Promise<void> => {
      await stage.person.anna.command(`language ${locale}`);
      await stage.repSees(locale === 'de' ? 'Ab jetzt schreiben wir Deutsch.' : 'From now on');
    };

    test('words that open no form are answered in private, and forms open over the channel of the command', async () => {
      const { anna } = stage.person;
      await sayLanguage();
      const command = await anna.command();
      expect(command.reply).toMatchObject({ status: 200, body: '' });
      const address = await command.modal();
      expect(address?.form).toBe('address');
      const next = await address?.submit({ address: 'rep@example.test' });
      if (next?.type !== 'next') throw new Error('expected the form for the servers');
      expect(next.modal.form).toBe('servers');
      const wrong = { ...host.account(host.old.imapsPort), imapHost: 'imaps://127.0.0.1', smtpPort: '70000' };
      expect(await next.modal.submit(wrong)).toEqual({
        type: 'errors',
        errors: { imapHost: words.scheme, smtpPort: words.port },
      });

      // She closes the form; what she typed is there when she comes back.
      const again = await (await (await anna.command()).modal())?.submit({ address: 'rep@example.test' });
      if (again?.type !== 'next') throw new Error('expected the form for the servers');
      expect(again.modal.fields).toMatchObject({ imapHost: 'imaps://127.0.0.1', smtpPort: '70000' });
      expect(await again.modal.submit(host.account(host.old.imapsPort))).toEqual({ type: 'closed' });
      const report = await stage.repSees(words.blocked, words.tlsTitle, words.tlsRemedy);
      expect(report.summary).toBe(words.blocked);
      // In the channel of the command there was nothing, and one private line for the words that open no form.
      await expect.poll(anna.whispers).toHaveLength(1);
      expect(stage.world.door.calls.filter(({ body }) => body.channel === stage.world.otherChannel)).toEqual(
        [],
      );
    });

    test('who is no member of the channel moves nothing; of two who claim at once one has the case, and the other may ask', async () => {
      const { jonas, ines, paul } = stage.person;
      await sayLanguage();
      await askForCheck(stage, host.account(host.old.imapsPort));
      const report = await stage.repSees(words.blocked);
      await handOver(stage, report, markup);
      const root = await stage.itSees(words.rootHeading, words.rootOpen, words.tlsTitle, markup);
      await stage.threadSees(root, words.tlsTitle, words.tlsRemedyForIt, 'openssl s_client');
      await paul.press(root, 'claim', 'it');
      await expect.poll(paul.whispers).toHaveLength(1);
      await stage.itSees(words.rootOpen);

      const inThread = async () => (await stage.world.seenInThread(root.ts)).length;
      await Promise.all([jonas.press(root, 'claim', 'it'), ines.press(root, 'claim', 'it')]);
      await expect.poll(inThread).toBe(3);
      const claims = [words.rootClaimed, words.rootClaimed.replace('Jonas Kern', 'Ines Kraft')];
      const claimed = async () => {
        const { text } = await stage.itSees(words.rootHeading);
        return claims.filter((claim) => text.includes(claim));
      };
      await expect.poll(claimed).toHaveLength(1);
      const other = (await claimed())[0] === words.rootClaimed ? ines : jonas;
      const question = await (await other.press(root, 'ask-rep', 'it')).modal();
      expect(await question?.submit({ question: `Woher? ${markup}` })).toEqual({ type: 'closed' });
      await stage.repSees(`Woher? ${markup}`);
      await stage.person.anna.say('Aus dem Handbuch.');
      await stage.threadSees(root, 'Aus dem Handbuch.');
      const before = await inThread();
      await jonas.press(root, 'check-again', 'it');
      await expect.poll(inThread).toBe(before + 1);
    });

    test('no message is changed more often than once a second, and the last state stands', async () => {
      await sayLanguage();
      await askForCheck(stage, host.account(host.old.imapsPort));
      const report = await stage.repSees(words.blocked);
      await handOver(stage, report, '');
      const root = await stage.itSees(words.rootHeading);
      const { jonas, ines } = stage.person;
      await Promise.all([jonas.press(root, 'claim', 'it'), ines.press(root, 'check-again', 'it')]);
      await jonas.press(root, 'resolve', 'it');
      const done = await stage.itSees(words.rootResolved);
      expect(done.buttons.map(({ action }) => action)).toEqual(['reopen']);
      const updates = stage.world.door.calls.filter(({ method }) => method === 'chat.update');
      expect(updates.length).toBeGreaterThan(3);
      expect(updates.filter(({ body }) => !body.text || !body.blocks)).toEqual([]);
      for (const same of Map.groupBy(updates, ({ body }) => body.ts).values()) {
        const times = same.map(({ at }) => at);
        expect(isTooDense(times, 1000), times.join(' ')).toBe(false);
      }
    });
  },
);
