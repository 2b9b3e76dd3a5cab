/** The same stories on every platform that people have, each with real mail servers behind. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { scope, startDovecot, startSilent } from '../mail-servers/index.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { rigs } from './rigs/index.ts';
import { type Ending, giveAddress, nextForm, refused, type Stage } from './stage.ts';
import { variantsIn } from './words.ts';

const servers = scope();
let host: MailHost;
beforeAll(async () => {
  host = await startMailHost(servers);
});
afterAll(() => servers.stop());

/** Mentions, links and marks of all platforms; none of them may become more than text. */
const hostile =
  '<!channel> <@U1> <at>everyone</at> *fett* _kursiv_ **b** `c` ~weg~ <b>x</b> <i>a</i> &amp; [x](http://e.test) <https://e.test|hier> $(id) {{DATE(0)}}';
const markup = '<!channel> <@U1> *fett* _kursiv_ `code` ~weg~ &amp; <https://e.test|hier>';

sideBySide(rigs, '$name', (rig) => {
  let prepared: Awaited<ReturnType<typeof rig.prepare>>;
  beforeAll(async () => {
    prepared = await rig.prepare();
  });
  afterAll(() => prepared.close());

  describe.each(variantsIn(rig.name))('in $language', ({ language, words }) => {
    let stage: Stage;
    const open = async (process: 'own' | 'shared') => {
      stage = await prepared.open({ env: { CHECK_CA_FILE: host.caFile }, locale: language, process });
    };
    afterEach(() => stage.close());

    test('given an IMAP server that speaks only TLS 1.0: she mistypes and loses nothing, reads what is missing, and after a correction that it works', async () => {
      await open('shared');
      const { anna } = stage;
      const mistyped = { address: 'rep.example.test', personalInbox: 'no' };
      const noAt = refused(await (await anna.begin()).submit(mistyped));
      expect(noAt.errors).toEqual({ address: words.noAt });
      expect(await noAt.form.standing('address', 'personalInbox')).toEqual(mistyped);
      const corrected = { address: 'rep@example.test', personalInbox: 'yes' };
      const form = nextForm(await noAt.form.submit(corrected));
      expect(await form.standing('username', 'imapPort')).toEqual({
        username: 'rep@example.test',
        imapPort: '993',
      });

      const wrong = {
        ...host.account(host.old.imapsPort),
        imapHost: 'imaps://127.0.0.1',
        smtpPort: '70000',
        smtpEncryption: 'starttls',
        username: hostile,
        smtpLogin: 'same',
        untrustedCertificate: 'no',
      };
      const again = refused(await form.submit(wrong));
      expect(again.errors).toEqual({ imapHost: words.scheme, smtpPort: words.port });
      expect(await again.form.standing(...Object.keys(wrong))).toEqual(wrong);
      await stage.look('form-errors');
      expect(await again.form.submit(host.account(host.old.imapsPort))).toEqual({ type: 'closed' });

      const blocked = await anna.reads(words.blocked, words.tlsRemedy);
      expect(blocked.lines).toContain(words.blocked);
      expect(blocked.lines).toContain(words.tlsTitle);
      expect(blocked.buttons).toEqual(['escalate', 'edit', 'check-again', 'test-login', 'details']);
      expect(await anna.everRead()).toContain(words.running);
      await stage.look('report');
      await anna.press(blocked, 'details');
      await anna.reads(words.tlsTitle, `IMAP: 127.0.0.1`);

      const edit = await anna.open(blocked, 'edit');
      expect(await edit.standing('username', 'imapPort', 'smtpPort')).toEqual({
        username: hostile,
        imapPort: String(host.old.imapsPort),
        smtpPort: String(host.postfix.smtpsPort),
      });
      expect(await edit.submit({ imapPort: String(host.dovecot.imapsPort) })).toEqual({ type: 'closed' });
      const ready = await anna.reads(words.ready);
      expect(ready.lines).toContain(hostile);
      expect(ready.lines).toContain(String(host.dovecot.imapsPort));
      expect(ready.buttons).not.toContain('escalate');
      await stage.look('report-ready');
      await anna.says('status');
      await anna.reads(words.status, words.ready);
    });

    test('she hands the case to IT; IT claims, checks, asks and resolves; she answers, reopens and withdraws', async () => {
      await open('own');
      const { anna, jonas } = stage;
      /** A start knows no language, and what is killed knows no platform. */
      const mayEnd = async (ending: Ending): Promise<void> => {
        if (rig.name === 'Slack' && language === 'de') await stage.restart(ending);
      };
      await (await giveAddress(anna)).submit(host.account(host.old.imapsPort));
      await mayEnd('SIGKILL');
      const report = await anna.reads(words.blocked);
      await mayEnd('SIGTERM');
      const form = await anna.open(report, 'escalate');
      const tooLong = refused(await form.submit({ comment: 'x'.repeat(10_000) }));
      expect(tooLong.errors).toEqual({ comment: words.tooLong });
      expect(await tooLong.form.standing('comment')).toEqual({ comment: 'x'.repeat(10_000) });
      expect(await tooLong.form.submit({ comment: hostile })).toEqual({ type: 'closed' });
      await mayEnd('SIGKILL');
      await anna.reads(words.handedOver);

      const opened = await jonas.reads(words.rootHeading, words.rootOpen);
      for (const line of [words.rootHeading, words.rootOpen, words.tlsTitle, hostile])
        expect(opened.lines).toContain(line);
      expect(await jonas.channel()).toHaveLength(1);
      await jonas.readsBelow(
        opened,
        `IMAP: 127.0.0.1:${host.old.imapsPort}`,
        words.tlsTitle,
        'openssl s_client',
      );
      await jonas.readsBelow(opened, 'SMTP: 127.0.0.1:');
      await stage.look('it-root');

      await jonas.press(opened, 'claim');
      const claimed = await jonas.reads(words.rootClaimed);
      await mayEnd('SIGKILL');
      // A second click of somebody who still sees the old state does no harm.
      await jonas.press(opened, 'claim');
      await anna.reads(words.reportClaimed);
      await jonas.press(claimed, 'check-again');
      await jonas.reads(words.rechecked);
      await mayEnd('SIGTERM');

      const asking = await jonas.open(await jonas.reads(words.rootHeading), 'ask-rep');
      expect(await asking.submit({ question: `Seit wann? ${hostile}` })).toEqual({ type: 'closed' });
      const question = await anna.reads(words.asked);
      expect(question.lines.join('\n')).toContain(`Seit wann? ${hostile}`);
      await jonas.reads(words.waiting);
      await stage.restart('SIGKILL');
      const answer = await anna.open(question, 'answer');
      expect(await answer.submit({ reply: `Seit gestern. ${hostile}` })).toEqual({ type: 'closed' });
      await anna.reads(words.arrived);
      await jonas.readsBelow(opened, words.answers, `Seit gestern. ${hostile}`);

      // What mentions the bot goes to her, and her next words go back.
      await jonas.mentions(opened, 'Und heute?');
      await anna.reads('Und heute?');
      await mayEnd('SIGTERM');
      await anna.says(`Heute auch. ${markup}`);
      await jonas.readsBelow(opened, `Heute auch. ${markup}`);
      await mayEnd('SIGKILL');

      await jonas.press(await jonas.reads(words.rootHeading), 'resolve');
      const resolved = await anna.reads(words.resolved);
      const done = await jonas.reads(words.rootResolved);
      await anna.reads(words.reportResolved);
      await stage.look('resolved');
      await mayEnd('SIGKILL');
      await anna.press(resolved, 'reopen');
      await jonas.readsBelow(opened, words.reopened);
      const open2 = await jonas.reads(words.rootOpen);
      await jonas.press(open2, 'claim');
      await jonas.reads(words.rootClaimed);
      // An older report of hers says so for ever; the newest has the buttons, as soon as the platform takes it.
      const mine = await until(async () => {
        const found = (await anna.chat()).find(({ buttons }) => buttons.includes('withdraw'));
        if (!found?.lines.includes(words.reportClaimed)) throw new Error('her report is not up to date');
        return found;
      });
      await anna.press(mine, 'withdraw');
      const withdrawn = await jonas.reads(words.withdrawn);
      await jonas.readsBelow(opened, words.withdrawn);
      expect(withdrawn.buttons).toEqual([]);
      await jonas.press(done, 'reopen');
      await jonas.readsBelow(opened, words.stale);
      expect(await jonas.channel()).toHaveLength(1);
      // Each kill costs a lease until somebody takes up what was in hand.
    }, 150_000);

    test('given a silent server, when the process dies during the check, she gets one report after the restart', async () => {
      await open('own');
      const { anna } = stage;
      const silent = await servers.start(startSilent());
      await (await giveAddress(anna)).submit(host.account(silent.port));
      // Once the line of the other server has changed, the bot knows where its message stands.
      const [, , fine = ''] = words.steps;
      await anna.reads(words.running, fine.split(':')[0] ?? '');
      // Meanwhile her IT has mended it: only a check that runs again can find it healthy.
      await stage.restart('SIGKILL', async () => {
        await silent.stop();
        await servers.start(startDovecot({ certificate: host.certificate, imapsPort: silent.port }));
      });
      await anna.reads(words.ready);
      // What she says now is answered after everything that came before it.
      await anna.says('status');
      await anna.reads(words.status);
      // The status itself says what the check has shown.
      const chat = (await anna.chat()).filter(({ lines }) => !lines.includes(words.status));
      expect(chat.filter(({ lines }) => lines.includes(words.ready))).toHaveLength(1);
      expect(chat.filter(({ lines }) => lines.includes(words.running))).toEqual([]);
    });
  });
});
