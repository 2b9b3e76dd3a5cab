/** However an address is written, the same guards stand before it. */
import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../bot/stage.ts';
import { newBrowser, send } from './login-client.ts';
import { type LoginStage, openLoginStage, worked } from './login-stage.ts';

let stage: LoginStage;
afterEach(() => stage.close());

const spellings = [
  '/login',
  '/LOGIN',
  '/Login',
  '/login/',
  '/LOGIN//',
  '/%6cogin',
  '/%4COGIN',
  '/login%2F',
  '/login?x=1',
  '/LOGIN/?x=1',
];
const json = { 'Content-Type': 'application/json' };

/** A page that is open in her browser, and what a request from it holds. */
const opened = async () => {
  const token = await stage.askForLink();
  const open = await send(stage, { path: '/login/open', headers: json, body: JSON.stringify({ token }) });
  const cookie = String(open.headers['set-cookie']).split(';')[0] ?? '';
  const { csrf } = JSON.parse(open.text) as { csrf: string };
  return { cookie, body: JSON.stringify({ token, csrf, password: 'kranich-ruht-17' }) };
};

describe.each(spellings)('%s', (path) => {
  test('takes no password from another site, and none that is no JSON', async () => {
    let logins = 0;
    stage = await openLoginStage({
      tryLogin: async () => {
        logins += 1;
        return worked();
      },
    });
    const { cookie, body } = await opened();
    const own = { ...json, Cookie: cookie };
    const foreign: Record<string, string>[] = [
      { ...own, Origin: 'https://evil.example' },
      { ...own, 'Sec-Fetch-Site': 'cross-site' },
      { ...own, 'Sec-Fetch-Site': 'same-site', Origin: 'https://other.firma.example' },
    ];
    for (const headers of foreign)
      expect([403, 404]).toContain((await send(stage, { path, headers, body })).status);
    const plain = { Cookie: cookie, 'Content-Type': 'text/plain', Origin: stage.url };
    expect([400, 404]).toContain((await send(stage, { path, headers: plain, body })).status);
    expect(logins).toBe(0);
    expect((await send(stage, { path: '/login', headers: own, body })).status).toBe(202);
    await until(() => expect(logins).toBe(1));
  });

  test('shows the page with all that protects it, also to HEAD', async () => {
    stage = await openLoginStage();
    for (const method of ['GET', 'HEAD']) {
      const { status, text, headers } = await send(stage, { method, path });
      expect([200, 308]).toContain(status);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['cache-control']).toBe('no-store');
      if (method === 'HEAD') expect(text).toBe('');
      const to = new URL(String(headers.location ?? path), `${stage.url}${path}`);
      expect((await fetch(to)).status).toBe(200);
    }
  });
});

test.each(['/LOGIN/OPEN', '/login/open/', '/login/Progress', '/login/renew', '/login%2Fopen'])(
  '%s takes nothing from another site',
  async (path) => {
    stage = await openLoginStage();
    const headers = { ...json, Origin: 'https://evil.example' };
    const token = await stage.askForLink();
    expect((await send(stage, { path, headers, body: JSON.stringify({ token }) })).status).toBe(403);
    expect(stage.refusals).toEqual(['login cross-site']);
  },
);

test.each([
  ['PUT', '/login', 'GET, HEAD, POST'],
  ['GET', '/login/open', 'POST'],
  ['HEAD', '/LOGIN/renew', 'POST'],
  ['POST', '/login/page.js', 'GET, HEAD'],
  ['DELETE', '/login/page.css', 'GET, HEAD'],
])('%s %s is not what is done there', async (method, path, allow) => {
  stage = await openLoginStage();
  const { status, headers } = await send(stage, { method, path });
  expect([status, headers.allow]).toEqual([405, allow]);
});

test.each(['/logins', '/login/opened', '/%', '/login%', '//login', '/login/../login/open', '/__proto__'])(
  '%s is nothing of the page’s',
  async (path) => {
    stage = await openLoginStage();
    expect((await send(stage, { method: 'GET', path })).status).toBe(404);
  },
);

test('counts by reason what is not let in, and nothing of what was sent', async () => {
  stage = await openLoginStage();
  const stranger = newBrowser(stage);
  await stranger.open('A'.repeat(43));
  await stranger.submit('A'.repeat(43));
  await send(stage, { path: '/login', headers: json, body: '{"token":"x","csrf":"y","password":"z"}' });
  await send(stage, { path: '/login', headers: { ...json, Origin: 'https://evil.example' } });
  expect(stage.refusals).toEqual([
    'login unknown-link',
    'login unknown-link',
    'login bad-session',
    'login cross-site',
  ]);
});

test('given a page that was opened under another address than PUBLIC_URL, then it is told apart from a foreign site, and the operator hears of it once', async () => {
  stage = await openLoginStage({ isSecure: true });
  const token = await stage.askForLink();
  const body = JSON.stringify({ token });
  const { host } = new URL(stage.url);
  for (const headers of [
    { ...json, Origin: `http://${host}` },
    { ...json, Origin: 'https://alias.firma.example', 'Sec-Fetch-Site': 'same-origin' },
  ]) {
    const { status, text } = await send(stage, { path: '/login/open', headers, body });
    expect([status, text]).toEqual([403, '{"error":"other-address"}']);
  }
  expect(stage.otherAddresses()).toBe(1);
  const foreign = { ...json, Origin: 'https://evil.example' };
  expect((await send(stage, { path: '/login/open', headers: foreign, body })).text).toBe(
    '{"error":"forbidden"}',
  );
  expect(stage.otherAddresses()).toBe(1);
});
