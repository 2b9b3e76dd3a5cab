import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import de from '../../locales/de/views.json' with { type: 'json' };
import en from '../../locales/en/views.json' with { type: 'json' };
import { type Browser, startBrowser, type Visit } from '../adapters/browser.ts';
import { found, until } from '../bot/stage.ts';
import { blocked, finding, loginPossible } from '../conversation/fixtures.ts';
import { picture } from '../journeys/preview-page.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { type LoginStage, openLoginStage, worked } from './login-stage.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const german = {
  locale: 'de',
  tag: 'de-DE',
  foreign: 'en-US',
  title: 'Anmeldung testen',
  missing: 'Bitte geben Sie das Passwort ein.',
  running: 'Wir testen die Anmeldung',
  ready: 'Ihr Konto ist bereit: Die Server erfüllen alle Anforderungen, und beide nehmen Ihre Anmeldung an.',
  over: 'Das Ergebnis steht auch im Chat. Sie können diese Seite schließen.',
  gone: 'Dieser Link gilt nicht mehr',
  renewed: 'Der neue Link ist im Chat.',
  how: 'Drücken Sie im Chat unter dem neuesten Bericht auf „Anmeldung testen“. Dann bekommen Sie einen neuen Link.',
  refused: 'Der IMAP-Server unterstützt nur TLS 1.0',
  asker: 'Anna Vogt hat diesen Test im Chat angefordert.',
  notYou: /Sind Sie das nicht\?/u,
  warning: 'Prüfen Sie, wohin Ihr Passwort geht',
  show: 'Passwort anzeigen',
  username: 'Benutzername',
  password: 'Passwort des Postfachs',
  both: 'Beide Server lehnen Benutzername oder Passwort ab',
  notAllowed: 'Für diese Server nehmen wir kein Passwort an',
  noAnswer: 'Der Bot antwortet nicht',
  slow: /^Das dauert länger als erwartet/u,
  noScript: /braucht JavaScript, und in diesem Browser ist es ausgeschaltet/u,
  loading: 'Einen Moment …',
  otherAddress: /unter einer anderen Adresse geöffnet/u,
} as const;
const english = {
  locale: 'en',
  tag: 'en-GB',
  foreign: 'de-DE',
  title: 'Test the login',
  missing: 'Please type the password.',
  running: "We're testing the login",
  ready: 'Your account is ready: the servers meet all requirements, and both accept your login.',
  over: 'The result is in the chat too. You can close this page.',
  gone: 'This link no longer works',
  renewed: 'The new link is in the chat.',
  how: "In the chat, press “Test the login” below the latest report. You'll then get a new link.",
  refused: 'The IMAP server only supports TLS 1.0',
  asker: 'Anna Vogt asked for this test in the chat.',
  notYou: /Isn't that you\?/u,
  warning: 'Check where your password goes',
  show: 'Show password',
  username: 'User name',
  password: 'Mailbox password',
  both: 'Both servers refuse the user name or password',
  notAllowed: "We don't accept a password for these servers",
  noAnswer: "The bot isn't answering",
  slow: /^This is taking longer than expected/u,
  noScript: /needs JavaScript, which is switched off in this browser/u,
  loading: 'One moment …',
  otherAddress: /opened at a different address/u,
} as const;
/** Each language and each width once; the words are the same, and so is the page. */
const variants = [
  { words: german, width: 390 },
  { words: english, width: 1280 },
] as const;

const views = { de, en };

