/** A test mail that a rep agrees to, from her chat over the login page through real mail servers and back, on every platform. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import deViews from '../../locales/de/views.json' with { type: 'json' };
import enViews from '../../locales/en/views.json' with { type: 'json' };
import type { Locale } from '../../src/language.ts';
import { translator } from '../../src/wording/catalogue/catalogue.ts';
import { type Browser, startBrowser } from '../adapters/browser.ts';
import {
  after,
  type Certificate,
  into,
  type Mailbox,
  type MailboxOptions,
  REP,
  scope,
  startMailbox,
} from '../mail-servers/index.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { rigs } from './rigs/index.ts';
import { giveAddress, type Message, type Stage } from './stage.ts';
import { sendPassword } from './test-mail-page.ts';
import { variantsIn } from './words.ts';

const servers = scope();
let browser: Browser;
let certificate: Certificate;
let caFile: string;
beforeAll(async () => {
  const authority = await servers.authority();
  caFile = authority.caFile;
  certificate = await authority.issue();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await servers.stop();
});

const wordsIn = (locale: Locale) => {
  const t = translator(locale);
  const [left = ''] = t('findings:notes.left-behind', { folders: [] }).split(/[:.] /u);
  return {
    step: t('views:step.test-mail-arrived'),
    state: t('views:step-state.running'),
    ready: { de: 'Ihr Konto ist bereit', en: 'Your account is ready' }[locale],
    arrived: { de: /Testmail kam nach \d+,\d Sekunden an/u, en: /test mail arrived after \d+\.\d seconds/u }[
      locale
    ],
    five: t('findings:concurrent-connections.pass.title'),
    details: t('views:details.heading'),
    junk: t('findings:test-mail-arrives.in-junk.title', { folder: 'Junk' }),
    left,
  };
};
const words = { de: wordsIn('de'), en: wordsIn('en') };

const start = (options: Partial<MailboxOptions> = {}): Promise<Mailbox> =>
  servers.start(startMailbox({ certificate, ...options }));

const accountAt = ({ imap, smtp }: Mailbox) => ({
  imapHost: '127.0.0.1',
  imapPort: String(imap.imapsPort),
  imapEncryption: 'tls',
  smtpHost: '127.0.0.1',
  smtpPort: String(smtp.smtpsPort),
  smtpEncryption: 'tls',
});

/** Dovecot's own record of everything that is done to a mail. */
const mailLog = `mail_plugins = $mail_plugins notify mail_log
plugin {
  mail_log_events = delete undelete expunge save copy mailbox_create mailbox_delete mailbox_rename flag_change
  mail_log_fields = uid box msgid
}`;

/** What is written there when a mail is stored, marked or removed, and by Postfix when it takes one. */
const touched = /\b(?:save|append|copy|delete|expunge|flag_change)\b.*uid=/u;
const taken = /qmgr\[\d+\]: [0-9A-F]+: from=/u;
const logsOf = async ({ imap, smtp }: Mailbox) =>
  Promise.all([imap.logFile, smtp.logFile].map((file) => readFile(file, 'utf8')));

/** What lies in the mailbox, in whichever folder. */
const messagesIn = async ({ mailFolder }: Mailbox): Promise<string[]> => {
  const all = await readdir(mailFolder, { recursive: true, withFileTypes: true }).catch(() => []);
  return all
    .filter((entry) => entry.isFile() && /\/(?:cur|new)$/u.test(entry.parentPath))
    .map(({ parentPath, name }) => join(parentPath, name));
};

/** Each platform draws a step and how far it is in its own way. */
const isShown = ({ lines }: Message, step: string, state: string): boolean => {
  const drawn = lines.filter((line) => line !== '').join(' ');
  return [`${step} (${state})`, `${step} ${state}`, `${state}: ${step}`].some((way) => drawn.includes(way));
};

