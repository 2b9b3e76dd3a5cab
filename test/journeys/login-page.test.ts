/** A login tested through the page, on real mail servers, by the product as its users have it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, startBrowser, type Visit } from '../adapters/browser.ts';
import { type Dovecot, type Postfix, REP, scope, startDovecot, startPostfix } from '../mail-servers/index.ts';
import { fill, loopback, message, type Product, picture, startProduct, submit } from './preview-stage.ts';

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
  },
  en: { tag: 'en-US', link: 'Test the login', ready: /^Your account is ready/u, refused: /password|login/u },
} as const;

describe.each([
  { locale: 'de', width: 390 },
  { locale: 'en', width: 1280 },
] as const)('in $locale, $width pixels wide', ({ locale, width }) => {
  const { tag, link, ready, refused } = words[locale];
  let product: Product;
  let folder: string;
  let visits: Visit[];
  afterEach(async () => {
    for (const visit of visits) await visit[Symbol.asyncDispose]();
    await product.stop();
  });

  /** From the empty chat to the open login page. */
  const openLogin = async () => {
    folder = await servers.folder();
    visits = [];
    product = await servers.start(
      startProduct({
        ...loopback,
        LOG_LEVEL: 'debug',
        CHECK_CA_FILE: caFile,
        DATA_DIR: folder,
        DEFAULT_LOCALE: locale,
      }),
    );
    const chat = await browser.visit(product.url, { locale: tag, width });
    visits.push(chat);
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
    await page.fill('#password', REP.password);
    await page.keyboard.press('Enter');
    await page.locator('#result h2').getByText(ready).waitFor();
    await picture(page, `real-login-${locale}-${width}`);
    await chat.locator('h3.heading').getByText(ready).waitFor();
    await expectNoTrace(REP.password);
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
});