sideBySide(variants, 'in $words.locale, $width pixels wide', ({ words, width }) => {
  let stage: LoginStage;
  let visit: Visit | null = null;
  afterEach(async () => {
    const complaints = visit?.complaints ?? [];
    await visit?.[Symbol.asyncDispose]();
    visit = null;
    await stage.close();
    expect(complaints).toEqual([]);
  });

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
    expect(await page.locator(':focus').textContent()).toContain(words.ready);
    expect(await page.locator('h2[data-tone=good] .icon').textContent()).toBe('✓');
    expect(await page.content()).not.toContain('kranich');
    await nothingSideways();
    await shot('result');
    await until(() => expect(stage.recorder.words('person').at(-1)).toBe(words.ready));

    await page.reload();
    await page.locator('#result h2').getByText(words.ready, { exact: true }).waitFor();
    expect(await page.getByRole('heading', { name: words.gone }).count()).toBe(0);
  });

  test('given a test under way, then a reload and a second tab of the same browser show it, and another browser nothing', async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    stage = await openLoginStage({
      locale: words.locale,
      tryLogin: async () => {
        await go;
        return worked();
      },
    });
    const token = await stage.askForLink();
    const page = await open(token);
    await page.fill('#password', 'x');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: words.running }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: words.running }).waitFor();
    const tab = await page.context().newPage();
    await tab.goto(`${stage.url}/login#${token}`);
    await tab.getByRole('heading', { name: words.running }).waitFor();
    await using other = await browser.visit(`${stage.url}/login#${token}`, { locale: words.tag, width });
    await other.page.getByRole('heading', { name: words.gone }).waitFor();
    expect(await other.page.locator('#renew').isVisible()).toBe(false);
    resolve();
    for (const one of [page, tab])
      await one.locator('#result h2').getByText(words.ready, { exact: true }).waitFor();
  });

  test('given a link that another has replaced, then it offers a new one, which works in the same tab', async () => {
    stage = await openLoginStage({ locale: words.locale });
    const older = await stage.askForLink();
    await stage.askForLink();
    const page = await open(older);
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

  test('says who asked, lets her see what she types, and a password manager what it is about', async () => {
    stage = await openLoginStage({ locale: words.locale });
    const page = await open(await stage.askForLink());
    await page.getByText(words.asker, { exact: true }).waitFor();
    await page.getByText(words.notYou).waitFor();
    expect(await page.getByText(words.warning).isVisible()).toBe(false);
    const username = page.getByLabel(words.username);
    expect(await username.inputValue()).toBe('anna@firma.example');
    expect(await username.getAttribute('autocomplete')).toBe('username');
    const password = page.getByLabel(words.password);
    expect(await password.getAttribute('autocomplete')).toBe('current-password');
    await password.fill('kranich-ruht-17');
    expect(await password.getAttribute('type')).toBe('password');
    await page.getByLabel(words.show).check();
    expect(await password.getAttribute('type')).toBe('text');
    await shot('shown');
    await page.getByLabel(words.show).uncheck();
    expect(await password.getAttribute('type')).toBe('password');
  });

  test('given servers that nothing connects with her address, then it warns above the field', async () => {
    stage = await openLoginStage({ locale: words.locale, foreign: ['imap', 'smtp'] });
    const page = await open(await stage.askForLink());
    const warning = page.locator('.warning');
    await warning.getByText(words.warning).waitFor();
    for (const name of ['firma.example', 'imap.firma.example', 'smtp.firma.example'])
      expect(await warning.textContent()).toContain(name);
    await nothingSideways();
    await shot('foreign');
  });

  test('given an operator who refuses such servers, then it has no field and says who can change that', async () => {
    stage = await openLoginStage({ locale: words.locale, foreign: ['imap', 'smtp'] });
    const token = await stage.askForLink();
    await stage.restart({ refuses: true });
    const page = await open(token);
    await page.getByRole('heading', { name: words.notAllowed }).waitFor();
    expect(await page.locator('#password').isVisible()).toBe(false);
    expect(await page.locator('#result').textContent()).toContain('LOGIN_FOREIGN_SERVERS');
    await nothingSideways();
    await shot('not-allowed');
  });

  test('given a mistyped password, then one text says so, and a new link is one click away', async () => {
    const refused = (['imap', 'smtp'] as const).map((service) =>
      finding('login-accepted', 'wrong-credentials', {
        service,
        evidence: { reply: service === 'imap' ? 'Authentication failed.' : '535 5.7.8 Error' },
      }),
    );
    stage = await openLoginStage({
      locale: words.locale,
      tryLogin: async () =>
        found({
          ...loginPossible,
          verdict: 'blocked',
          loginTested: true,
          findings: [...loginPossible.findings, ...refused],
        }),
    });
    const page = await open(await stage.askForLink());
    await page.fill('#password', 'x');
    await page.keyboard.press('Enter');
    await page.locator('#result h3').getByText(words.both, { exact: true }).waitFor();
    expect(await page.locator('#result h3[data-tone]').count()).toBe(1);
    // What was seen stands below, and no part of the report is unknown to the page.
    expect(await page.locator('#result').textContent()).toContain(views[words.locale].report.seen);
    expect(await page.locator('#result').textContent()).not.toContain('undefined');
    expect(await page.locator('h3[data-tone=bad] .icon').textContent()).toBe('✕');
    await nothingSideways();
    await shot('mistyped');
    const before = stage.linkMessages().length;
    await page.locator('#renew').click();
    await page.getByText(words.renewed, { exact: true }).waitFor();
    await until(() => expect(stage.linkMessages()).toHaveLength(before + 1));
  });

  test('given a process that is gone meanwhile, then it says so instead of promising a result', async () => {
    stage = await openLoginStage({
      locale: words.locale,
      tryLogin: (_secret, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
    });
    const page = await open(await stage.askForLink());
    await page.fill('#password', 'x');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: words.running }).waitFor();
    await stage.silence();
    await page.getByRole('heading', { name: words.noAnswer }).waitFor({ timeout: 20_000 });
    expect(await page.locator('main').textContent()).not.toMatch(/\b30\b.*Sekunden|30 seconds/u);
    await nothingSideways();
    await shot('no-answer');
  });

  test('given a test that takes longer than any may, then it no longer says that it is quick', async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    stage = await openLoginStage({
      locale: words.locale,
      tryLogin: async () => {
        await go;
        return worked();
      },
    });
    const token = await stage.askForLink();
    const page = await open(token);
    await page.clock.install();
    await page.reload();
    await page.fill('#password', 'x');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: words.running }).waitFor();
    await page.clock.fastForward(36_000);
    await page.locator('#after').getByText(words.slow).waitFor();
    resolve();
    await page.locator('#result h2').getByText(words.ready, { exact: true }).waitFor();
  });

  test('given a browser without JavaScript, then it says what is to be done, and not to wait', async () => {
    stage = await openLoginStage({ locale: words.locale });
    visit = await browser.visit(`${stage.url}/login#${await stage.askForLink()}`, {
      locale: words.tag,
      width,
      hasJavaScript: false,
    });
    await visit.page.getByText(words.noScript).waitFor();
    expect(await visit.page.getByText(words.loading).isVisible()).toBe(false);
    await shot('no-script');
  });

  test('given another address than the one that is set, then it says that reloading does not help, and whom to tell', async () => {
    stage = await openLoginStage({ locale: words.locale });
    const token = await stage.askForLink();
    const url = `${stage.url.replace('127.0.0.1', 'localhost')}/login#${token}`;
    visit = await browser.visit(url, { locale: words.tag, width });
    await visit.page.getByText(words.otherAddress).waitFor();
    expect(await visit.page.locator('#wrong-address').textContent()).toContain('PUBLIC_URL');
    expect(await visit.page.locator('#failed').isVisible()).toBe(false);
    expect(stage.otherAddresses()).toBe(1);
    await shot('other-address');
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
