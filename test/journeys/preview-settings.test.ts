import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPreviewAdapter } from '../../src/adapters/preview/index.ts';
import type { Receive } from '../../src/chat/port.ts';
import type { Proposal } from '../../src/diagnosis/account/provider.ts';
import { startWebServer, type WebServer } from '../../src/web/server.ts';
import { catalogues } from '../../src/wording/catalogue/catalogue.ts';
import { createWording } from '../../src/wording/index.ts';
import { type Browser, startBrowser } from '../adapters/browser.ts';
import { botSettings, createRecorder, found, openStore, startBot } from '../bot/stage.ts';
import { google, loginPossible, proposed } from '../conversation/fixtures.ts';
import { expectNothingSideways, fill, message, picture, submit, typed } from './preview-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());
let web: WebServer;
afterEach(() => web.stop());

/** The bot behind the preview, with somebody who knows every address. */
const open = async (proposal: Proposal, options: { locale: 'de' | 'en'; width: number }) => {
  const store = await openStore();
  const { promise: receiver, resolve: connect } = Promise.withResolvers<Receive>();
  const adapter = createPreviewAdapter({
    memory: store.memory('preview'),
    receive: async (incoming) => (await receiver)(incoming),
    pageTexts: (locale) => catalogues[locale].preview,
    defaultLocale: options.locale,
    onError: () => {},
    onRefused: () => {},
  });
  const bot = startBot(
    store,
    { ...createRecorder(), adapter },
    {
      discover: async () => proposal,
      diagnose: async () => found(loginPossible),
      settings: { ...botSettings, defaultLocale: options.locale, loginUrl: () => `${web.url}/login` },
      wording: createWording({ itLocale: 'de', now: Date.now, itChannel: true, loginPage: true }),
    },
  );
  connect(bot.receive);
  const health = async () => ({ ready: true, parts: {} });
  web = await startWebServer({ host: '127.0.0.1', port: 0, routers: [adapter.router], health });
  const tag = options.locale === 'de' ? 'de-DE' : 'en-US';
  return browser.visit(web.url, { locale: tag, width: options.width });
};

describe.each([
  {
    locale: 'de',
    width: 390,
    hint: 'Schalten Sie IMAP',
    link: 'Anmeldung testen',
    native: /liegt bei Google/u,
  },
  {
    locale: 'en',
    width: 1280,
    hint: 'Switch on IMAP first',
    link: 'Test the login',
    native: /is with Google/u,
  },
] as const)('in $locale, $width pixels wide', ({ locale, width, hint, link, native }) => {
  test('given a known provider, then the form is filled in, and a link to the login page comes on request', async () => {
    await using visit = await open(proposed, { locale, width });
    const { page } = visit;
    await page.click('[data-action=start]');
    await fill(page, 'address', { address: 'anna@firma.example' });
    await submit(page, 'address');
    await page.locator('[data-form=servers]').getByText(hint).waitFor();
    const names = ['imapHost', 'imapPort', 'smtpHost', 'smtpPort', 'smtpEncryption', 'username'];
    expect(Object.values(await typed(page, 'servers', names))).toEqual([
      ...['imap.hoster.example', '993', 'smtp.hoster.example', '587', 'starttls', 'anna@firma.example'],
    ]);
    await expectNothingSideways(page);
    await picture(page, `prefilled-${locale}-${width}`);
    await submit(page, 'servers');
    await page.click('[data-action=test-login]');
    const posted = message(page, 'rep', link);
    await posted.waitFor();
    const href = await posted.locator('a').getAttribute('href');
    expect(href).toMatch(new RegExp(`^${web.url}/login#[\\w-]{43}$`, 'u'));
    await expectNothingSideways(page);
    await picture(page, `login-link-${locale}-${width}`);
    expect(visit.complaints).toEqual([]);
  });

  test('given a Google account, then a message takes the place of the form, and IMAP is one click away', async () => {
    await using visit = await open(google, { locale, width });
    const { page } = visit;
    await page.click('[data-action=start]');
    await fill(page, 'address', { address: 'anna@firma.example' });
    await submit(page, 'address');
    await page.waitForSelector('dialog', { state: 'hidden' });
    await page.getByText(native).first().waitFor();
    await picture(page, `native-${locale}-${width}`);
    await page.click('[data-action=continue-imap]');
    await page.locator('[data-form=servers]').waitFor();
    expect(await typed(page, 'servers', ['imapHost'])).toEqual({ imapHost: 'imap.hoster.example' });
    await picture(page, `native-imap-${locale}-${width}`);
  });
});