sideBySide(rigs, '$name', (rig) => {
  let prepared: Awaited<ReturnType<typeof rig.prepare>>;
  beforeAll(async () => {
    prepared = await rig.prepare();
  });
  afterAll(() => prepared.close());

  const told = variantsIn(rig.name).map(({ language }) => language);
  const variants = [
    { locale: 'de', width: 390 },
    { locale: 'en', width: 1280 },
  ] as const;

  describe.each(variants.filter(({ locale }) => told.includes(locale)))(
    'in $locale, $width pixels wide',
    ({ locale, width }) => {
      const { step, state, ready, arrived, five, details, junk, left } = words[locale];
      const views = { de: deViews, en: enViews }[locale];
      const root = views.root.heading.replace('{{name}}', 'Anna Beck');
      let stage: Stage;
      afterEach(() => stage.close());

      /** From nothing to the page that follows the test. */
      const begin = async (mailbox: Mailbox, sendTestMail: boolean) => {
        const env = { CHECK_CA_FILE: caFile, REHEARSAL_PATIENCE: '15' };
        stage = await prepared.open({ env, locale, process: 'shared' });
        const { anna } = stage;
        const form = await giveAddress(anna);
        expect(await form.submit(accountAt(mailbox))).toEqual({ type: 'closed' });
        const report: Message = await anna.reads(REP.name, 'HubSpot');
        await until(async () => expect((await anna.chat()).at(-1)?.buttons).toContain('test-login'));
        await anna.press((await anna.chat()).at(-1) ?? report, 'test-login');
        return sendPassword(browser, await anna.link(), {
          ...{ locale, width, sendTestMail, name: rig.name },
          password: REP.password,
        });
      };

      test('given a mailbox that works, then chat and page show each step and what is proven, and nothing stays behind', async () => {
        const mailbox = await start({ delivery: after(3), dovecot: { settings: mailLog } });
        const { visit, hears, reads, look } = await begin(mailbox, true);
        const { anna } = stage;
        await hears(`${step}: ${state}`);
        await until(async () =>
          expect((await anna.chat()).some((one) => isShown(one, step, state))).toBe(true),
        );
        await look('running');
        expect(await reads()).toContain(ready);
        await look('result');
        const report = await anna.reads(ready);
        await anna.press(report, 'details');
        const all = (await anna.reads(details)).lines.join('\n');
        expect(all).toMatch(arrived);
        expect(all).toContain(five);
        expect(await messagesIn(mailbox)).toEqual([]);
        const [imapLog, smtpLog] = await logsOf(mailbox);
        expect(imapLog).toMatch(touched);
        expect(smtpLog).toMatch(taken);
        expect(JSON.stringify(await anna.chat())).not.toContain(REP.password);
        await visit[Symbol.asyncDispose]();
      });

      // What is the same everywhere is shown once.
      if (rig.name === 'the preview')
        test('given no consent, then the logs of the servers show no mail, no copy and no mark', async () => {
          const mailbox = await start({ dovecot: { settings: mailLog } });
          const { visit, reads } = await begin(mailbox, false);
          expect(await reads()).toContain(ready);
          const [imapLog, smtpLog] = await logsOf(mailbox);
          expect(imapLog).toContain('Logged out');
          expect(imapLog).not.toMatch(touched);
          expect(smtpLog).not.toMatch(taken);
          expect(await messagesIn(mailbox)).toEqual([]);
          await visit[Symbol.asyncDispose]();
        });

      if (rig.name === 'Slack')
        test('given a mail that lands in junk, then it goes to IT like other findings, and both read that nobody looks again by itself', async () => {
          const mailbox = await start({ delivery: into('Junk') });
          const { visit, reads } = await begin(mailbox, true);
          expect(await reads()).toContain(junk);
          const { anna, jonas } = stage;
          const report = await anna.reads(ready, junk);
          const form = await anna.open(report, 'escalate');
          expect(await form.submit({ comment: '' })).toEqual({ type: 'closed' });
          await anna.reads(views.notice['not-watched']);
          expect((await jonas.reads(root)).lines.join('\n')).toContain(views.root['not-watched']);
          expect((await jonas.reads(root)).lines.join('\n')).toContain(junk);
          await visit[Symbol.asyncDispose]();
        });

      if (rig.name === 'Teams')
        test('given a server that cannot remove single messages, then chat and page name the folders in which ours were left', async () => {
          const capability = 'imap_capability = IMAP4rev1 SASL-IR LOGIN-REFERRALS LITERAL+ SPECIAL-USE IDLE';
          const mailbox = await start({ dovecot: { settings: capability } });
          const { visit, reads } = await begin(mailbox, true);
          expect(await reads()).toContain(left);
          await stage.anna.reads(ready, left, 'INBOX');
          expect(await messagesIn(mailbox)).toHaveLength(2);
          await visit[Symbol.asyncDispose]();
        });
    },
  );
});
