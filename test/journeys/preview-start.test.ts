import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, startBrowser } from '../adapters/browser.ts';
import { scope, startListener, startSilent } from '../mail-servers/index.ts';
import { fill, giveAddress, message, submit } from './preview-page.ts';
import { failToStart, loopback, startProduct } from './product.ts';

const servers = scope();
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await servers.stop();
});

const start = async (env: Readonly<Record<string, string>> = {}) =>
  servers.start(startProduct({ LOG_LEVEL: 'error', DATA_DIR: await servers.folder(), ...env }));

/** Both services at one port, where only a listener of ours is. */
const both = (port: number) => ({
  imapHost: '127.0.0.1',
  imapPort: String(port),
  smtpHost: '127.0.0.1',
  smtpPort: String(port),
});

describe('given the preview has started', () => {
  test.each([
    ['de-DE', 'de', 'E-Mail mit HubSpot verbinden', 'Ihr E-Mail-Konto mit HubSpot verbinden'],
    ['en-GB', 'en', 'Connect e-mail to HubSpot', 'Connect your e-mail account to HubSpot'],
  ])('a browser that prefers %s gets the page in its language', async (locale, lang, title, welcome) => {
    const product = await start();
    await using visit = await browser.visit(product.url, { locale });
    const { page, complaints } = visit;
    await page.getByRole('heading', { name: welcome, exact: true }).waitFor();
    expect(await page.title()).toBe(title);
    expect(await page.getAttribute('html', 'lang')).toBe(lang);
    expect(complaints).toEqual([]);
  });

  test('its host can ask whether it lives and whether it is ready', async () => {
    const { url } = await start();
    const [alive, ready] = await Promise.all([fetch(`${url}/healthz`), fetch(`${url}/readyz`)]);
    expect([alive.status, ready.status]).toEqual([200, 200]);
    expect(await ready.json()).toEqual({ ready: true, parts: { store: true, 'it-channel': true } });
  });

  test('SIGTERM ends it in time, even with a page open and a check under way', async () => {
    const silent = await servers.start(startSilent());
    const product = await start(loopback);
    await using visit = await browser.visit(product.url, { locale: 'de-DE' });
    await giveAddress(visit.page);
    await fill(visit.page, 'servers', both(silent.port));
    await submit(visit.page, 'servers');
    await message(visit.page, 'rep', 'Wir prüfen die Mailserver für rep@example.test').waitFor();
    const asked = performance.now();
    expect(await product.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(5000);
  });

  test.each([
    {
      tag: 'de-DE',
      width: 1280,
      verdict: 'So lässt sich das Konto nicht verbinden: Eine Anforderung ist nicht erfüllt.',
      titles: ['IMAP und SMTP: 127.0.0.1 steht in einem internen Netz'],
    },
    {
      tag: 'en-US',
      width: 390,
      verdict: "The account can't be connected like this: one requirement isn't met.",
      titles: ['IMAP and SMTP: 127.0.0.1 is in a private network'],
    },
  ])(
    'a private address is not connected to, and she reads why ($tag)',
    async ({ tag, width, verdict, titles }) => {
      let connections = 0;
      const listener = await servers.start(
        startListener((socket) => {
          connections += 1;
          socket.resume();
        }),
      );
      const product = await start({ CHECK_ALLOW_PORTS: '1024-65535' });
      await using visit = await browser.visit(product.url, { locale: tag, width });
      const { page, complaints } = visit;
      await giveAddress(page);
      await fill(page, 'servers', both(listener.port));
      await submit(page, 'servers');
      const report = message(page, 'rep', verdict);
      await report.waitFor();
      expect(await report.locator('.finding h4').allTextContents()).toEqual(titles);
      expect(connections).toBe(0);
      expect(complaints).toEqual([]);
    },
  );
});

test.each([
  ['127.0.0.2', /^http:\/\/127\.0\.0\.2:\d+$/u],
  ['[::1]', /^http:\/\/\[::1\]:\d+$/u],
  ['::1', /^http:\/\/\[::1\]:\d+$/u],
])('given HOST=%s, the preview lets in whoever comes to the address it names', async (HOST, url) => {
  const product = await start({ HOST });
  expect(product.url).toMatch(url);
  expect((await fetch(product.url)).status).toBe(200);
});

describe('given a setting that cannot be used, the start stops with one line', () => {
  test.each([
    [
      'HOST outside loopback',
      { HOST: '0.0.0.0' },
      'connect-email cannot start: HOST: the local preview starts on loopback only, such as 127.0.0.1\n',
    ],
    [
      'HOST that looks like an address and is none',
      { HOST: '127.0.0.999' },
      'connect-email cannot start: HOST: the local preview starts on loopback only, such as 127.0.0.1\n',
    ],
    [
      'a network that is none',
      { CHECK_ALLOW_NETWORKS: 'nonsense' },
      'connect-email cannot start: CHECK_ALLOW_NETWORKS: expected networks such as 10.0.0.0/8\n',
    ],
  ])('%s', async (_name, env, line) => {
    const ended = await failToStart({ ...env, DATA_DIR: await servers.folder() });
    expect(ended).toEqual({ code: 1, out: '', err: line });
  });

  test.each([
    ['as it is', ''],
    ['with the byte order mark of an editor', '\ufeff'],
  ])('in the file .env, %s', async (_name, mark) => {
    const folder = await servers.folder();
    await writeFile(join(folder, '.env'), `${mark}HOST=0.0.0.0\nLOG_LEVEL=error\n`);
    const { code, err } = await failToStart({ DATA_DIR: folder }, folder);
    expect([code, err]).toEqual([1, expect.stringMatching(/^connect-email cannot start: HOST: .*\n$/u)]);
  });

  test('a file .env that cannot be read', async () => {
    const folder = await servers.folder();
    await mkdir(join(folder, '.env'));
    const { code, err } = await failToStart({ DATA_DIR: folder }, folder);
    expect([code, err]).toEqual([
      1,
      'connect-email cannot start: .env: expected a file, but it is a folder\n',
    ]);
  });

  test('a port that another program uses', async () => {
    const other = await servers.start(startSilent());
    const ended = await failToStart({ PORT: String(other.port), DATA_DIR: await servers.folder() });
    expect(ended).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^connect-email cannot start: cannot listen on 127\.0\.0\.1 port \d+: .*set PORT.*\n$/u,
      ),
    });
  });
});
