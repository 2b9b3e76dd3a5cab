import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { workerLimits } from '../../src/bot/ports.ts';
import { found, logged, startBot, until } from '../bot/stage.ts';
import { blocked, loginPossible } from '../conversation/fixtures.ts';
import { type LoginStage, openLoginStage, worked } from './login-stage.ts';

let stage: LoginStage;
afterEach(() => stage.close());

type Sent = { status: number; answer: Record<string, unknown>; cookie: string; headers: Headers };

const post = async (
  path: string,
  body: object | string,
  more: Record<string, string> = {},
): Promise<Sent> => {
  const response = await fetch(`${stage.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...more },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, answer, cookie, headers: response.headers };
};

const openPage = async (token: string) => {
  const { status, answer, cookie } = await post('/login/open', { token });
  return { status, answer, cookie, csrf: String(answer.csrf) };
};

const canary = 'Kanarienvogel-singt-4711';

describe('the page', () => {
  test('may load nothing but its own script and style, is in no frame and no cache, and tells nobody where it came from', async () => {
    stage = await openLoginStage();
    const response = await fetch(`${stage.url}/login`, { headers: { 'Accept-Language': 'en-GB' } });
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([\w-]+)'/u.exec(policy)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(html.match(new RegExp(`nonce="${nonce}"`, 'gu'))).toHaveLength(2);
    expect(html).toContain('<html lang="en">');
    expect(html).not.toMatch(/\{\{|https?:/u);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('strict-transport-security')).toBeNull();
    const again = await fetch(`${stage.url}/login`);
    expect(again.headers.get('content-security-policy')).not.toBe(policy);
  });

  test('over https has a cookie that no other host and no plain http can set or read', async () => {
    stage = await openLoginStage({ isSecure: true });
    const { headers } = await post('/login/open', { token: await stage.askForLink() });
    expect(headers.get('set-cookie')).toMatch(/^__Host-login=[\w-]{43};/u);
    for (const part of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/'])
      expect(headers.get('set-cookie')).toContain(part);
    expect(headers.get('set-cookie')).not.toContain('Domain');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d+/u);
  });
});

describe('a link', () => {
  test('given the newest check, then it stands in the chat only, and the store knows its hash only', async () => {
    stage = await openLoginStage();
    const token = await stage.askForLink();
    expect(token).toMatch(/^[\w-]{43}$/u);
    const disk = await stage.onDisk();
    expect(disk).not.toContain(token);
    expect(disk).toContain(createHash('sha256').update(token).digest('base64url'));
  });

  test('can be opened again and again, and says whose mailbox and which servers it is about', async () => {
    stage = await openLoginStage();
    const token = await stage.askForLink();
    for (const _time of [1, 2]) {
      const { status, answer } = await openPage(token);
      expect(status).toBe(200);
      expect(answer).toMatchObject({
        address: 'anna@firma.example',
        language: 'de',
        servers: [
          { label: 'IMAP', value: 'imap.firma.example:993' },
          { label: 'SMTP', value: 'smtp.firma.example:465' },
        ],
      });
    }
  });

  test('works once: whoever comes second, even at the same moment, is told that it is gone', async () => {
    let tries = 0;
    stage = await openLoginStage({
      tryLogin: async () => {
        tries += 1;
        return worked();
      },
    });
    const token = await stage.askForLink();
    const { csrf, cookie } = await openPage(token);
    const send = () => post('/login', { token, csrf, password: 'x' }, { Cookie: cookie });
    const statuses = (await Promise.all([send(), send(), send()])).map(({ status }) => status).sort();
    expect(statuses).toEqual([202, 410, 410]);
    expect((await send()).status).toBe(410);
    await until(() => expect(tries).toBe(1));
    expect((await openPage(token)).answer).toMatchObject({ error: 'gone', canRenew: false });
  });

  test('given ten minutes later, then it is gone, and a new one comes into the chat on request', async () => {
    stage = await openLoginStage();
    const token = await stage.askForLink();
    stage.later(10 * 60_000 + 1);
    const { status, answer, csrf, cookie } = await openPage(token);
    expect([status, answer.error]).toEqual([410, 'gone']);
    const tried = await post('/login', { token, csrf, password: canary }, { Cookie: cookie });
    expect(tried.status).toBe(410);
    const renewed = await post('/login/renew', { token, csrf }, { Cookie: cookie });
    expect(renewed.answer).toEqual({ isSent: true });
    await until(() => expect(stage.linkMessages()).toHaveLength(2));
    expect((await openPage(stage.newestToken())).status).toBe(200);
  });

  test.each(['', 'x', 'A'.repeat(43)])(
    'that is “%s” is none of ours, and gives nothing away',
    async (token) => {
      stage = await openLoginStage();
      const { status, answer, csrf, cookie } = await openPage(token);
      expect(status).toBe(410);
      expect(answer).toMatchObject({ canRenew: false });
      const renewed = await post('/login/renew', { token, csrf }, { Cookie: cookie });
      expect(renewed.answer).toEqual({ isSent: false });
    },
  );
});

describe('a request that comes from elsewhere', () => {
  test.each([
    ['another origin', { Origin: 'https://evil.example' }],
    ['no origin at all, by name', { Origin: 'null' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sister site', { 'Sec-Fetch-Site': 'same-site' }],
    ['a browser that hides its origin', { 'Sec-Fetch-Site': 'same-origin', Origin: '' }],
  ])('%s: is refused', async (_what, headers) => {
    stage = await openLoginStage();
    const token = await stage.askForLink();
    expect((await post('/login/open', { token }, headers as Record<string, string>)).status).toBe(403);
  });

  test('without the cookie, or with a csrf token of another page, consumes nothing', async () => {
    stage = await openLoginStage();
    const token = await stage.askForLink();
    const { csrf, cookie } = await openPage(token);
    const other = await openPage(token);
    const password = canary;
    expect((await post('/login', { token, csrf, password })).status).toBe(403);
    expect((await post('/login', { token, csrf, password }, { Cookie: other.cookie })).status).toBe(403);
    expect((await post('/login', { token, csrf: 'x', password }, { Cookie: cookie })).status).toBe(403);
    const wrongType = { Cookie: cookie, 'Content-Type': 'text/plain' };
    expect((await post('/login', { token, csrf, password }, wrongType)).status).toBe(400);
    const broken = `{"token":"${token}","password":"${canary}`;
    expect((await post('/login', broken, { Cookie: cookie })).answer).toEqual({ error: 'invalid' });
    expect((await post('/login', { token, csrf, password: '' }, { Cookie: cookie })).status).toBe(422);
    expect((await post('/login', { token, csrf, password }, { Cookie: cookie })).status).toBe(202);
    expect(String(stage.errors)).not.toContain(canary);
  });
});

