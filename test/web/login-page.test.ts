import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, startBrowser, type Visit } from '../adapters/browser.ts';
import { found, until } from '../bot/stage.ts';
import { blocked } from '../conversation/fixtures.ts';
import { picture } from '../journeys/preview-stage.ts';
import { type LoginStage, openLoginStage, worked } from './login-stage.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

let stage: LoginStage;
let visit: Visit | null = null;
afterEach(async () => {
  const complaints = visit?.complaints ?? [];
  await visit?.[Symbol.asyncDispose]();
  visit = null;
  await stage.close();
  expect(complaints).toEqual([]);
});

const german = {
  locale: 'de',
  tag: 'de-DE',
  foreign: 'en-US',
  title: 'Anmeldung testen',
  missing: 'Bitte geben Sie das Passwort ein.',
  running: 'Die Anmeldung wird getestet',
  ready: 'Ihr Konto ist bereit: Die Server erfüllen alle Anforderungen, und beide nehmen Ihre Anmeldung an.',
  over: 'Das Ergebnis steht auch im Chat. Diese Seite können Sie schließen.',
  gone: 'Dieser Link gilt nicht mehr',
  renewed: 'Der neue Link ist im Chat.',
  how: 'Drücken Sie im Chat unter dem neuesten Bericht auf „Anmeldung testen“. Dann kommt ein neuer Link.',
  refused: 'Der IMAP-Server beherrscht nur TLS 1.0',
} as const;
const english = {
  locale: 'en',
  tag: 'en-GB',
  foreign: 'de-DE',
  title: 'Test the login',
  missing: 'Please type the password.',
  running: 'The login is being tested',
  ready: 'Your account is ready: the servers meet all requirements, and both accept your login.',
  over: 'The result is in the chat as well. You can close this page.',
  gone: 'This link no longer works',
  renewed: 'The new link is in the chat.',
  how: 'In the chat, press “Test the login” below the newest report. Then a new link comes.',
  refused: 'The IMAP server knows only TLS 1.0',
} as const;
const variants = [german, english].flatMap((words) => [390, 1280].map((width) => ({ words, width })));

describe.each(variants)('in $words.locale, $width pixels wide', ({ words, width }) => {
  const shot = (name: string) =>
    visit ? picture(visit.page, `login-${name}-${words.locale}-${width}`) : Promise.resolve();
  /** The browser speaks another language than she does: the page follows her. */
  const open = async (token: string, tag: string = words.foreign) => {
    await visit?.[Symbol.asyncDispose]();
    visit = await browser.visit(`${stage.url}/login#${token}`, { locale: tag, width });
    return visit.page;
  };
  const nothingSideways = async () => {
    const isWide = await visit?.page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(isWide).toBe(false);
  };

  test('when she types her password, then she sees how far it is and the result, and so does the chat', async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    const secrets: string[] = [];
    stage = await openLoginStage({
      locale: words.locale,
      tryLogin: async (secret) => {
        secrets.push(secret.reveal());
        await go;
        return worked();
      },
    });
    const page = await open(await stage.askForLink());
    await page.locator('form').waitFor();
    expect(await page.title()).toBe(words.title);
    expect(await page.getAttribute('html', 'lang')).toBe(words.locale);
    expect(await page.locator('dd').allTextContents()).toEqual([
      'anna@firma.example',
      'imap.firma.example:993',
      'smtp.firma.example:465',
    ]);
    expect(await page.locator(':focus').getAttribute('id')).toBe('password');
    await nothingSideways();
    await shot('form');

    await page.keyboard.press('Enter');
    expect(await page.locator('#trouble').textContent()).toBe(words.missing);
    expect(await page.getAttribute('#password', 'aria-invalid')).toBe('true');
    await page.keyboard.type('kranich-ruht-17');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: words.running }).waitFor();
    await until(() => expect(secrets).toEqual(['kranich-ruht-17']));
    await page.locator('#result li').waitFor();
    await shot('running');
    resolve();
    await page.locator('#result h2').getByText(words.ready, { exact: true }).waitFor();
    expect(await page.locator('#after').textContent()).toBe(words.over);
    expect(await page.locator(':focus').getAttribute('id')).toBe('result');
    expect(await page.content()).not.toContain('kranich');
    await nothingSideways();
    await shot('result');
    await until(() => expect(stage.recorder.words('person').at(-1)).toBe(words.ready));

    await page.reload();
    await page.getByRole('heading', { name: words.gone }).waitFor();
    await nothingSideways();
    await shot('gone');
    const before = stage.linkMessages().length;
    await page.locator('#renew').click();
    await page.getByText(words.renewed, { exact: true }).waitFor();
    await until(() => expect(stage.linkMessages()).toHaveLength(before + 1));

    // She puts the new link into the tab that shows the dead one.
    await page.goto(`${stage.url}/login#${stage.newestToken()}`);
    await page.locator('form').waitFor();
    expect(await page.title()).toBe(words.title);
  });

  test('when a server stands against it, then the page says which and why', async () => {
    stage = await openLoginStage({
      locale: words.locale,
      tryLogin: async () => {
        await sleep(50);
        return found({ ...blocked, loginTested: true });
      },
    });
    const page = await open(await stage.askForLink());
    await page.fill('#password', 'x');
    await page.keyboard.press('Enter');
    await page.locator('#result h3').getByText(words.refused, { exact: true }).waitFor();
    await nothingSideways();
    await shot('refused');
  });

  test('given a link that was never ours, then it says how to get one', async () => {
    stage = await openLoginStage({ locale: words.locale });
    const page = await open('', words.tag);
    await page.getByText(words.how, { exact: true }).waitFor();
    expect(await page.locator('#renew').isVisible()).toBe(false);
  });

  test('given a link with a slash too many, then it works all the same', async () => {
    stage = await openLoginStage({ locale: words.locale });
    const token = await stage.askForLink();
    visit = await browser.visit(`${stage.url}/login/#${token}`, { locale: words.foreign, width });
    await visit.page.locator('form').waitFor();
    expect(visit.page.url()).toBe(`${stage.url}/login#${token}`);
  });
});
