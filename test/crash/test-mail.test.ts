/** Given a product that is killed while a test mail is under way, then the rep reads after the next start what may lie in her mailbox, once. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testMailSubject } from '../../src/diagnosis/observed/rehearsal.ts';
import { type Browser, startBrowser } from '../adapters/browser.ts';
import { slack } from '../journeys/rigs/slack.ts';
import { giveAddress, type Message } from '../journeys/stage.ts';
import { sendPassword } from '../journeys/test-mail-page.ts';
import {
  after as afterSeconds,
  type Certificate,
  type Delivery,
  type Mailbox,
  REP,
  scope,
  startMailbox,
} from '../mail-servers/index.ts';
import { after } from '../support/afterwards.ts';
import { until } from '../support/until.ts';

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

const words = {
  de: { mayLie: 'liegt vielleicht noch unsere Testmail', failed: 'an einem Fehler bei uns gescheitert' },
  en: { mayLie: 'may still be in rep@example.test', failed: 'because of an error on our side' },
} as const;

const messagesIn = async ({ mailFolder }: Mailbox): Promise<string[]> => {
  const all = await readdir(mailFolder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = all.filter((entry) => entry.isFile() && /\/(?:cur|new)$/u.test(entry.parentPath));
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')));
};

/** To the moment at which the password and the consent are on their way. */
const begin = async (locale: 'de' | 'en', delivery: Delivery) => {
  const mailbox = await servers.start(startMailbox({ certificate, delivery }));
  const prepared = await slack.prepare();
  after('test', () => prepared.close());
  const stage = await prepared.open({ env: { CHECK_CA_FILE: caFile }, locale, process: 'own' });
  after('test', () => stage.close());
  const { anna } = stage;
  const form = await giveAddress(anna);
  await form.submit({
    ...{ imapHost: '127.0.0.1', imapPort: String(mailbox.imap.imapsPort), imapEncryption: 'tls' },
    ...{ smtpHost: '127.0.0.1', smtpPort: String(mailbox.smtp.smtpsPort), smtpEncryption: 'tls' },
  });
  const report = await until(async (): Promise<Message> => {
    const newest = (await anna.chat()).at(-1);
    expect(newest?.buttons).toContain('test-login');
    return newest ?? expect.fail('no report');
  });
  await anna.press(report, 'test-login');
  const { visit } = await sendPassword(browser, await anna.link(), {
    ...{ locale, width: 390, password: REP.password, sendTestMail: true, name: 'crash' },
  });
  // The page is gone with the process; nobody closes it.
  visit.complaints.length = 0;
  const times = async (text: string): Promise<number> =>
    (await anna.chat()).filter(({ lines }) => lines.join('\n').includes(text)).length;
  return { mailbox, stage, times };
};

test.concurrent.each(['de', 'en'] as const)(
  'in %s, between sending and clearing up: she reads under which subject, and that is how it lies there',
  { timeout: 180_000, retry: 0 },
  async (locale) => {
    const { mayLie, failed } = words[locale];
    const { mailbox, stage, times } = await begin(locale, afterSeconds(4));
    // Postfix has it, and nobody has seen it arrive.
    await until(async () =>
      expect(await readFile(mailbox.smtp.logFile, 'utf8')).toMatch(/qmgr\[\d+\]: [0-9A-F]+: from=</u),
    );
    await stage.restart('SIGKILL');
    await stage.anna.reads(failed, mayLie, testMailSubject);
    await until(async () => expect((await messagesIn(mailbox)).length).toBeGreaterThan(0));
    for (const message of await messagesIn(mailbox)) expect(message).toContain(`Subject: ${testMailSubject}`);
    await stage.restart('SIGKILL');
    await stage.restart('SIGTERM');
    expect(await times(mayLie)).toBe(1);
    expect(await times(REP.password)).toBe(0);
  },
);

test.concurrent('stopped in order while it is on its way: what is there is removed first, and she reads that the mail itself may still come', {
  timeout: 180_000,
  retry: 0,
}, async () => {
  const { mailbox, stage, times } = await begin('de', afterSeconds(8));
  // The copy is there; the mail is not.
  await until(async () => expect(await messagesIn(mailbox)).toHaveLength(1));
  await stage.restart('SIGTERM', async () => expect(await messagesIn(mailbox)).toEqual([]));
  await stage.anna.reads(words.de.failed, words.de.mayLie);
  expect(await readFile(mailbox.imap.logFile, 'utf8')).toMatch(/Logged out .*expunged=1/u);
  await until(async () => expect(await messagesIn(mailbox)).toHaveLength(1));
  expect(await times(words.de.mayLie)).toBe(1);
});