describe('a password', () => {
  const submit = async (password: string) => {
    const token = await stage.askForLink();
    const { csrf, cookie } = await openPage(token);
    const sent = await post('/login', { token, csrf, password }, { Cookie: cookie });
    return { sent, progress: () => post('/login/progress', { token, csrf }, { Cookie: cookie }) };
  };

  test('reaches the check once, and the result comes into the chat and onto the page', async () => {
    const seen: string[] = [];
    stage = await openLoginStage({
      tryLogin: async (secret) => {
        seen.push(secret.reveal());
        return worked();
      },
    });
    const { sent, progress } = await submit(canary);
    expect(sent.status).toBe(202);
    await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Ihr Konto ist bereit/u));
    expect(seen).toEqual([canary]);
    const { answer } = await progress();
    expect(answer.isOver).toBe(true);
    expect(JSON.stringify(answer.blocks)).toContain('Ihr Konto ist bereit');
    expect(stage.linkMessages()[0]?.message.summary).toMatch(/gilt nicht mehr/u);
    expect(JSON.stringify(stage.linkMessages()[0]?.message)).not.toContain('/login#');
  });

  test('is nowhere afterwards, whether the login worked, was refused, or failed by our fault', async () => {
    logged.length = 0;
    const ends = [
      async () => worked(),
      async () => found({ ...blocked, loginTested: true }),
      () => Promise.reject(new Error(`wrong: ${canary}`)),
    ];
    for (const tryLogin of ends) {
      stage = await openLoginStage({ tryLogin });
      const before = stage.recorder.posts.length;
      const { progress } = await submit(canary);
      await until(() => expect(stage.recorder.posts.length).toBeGreaterThan(before + 2));
      await until(() => expect(stage.recorder.words('person').at(-1)).not.toMatch(/Wir prüfen/u));
      expect(JSON.stringify((await progress()).answer)).not.toContain(canary);
      expect(JSON.stringify(stage.recorder.posts)).not.toContain(canary);
      expect(await stage.onDisk()).not.toContain(canary);
      expect(await stage.onDisk()).toContain('anna@firma.example');
      expect(String(stage.errors)).not.toContain(canary);
      if (tryLogin !== ends.at(-1)) await stage.close();
    }
    expect(logged.join('\n')).toContain('check with login failed');
    expect(logged.join('\n')).not.toContain(canary);
  });

  test('given three attempts within the hour, then the fourth is refused with a kind sentence, here and in the chat', async () => {
    stage = await openLoginStage({ tryLogin: async () => found({ ...loginPossible, loginTested: true }) });
    for (const _attempt of [1, 2, 3]) {
      expect((await submit('x')).sent.status).toBe(202);
      await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Ihr Konto ist bereit/u));
    }
    const { sent } = await submit('x');
    expect(sent.status).toBe(429);
    expect(sent.answer.told).toMatch(/^Wir testen gerade nicht weiter.*In 60 Minuten/u);
    await until(() =>
      expect(stage.recorder.words('person').at(-1)).toMatch(
        /^Für dieses Konto testen wir gerade nicht weiter.*In 60 Minuten/u,
      ),
    );
  });

  test('given a process that stops in the middle, then she is told that it was us and can ask for a new link', async () => {
    stage = await openLoginStage({
      tryLogin: (_secret, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
    });
    await submit(canary);
    await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Wir prüfen/u));
    await stage.bot.stop();
    const stored = await stage.store.latestOf({ platform: 'recording', id: 'U1' });
    expect(stored?.conversation.checks.at(-1)).toMatchObject({ withLogin: true, state: 'failed' });
    startBot(stage.store, stage.recorder);
    await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/Fehler bei uns/u));
  });

  test('given a process that is busy with it for long, then no other calls it off, and nothing is left of it', async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    stage = await openLoginStage({
      tryLogin: async () => {
        await go;
        return worked();
      },
    });
    await submit(canary);
    // Another one, for which it is two seconds before the end of what is waited without a sign.
    const ahead = workerLimits.loginLeaseMs - 2000;
    const next = startBot(stage.store, stage.recorder, { clock: { now: () => Date.now() + ahead } });
    await sleep(3500);
    expect(stage.recorder.words('person').at(-1)).toMatch(/^Wir prüfen/u);
    resolve();
    await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Ihr Konto ist bereit/u));
    await until(async () => expect((await stage.store.counts(Date.now())).waiting).toEqual({}));
    await next.stop();
  });

  test('given a process that dies in the middle, then the next one notices by itself and says the same', async () => {
    stage = await openLoginStage({ tryLogin: () => new Promise(() => undefined) });
    await submit(canary);
    await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Wir prüfen/u));
    const hour = 60 * 60_000;
    let runs = 0;
    const next = startBot(stage.store, stage.recorder, {
      clock: { now: () => Date.now() + hour },
      diagnose: async () => {
        runs += 1;
        return worked();
      },
    });
    await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/Fehler bei uns/u));
    expect(runs).toBe(0);
    await next.stop();
  });
});
