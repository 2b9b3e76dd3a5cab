/** What only a page has: what its parts look like and where they stand. The stories are in `stories.test.ts`. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, startBrowser } from '../adapters/browser.ts';
import { scope } from '../mail-servers/index.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { expectNothingSideways, message, picture, turnTo } from './preview-page.ts';
import { openPreviewStage, type PreviewStage } from './rigs/preview.ts';
import { giveAddress } from './stage.ts';
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

describe.each(variants)('in $language, $width pixels wide', ({ language, width, words }) => {
  let stage: PreviewStage;
  beforeEach(async () => {
    const env = { CHECK_CA_FILE: host.caFile };
    stage = await openPreviewStage(browser, { env, locale: language, process: 'shared' });
    await (await giveAddress(stage.anna)).submit(host.account(host.old.imapsPort));
  });
  afterEach(() => stage.close());

  test('a report has a list of steps and one section for each fault; a good one has none', async () => {
    const { page, anna } = stage;
    const blocked = message(page, 'rep', words.blocked);
    await blocked.locator('.finding h4').getByText(words.tlsTitle, { exact: true }).waitFor();
    expect(await blocked.locator('.finding').count()).toBe(1);
    expect(await blocked.locator('.finding').innerText()).toContain(words.tlsRemedy);
    expect(await page.locator('dialog').isVisible()).toBe(false);
    const checklist = page.locator('[data-pane=rep] .checklist .step-label');
    await expect.poll(() => checklist.allTextContents()).toEqual(words.steps);

    const edit = await anna.open(await anna.reads(words.blocked), 'edit');
    const values = { imapPort: String(host.dovecot.imapsPort), username: 'beck-<i>a</i>' };
    await edit.submit(values);
    const ready = message(page, 'rep', words.ready);
    await ready.waitFor();
    expect(await ready.locator('.values dd').allTextContents()).toEqual(
      expect.arrayContaining(Object.values(values)),
    );
    expect(await ready.locator('.finding, i').count()).toBe(0);
    expect(await ready.locator('[data-action=escalate]').count()).toBe(0);
  });

  test('IT reads her words as a quote, and the evidence below', async () => {
    const { page, anna } = stage;
    const escalate = await anna.open(await anna.reads(words.blocked), 'escalate');
    const comment = '<!channel> <b>x</b>';
    await escalate.submit({ comment });
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
    await evidence
      .locator('h3')
      .first()
      .evaluate((one) => one.scrollIntoView());
    await picture(page, `it-thread-${language}-${width}`);
  });
});
