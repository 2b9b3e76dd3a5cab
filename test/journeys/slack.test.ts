import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scope } from '../mail-servers/index.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { type Product, startProduct } from './product.ts';
import { askForCheck, handOver, openStageOf, type Stage } from './slack-stage.ts';
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
    let stage: Stage & { product(): Product };
    beforeEach(async () => {
      // The person's own language comes from Slack, not from the setting.
      const env = { CHECK_CA_FILE: host.caFile, DEFAULT_LOCALE: 'de', IT_LOCALE: locale };
      stage = await openStageOf(startProduct, { env, locales: { anna: tags[locale], jonas: 'en-US' } });
    });
    afterEach(() => stage.close());

    /** A start knows no language: one of the two is enough for that. */
    const restart = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      if (locale !== 'de') return;
      await stage.product().end(signal);
      await stage.restart();
    };

    const sayLanguage = async (): Promise<void> => {
      await stage.person.anna.command(`language ${locale}`);
      await stage.repSees(locale === 'de' ? 'Ab jetzt schreiben wir Deutsch.' : 'From now on');
    };

    test('she mistypes and loses nothing, reads what is missing, and after a correction that it works', async () => {
      const { anna } = stage.person;
      await sayLanguage();
      const command = await anna.command();
      expect(command.reply).toMatchObject({ status: 200, body: '' });
      const address = await command.modal();
      expect(address?.form).toBe('address');
      const noAt = await address?.submit({ address: 'rep.example.test' });
      expect(noAt).toEqual({ type: 'errors', errors: { address: words.noAt } });
      const next = await address?.submit({ address: 'rep@example.test' });
      if (next?.type !== 'next') throw new Error('expected the form for the servers');
      expect(next.modal).toMatchObject({
        form: 'servers',
        fields: { username: 'rep@example.test', imapPort: '993' },
      });
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

      await anna.press(report, 'details');
      await stage.repSees(words.steps[0] ? words.tlsTitle : '', 'IMAP: 127.0.0.1');
      const edit = await (await anna.press(report, 'edit')).modal();
      expect(edit?.fields).toMatchObject({ imapPort: String(host.old.imapsPort) });
      expect(await edit?.submit({ imapPort: String(host.dovecot.imapsPort) })).toEqual({ type: 'closed' });
      await stage.repSees(words.ready);
      await anna.say('status');
      await stage.repSees(words.status, words.ready);
      // In the channel of the command there was nothing, and one private line for the words that open no form.
      expect(anna.whispers()).toHaveLength(1);
      expect(stage.world.door.calls.filter(({ body }) => body.channel === stage.world.otherChannel)).toEqual(
        [],
      );
    });

    test('the case goes through the hands of IT, with the program stopped or killed between any two steps', async () => {
      const { anna, jonas, ines, paul } = stage.person;
      await sayLanguage();
      await askForCheck(stage, host.account(host.old.imapsPort));
      await restart('SIGKILL');
      const report = await stage.repSees(words.blocked);
      await restart('SIGTERM');
      const form = await (await anna.press(report, 'escalate')).modal();
      expect(form?.words).toContain(words.tlsTitle);
      expect(await form?.submit({ comment: markup })).toEqual({ type: 'closed' });
      await restart('SIGKILL');
      await stage.repSees(words.handedOver);
      const root = await stage.itSees(words.rootHeading, words.rootOpen, words.tlsTitle, markup);
      expect(await stage.world.seenByIt()).toHaveLength(1);
      await stage.threadSees(root, words.tlsTitle, words.tlsRemedy, 'openssl s_client');

      await paul.press(root, 'claim', 'it');
      await expect.poll(() => paul.whispers()).toHaveLength(1);
      await stage.itSees(words.rootOpen);
      await Promise.all([jonas.press(root, 'claim', 'it'), ines.press(root, 'claim', 'it')]);
      await expect
        .poll(async () => (await stage.world.seenInThread(root.ts)).length, { timeout: 20_000 })
        .toBe(3);
      await restart('SIGKILL');
      const asker = (await stage.itSees(words.rootHeading)).text.includes(words.rootClaimed) ? jonas : ines;
      const other = asker === jonas ? ines : jonas;

      const question = await (await other.press(root, 'ask-rep', 'it')).modal();
      expect(await question?.submit({ question: `Woher? ${markup}` })).toEqual({ type: 'closed' });
      await stage.repSees(`Woher? ${markup}`);
      await restart('SIGTERM');
      await anna.say(`Aus dem Handbuch. ${markup}`);
      await stage.threadSees(root, `Aus dem Handbuch. ${markup}`);
      await restart('SIGKILL');
      await jonas.mention('Wirklich?', root.ts);
      const asked = await stage.repSees('Wirklich?');
      const answer = await (await anna.press(asked, 'answer')).modal();
      expect(await answer?.submit({ reply: 'Ja.' })).toEqual({ type: 'closed' });
      await stage.threadSees(root, 'Ja.');
      await restart('SIGKILL');

      const before = (await stage.world.seenInThread(root.ts)).length;
      await jonas.press(root, 'check-again', 'it');
      await expect
        .poll(async () => (await stage.world.seenInThread(root.ts)).length, { timeout: 20_000 })
        .toBe(before + 1);
      await restart('SIGTERM');
      await jonas.press(await stage.itSees(words.rootHeading), 'resolve', 'it');
      const resolved = await stage.repSees(words.resolved);
      await stage.itSees(words.rootResolved);
      await restart('SIGKILL');
      await anna.press(resolved, 'reopen');
      await stage.itSees(words.rootOpen);
      // Each kill costs a lease until somebody takes up what was in hand.
    }, 150_000);

    test('no message is changed more often than once a second, and the last state stands', async () => {
      await sayLanguage();
      await askForCheck(stage, host.account(host.old.imapsPort));
      const report = await stage.repSees(words.blocked);
      await handOver(stage, report, '');
      const root = await stage.itSees(words.rootHeading);
      const { jonas, ines } = stage.person;
      await Promise.all([jonas.press(root, 'claim', 'it'), ines.press(root, 'check-again', 'it')]);
      await jonas.press(root, 'resolve', 'it');
      const done = await stage.itSees(words.rootHeading, words.rootResolved);
      expect(done.buttons.map(({ action }) => action)).toEqual(['reopen']);
      const updates = stage.world.door.calls.filter(({ method }) => method === 'chat.update');
      expect(updates.length).toBeGreaterThan(3);
      expect(updates.filter(({ body }) => !body.text || !body.blocks)).toEqual([]);
      for (const [index, { body, at }] of updates.entries()) {
        const before = updates.slice(0, index).findLast((one) => one.body.ts === body.ts);
        if (before) expect(at - before.at).toBeGreaterThan(800);
      }
    });
  },
);
