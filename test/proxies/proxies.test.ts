/** Each proxy with the configuration that is shipped for it: people and platforms get through, and nobody else. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { now, sign } from '../adapters/slack-transport.ts';
import { botToken, openSlackWorld, type SlackWorld, signingSecret } from '../adapters/slack-world.ts';
import { loopback, startProduct } from '../journeys/product.ts';
import { type Authority, type Certificate, scope } from '../mail-servers/index.ts';
import { freePorts, proxyNames, type RunningProxy, startProxy } from './start.ts';

const own = scope();
let authority: Authority;
let certificate: Certificate;
let ca: Buffer;
let world: SlackWorld;
beforeAll(async () => {
  authority = await own.authority();
  certificate = await authority.issue();
  ca = await readFile(authority.caFile);
  world = await openSlackWorld();
});
afterAll(async () => {
  await own.stop();
  await world?.close();
});

type Answer = { status: number; body: string; location: string | undefined };

/** The path goes out as it is written; `fetch` would tidy it. */
const ask = (
  proxy: RunningProxy,
  path: string,
  { body, ...options }: RequestOptions & { body?: string } = {},
) => {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { port } = new URL(proxy.url);
  const sent = request(
    { host: '127.0.0.1', port, servername: 'localhost', path, ca, ...options },
    (response) => {
      text(response).then(
        (answered) =>
          resolve({ status: response.statusCode ?? 0, body: answered, location: response.headers.location }),
        reject,
      );
    },
  );
  sent.setHeader('Host', `localhost:${port}`);
  sent.on('error', reject).end(body);
  return promise;
};

const signed = (proxy: RunningProxy, body: string): Promise<Answer> =>
  ask(proxy, '/slack/events', {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...sign(body, now()) },
  });

describe.each(proxyNames)('given %s in front of the bot', (name) => {
  let proxy: RunningProxy;
  beforeAll(async () => {
    const ports = await freePorts();
    const product = await own.start(
      startProduct({
        ...loopback,
        DATA_DIR: await own.folder(),
        PUBLIC_URL: `https://localhost:${ports.https}`,
        SLACK_BOT_TOKEN: botToken,
        SLACK_SIGNING_SECRET: signingSecret,
        SLACK_API_URL: world.door.apiUrl,
        TEAMS_ANONYMOUS: '1',
      }),
    );
    const backendPort = Number(new URL(product.url).port);
    proxy = await own.start(startProxy(name, { certificate, backendPort, ports }));
  });

  test('then the login page and what belongs to it are there', async () => {
    const page = await ask(proxy, '/login');
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('login/page.js') });
    expect((await ask(proxy, '/login/page.js')).status).toBe(200);
    const open = { method: 'POST', body: '{"token":"unknown"}' };
    const headers = {
      'Content-Type': 'application/json',
      Origin: proxy.url,
      'Sec-Fetch-Site': 'same-origin',
    };
    expect((await ask(proxy, '/login/open', { ...open, headers })).status).toBe(410);
    const foreign = { ...headers, Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' };
    expect((await ask(proxy, '/login/open', { ...open, headers: foreign })).status).toBe(403);
  });

  test('then Slack and Teams get through, with their signatures whole', async () => {
    expect(await signed(proxy, 'ssl_check=1')).toMatchObject({ status: 200 });
    expect(await ask(proxy, '/slack/events', { method: 'POST', body: 'payload=1' })).toMatchObject({
      status: 401,
    });
    const headers = { 'Content-Type': 'application/json' };
    const nonsense = await ask(proxy, '/api/messages', { method: 'POST', body: '{}', headers });
    expect([nonsense.status, nonsense.body]).not.toEqual([404, expect.anything()]);
  });

  test('then a body of 512 KiB gets through, and one byte more does not', async () => {
    const body = (bytes: number) => 'ssl_check=1&x='.padEnd(bytes, 'x');
    expect((await signed(proxy, body(512 * 1024))).status).toBe(200);
    expect((await signed(proxy, body(512 * 1024 + 1))).status).toBe(413);
  });

  test.each([
    '/metrics',
    '/METRICS',
    '//metrics',
    '/readyz',
    '/healthz',
    '/',
    '/preview',
    '/login/../metrics',
    '/login/%2e%2e/metrics',
    '/login/..%2fmetrics',
    '/login/..;/metrics',
    '/slack/events/../../readyz',
  ])('then %s leads nowhere from outside, whatever a visitor says of herself', async (path) => {
    for (const headers of [{}, { 'X-Forwarded-For': '127.0.0.1' }, { Forwarded: 'for=127.0.0.1' }]) {
      const { status, body } = await ask(proxy, path, { headers });
      expect([400, 404]).toContain(status);
      expect(body).not.toMatch(/connect_email_|"parts"|"ok"/u);
    }
  });

  test('then plain HTTP leads on to https', async () => {
    const { status, headers } = await fetch(`${proxy.plainUrl}/login`, { redirect: 'manual' });
    expect([301, 308]).toContain(status);
    expect(headers.get('location')).toMatch(/^https:\/\/localhost/u);
  });

  test('then the program behind it hears who came, and not what she says of herself', async () => {
    const server = createServer(({ headers }, response) => void response.end(JSON.stringify(headers)));
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, '127.0.0.1', resolve);
    await promise;
    const at = server.address();
    const backendPort = typeof at === 'object' && at ? at.port : 0;
    const echo = await own.start(startProxy(name, { certificate, backendPort, ports: await freePorts() }));
    const forged = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'http' };
    await expect
      .poll(async () => (await ask(echo, '/login', { headers: forged })).body)
      .toMatch(/"x-forwarded-for":"127\.0\.0\.1"/u);
    expect((await ask(echo, '/login', { headers: forged })).body).toMatch(/"x-forwarded-proto":"https"/u);
    server.closeAllConnections();
    server.close();
  });
});
