import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, startBrowser, type Visit } from '../adapters/browser.ts';
import { closedPort, scope, startDovecot, startSilent } from '../mail-servers/index.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import {
  errorUnder,
  expectNothingSideways,
  fill,
  giveAddress,
  message,
  picture,
  say,
  submit,
  turnTo,
  typed,
  watchHeadings,
} from './preview-page.ts';
import { loopback, type Product, startProduct } from './product.ts';
import { variants } from './words.ts';

const servers = scope();
let browser: Browser;
let host: MailHost;
beforeAll(async () => {
  [browser, host] = await Promise.all([startBrowser(), startMailHost(servers)]);
});
afterAll(async () => {
  await browser?.close();
  await servers.stop();
});

const environment = async (locale: string) => ({
  ...loopback,
  CHECK_CA_FILE: host.caFile,
  DATA_DIR: await servers.folder(),
  DEFAULT_LOCALE: locale,
});

describe.each(variants)('in $language, $width pixels wide', ({ language, width, height, tag, words }) => {
  let product: Product;
  let visit: Visit;
  let page: Page;
  let env: Awaited<ReturnType<typeof environment>>;
  const shot = (name: string) => picture(page, `${name}-${language}-${width}`);

  const open = async (port = '0') => {
    env = await environment(language);
    product = await servers.start(startProduct({ ...env, PORT: port }));
    visit = await browser.visit(product.url, { locale: tag, width, height });
    page = visit.page;
  };
  const checkOldServer = async () => {
    await giveAddress(page);
    await fill(page, 'servers', host.account(host.old.imapsPort));
    await submit(page, 'servers');
    await message(page, 'rep', words.blocked).waitFor();
  };
  afterEach(async () => {
    const complaints = visit?.complaints ?? [];
    await visit?.[Symbol.asyncDispose]();
    await product?.stop();
    expect(complaints).toEqual([]);
  });

  describe('given an IMAP server that speaks only TLS 1.0', () => {
    beforeEach(() => open());

    test('when she mistypes, she reads why and keeps all she typed; then what is missing; then that it works', async () => {
      await page.click('[data-action=start]');
      await fill(page, 'address', { address: 'rep.example.test', personalInbox: 'no' });
      await submit(page, 'address');
      await page.waitForSelector('[data-error-for=address]');
      expect(await errorUnder(page, 'address')).toBe(words.noAt);
      const address = { address: 'rep.example.test', personalInbox: 'no' };
      expect(await typed(page, 'address', Object.keys(address))).toEqual(address);
      await fill(page, 'address', { address: 'rep@example.test', personalInbox: 'yes' });
      await submit(page, 'address');

      const wrong = {
        ...host.account(host.old.imapsPort),
        imapHost: 'imaps://127.0.0.1',
        smtpPort: '70000',
        smtpEncryption: 'starttls',
        username: 'beck-<i>a</i>',
        smtpLogin: 'same',
        untrustedCertificate: 'no',
      };
      await fill(page, 'servers', wrong);
      await submit(page, 'servers');
      await page.waitForSelector('[data-error-for=smtpPort]');
      expect(await errorUnder(page, 'imapHost')).toBe(words.scheme);
      expect(await errorUnder(page, 'smtpPort')).toBe(words.port);
      expect(await page.locator('[data-error-for]').count()).toBe(2);
      expect(await typed(page, 'servers', Object.keys(wrong))).toEqual(wrong);
      await expectNothingSideways(page);
      await shot('form-errors');

      const headings = await watchHeadings(page);
      await fill(page, 'servers', host.account(host.old.imapsPort));
      await submit(page, 'servers');
      const blocked = message(page, 'rep', words.blocked);
      await blocked.locator('.finding h4').getByText(words.tlsTitle, { exact: true }).waitFor();
      expect(await blocked.locator('.finding').count()).toBe(1);
      expect(await blocked.locator('.finding').innerText()).toContain(words.tlsRemedy);
      expect(await page.locator('dialog').isVisible()).toBe(false);
      expect(await headings()).toContain(words.running);
      const checklist = page.locator('[data-pane=rep] .checklist .step-label');
      expect(await checklist.allTextContents()).toEqual(words.steps);
      await expectNothingSideways(page);
      await shot('report');

      await blocked.locator('[data-action=edit]').click();
      await fill(page, 'servers', { imapPort: String(host.dovecot.imapsPort) });
      expect(await typed(page, 'servers', ['username', 'smtpPort'])).toEqual({
        username: 'beck-<i>a</i>',
        smtpPort: String(host.postfix.smtpsPort),
      });
      await submit(page, 'servers');
      const ready = message(page, 'rep', words.ready);
      await ready.waitFor();
      expect(await ready.locator('.values dd').allTextContents()).toContain(String(host.dovecot.imapsPort));
      expect(await ready.locator('.finding, i').count()).toBe(0);
      expect(await ready.locator('[data-action=escalate]').count()).toBe(0);
      await shot('report-ready');
    });

    test('when she hands the case to IT, IT sees it, takes it and resolves it, and she is told', async () => {
      await checkOldServer();
      const report = message(page, 'rep', words.blocked);
      await report.locator('[data-action=escalate]').click();
      await fill(page, 'escalate', { comment: 'x'.repeat(10_000) });
      await submit(page, 'escalate');
      await page.waitForSelector('[data-error-for=comment]');
      expect(await errorUnder(page, 'comment')).toBe(words.tooLong);
      expect((await typed(page, 'escalate', ['comment'])).comment).toBe('x'.repeat(10_000));
      const comment = '<!channel> <b>x</b>';
      await fill(page, 'escalate', { comment });
      await submit(page, 'escalate');
      await page.getByText(words.handedOver, { exact: true }).first().waitFor();

      await turnTo(page, 'it');
      const root = message(page, 'it', words.rootHeading);
      await root.locator('.finding h4').getByText(words.tlsTitle, { exact: true }).waitFor();
      await root.getByText(words.rootOpen, { exact: true }).waitFor();
      expect(await root.locator('blockquote').innerText()).toBe(comment);
      expect(await page.locator('[data-pane=it] b').count()).toBe(0);
      const evidence = page.locator('[data-pane=it] .replies');
      await evidence.locator('h3').getByText(`IMAP: 127.0.0.1:${host.old.imapsPort}`).waitFor();
      await evidence.locator('h4').getByText(words.tlsTitle, { exact: true }).waitFor();
      expect(await evidence.locator('figure.code').count()).toBeGreaterThan(0);
      await expectNothingSideways(page);
      await shot('it-root');
      await evidence
        .locator('h3')
        .first()
        .evaluate((one) => one.scrollIntoView());
      await shot('it-thread');

      await root.locator('[data-action=claim]').click();
      await root.getByText(words.rootClaimed, { exact: true }).waitFor();
      await turnTo(page, 'rep');
      await report.getByText(words.reportClaimed, { exact: true }).waitFor();
      await turnTo(page, 'it');
      await root.locator('[data-action=resolve]').click();
      await root.getByText(words.rootResolved, { exact: true }).waitFor();
      await turnTo(page, 'rep');
      await page.locator('[data-pane=rep] .text').getByText(words.resolved, { exact: true }).waitFor();
      await report.getByText(words.reportResolved, { exact: true }).waitFor();
      await expectNothingSideways(page);
      await shot('resolved');
    });
  });

  test('given a silent server, when the process dies during the check, she gets one report after the restart', async () => {
    const silent = await servers.start(startSilent());
    const { port } = await closedPort();
    await open(String(port));
    await giveAddress(page);
    await fill(page, 'servers', host.account(silent.port));
    await submit(page, 'servers');
    await message(page, 'rep', words.running).waitFor();
    expect(await product.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

    // Meanwhile her IT has mended it: only a check that runs again can find it healthy.
    await silent.stop();
    await servers.start(startDovecot({ certificate: host.certificate, imapsPort: silent.port }));
    product = await servers.start(startProduct({ ...env, PORT: String(port) }));
    const reports = page.locator('[data-pane=rep] article:has([data-action=check-again])');
    await reports.first().waitFor({ timeout: 25_000 });
    await page.waitForSelector('[data-lost]', { state: 'hidden' });

    // What she says now is answered after everything that came before it.
    await say(page, 'status');
    await message(page, 'rep', words.status).waitFor();
    expect(await reports.count()).toBe(1);
    expect(await message(page, 'rep', words.running).count()).toBe(0);
  });
});
