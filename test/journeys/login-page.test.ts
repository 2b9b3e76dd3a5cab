/** A login tested through the page, on real mail servers, by the product as its users have it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Browser, startBrowser, type Visit } from '../adapters/browser.ts';
import { type Dovecot, type Postfix, REP, scope, startDovecot, startPostfix } from '../mail-servers/index.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { fill, message, picture, submit } from './preview-page.ts';
import { loopback, type Product, startProduct } from './product.ts';

const servers = scope();
let browser: Browser;
let dovecot: Dovecot;
let postfix: Postfix;
let caFile: string;
beforeAll(async () => {
  const authority = await servers.authority();
  caFile = authority.caFile;
  const certificate = await authority.issue();
  [browser, dovecot, postfix] = await Promise.all([
    startBrowser(),
    servers.start(startDovecot({ certificate, users: [REP] })),
    servers.start(startPostfix({ certificate, users: [REP] })),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await servers.stop();
});

const words = {
  de: {
    tag: 'de-DE',
    link: 'Anmeldung testen',
    ready: /^Ihr Konto ist bereit/u,
    refused: /Passwort|Anmeldung/u,
    ours: 'Die Prüfung ist an einem Fehler bei uns gescheitert.',
    asker: /hat diesen Test in der lokalen Vorschau angefordert/u,
    foreign: 'Wir sehen keinen Zusammenhang zwischen 127.0.0.1 und example.test',
  },
  en: {
    tag: 'en-US',
    link: 'Test the login',
    ready: /^Your account is ready/u,
    refused: /password|login/u,
    ours: 'The check stopped because of an error on our side.',
    asker: /asked for this test in the local preview/u,
    foreign: 'We see no connection between 127.0.0.1 and example.test',
  },
} as const;

const variants = [
  { locale: 'de', width: 390 },
  { locale: 'en', width: 1280 },
] as const;

sideBySide(variants, 'in $locale, $width pixels wide', ({ locale, width }) => {
  const { tag, link, ready, refused, ours, asker, foreign } = words[locale];
  let product: Product;
  let folder: string;
  let visits: Visit[];
  afterEach(async () => {
    for (const visit of visits) await visit[Symbol.asyncDispose]();
    await product.stop();
  });

  const start = async (more: Record<string, string> = {}): Promise<void> => {
    const env = { CHECK_CA_FILE: caFile, DATA_DIR: folder, DEFAULT_LOCALE: locale, ...more };
    product = await servers.start(startProduct({ ...loopback, LOG_LEVEL: 'debug', ...env }));
  };
  const openChat = async (): Promise<Visit> => {
    const chat = await browser.visit(product.url, { locale: tag, width });
    visits.push(chat);
    return chat;
  };

  /** From the empty chat to the report. */
  const openReport = async (more: Record<string, string> = {}) => {
    folder = await servers.folder();
    visits = [];
    await start(more);
    const chat = await openChat();
    await chat.page.click('[data-pane=rep] [data-empty] [data-action=start]');
    await fill(chat.page, 'address', { address: REP.name });
    await submit(chat.page, 'address');
    await fill(chat.page, 'servers', {
      imapHost: '127.0.0.1',
      imapPort: String(dovecot.imapsPort),
      imapEncryption: 'tls',
      smtpHost: '127.0.0.1',
      smtpPort: String(postfix.smtpsPort),
      smtpEncryption: 'tls',
    });
    await submit(chat.page, 'servers');
    return chat;
  };

  /** From the empty chat to the open login page. */
  const openLogin = async () => {
    const chat = await openReport();
    await chat.page.locator('[data-action=test-login]').click();
    const href = await message(chat.page, 'rep', link).locator('a').getAttribute('href');
    const login = await browser.visit(href ?? '', { locale: tag, width });
    visits.push(login);
    return { chat: chat.page, page: login.page };
  };
  const onDisk = async (): Promise<string> => {
    const files = await readdir(folder);
    return (await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')))).join('\n');
  };
  const expectNoTrace = async (password: string) => {
    expect(await onDisk()).not.toContain(password);
    for (const { page, complaints } of visits) {
      expect(await page.content()).not.toContain(password);
      expect(complaints).toEqual([]);
    }
  };

  test('given the right password, then page and chat say ready, and the password is nowhere', async () => {
    const { chat, page } = await openLogin();
    // An address in place of a name belongs to nobody in particular.
    await page.locator('.warning').getByText(foreign).waitFor();
    await page.getByText(asker).waitFor();
    await page.fill('#password', REP.password);
    await page.keyboard.press('Enter');
    await page.locator('#result h2').getByText(ready).waitFor();
    await picture(page, `real-login-${locale}-${width}`);
    await chat.locator('h3.heading').getByText(ready).waitFor();
    await expectNoTrace(REP.password);
  });

  test('given an operator who wants no password for such servers, then the report says so and offers no test', async () => {
    const { page } = await openReport({ LOGIN_FOREIGN_SERVERS: 'refuse' });
    await page.getByText(foreign).waitFor();
    await page.getByText('LOGIN_FOREIGN_SERVERS').waitFor();
    await page.locator('[data-action=check-again]').waitFor();
    expect(await page.locator('[data-action=test-login]').count()).toBe(0);
    await picture(page, `real-foreign-${locale}-${width}`);
  });

  test('given a wrong password, then page and chat say which server refused and what it said', async () => {
    const { chat, page } = await openLogin();
    await page.fill('#password', 'Kanarienvogel-4711');
    await page.keyboard.press('Enter');
    await page.locator('#result h3').getByText(refused).first().waitFor({ timeout: 25_000 });
    await picture(page, `real-refused-${locale}-${width}`);
    await chat.locator('.finding h4').getByText(refused).first().waitFor();
    await expectNoTrace('Kanarienvogel-4711');
  });

  test('given the process is killed meanwhile, then the next one soon says so, and offers to check again', async () => {
    const { page } = await openLogin();
    // Dovecot takes its time to refuse.
    await page.fill('#password', 'Kanarienvogel-4711');
    await Promise.all([
      page.waitForResponse((response) => response.status() === 202),
      page.keyboard.press('Enter'),
    ]);
    await product.end('SIGKILL');
    for (const visit of visits.splice(0)) await visit[Symbol.asyncDispose]();
    await start();
    const { page: chat } = await openChat();
    const told = chat.locator('[data-pane=rep] article.post').filter({ hasText: ours });
    // Far less than the longest that a login test may take.
    await told.waitFor({ timeout: 20_000 });
    await told.locator('[data-action=check-again]').click();
    await chat.locator('[data-action=test-login]').last().waitFor();
    await expectNoTrace('Kanarienvogel-4711');
  });
});
