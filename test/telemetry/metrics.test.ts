import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Depths, ReadinessFigures } from '../../src/telemetry/figures.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { metricsRoute } from '../../src/web/metrics.ts';
import { startWebServer } from '../../src/web/server.ts';

const token = 'brieftaube-7c1f-brieftaube-7c1f-x';

const depths: Depths = { waiting: { show: 3 }, givenUp: { relay: 2 }, oldestDueMs: 4500, unreadable: 1 };
const good: ReadinessFigures = { ready: true, parts: { store: true, slack: true }, depths };

const open = async (options: { token: string | null; isTokenNeeded?: boolean; now?: ReadinessFigures }) => {
  const metrics = createMetrics();
  const web = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    token: options.token,
    onRefused: metrics.turnedAway,
    routers: [
      metricsRoute({
        token: options.token,
        isTokenNeeded: options.isTokenNeeded ?? false,
        page: () => metrics.page(options.now ?? good, ['metrics', 'slack']),
        onRefused: metrics.turnedAway,
      }),
    ],
    health: async () => ({ ready: true, parts: { store: true } }),
  });
  /** As it is written; a proxy's own words are in `lines`. */
  const raw = async (path: string, lines: readonly string[], version = '1.1') => {
    const socket = connect(web.port, '127.0.0.1');
    const host = lines.some((line) => /^host:/iu.test(line)) ? [] : [`Host: 127.0.0.1:${web.port}`];
    const head = [`GET ${path} HTTP/${version}`, ...host, ...lines, 'Connection: close'];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const answer = await text(socket);
    return { status: Number(answer.split(' ')[1]), body: answer.slice(answer.indexOf('\r\n\r\n') + 4) };
  };
  const get = (headers: Record<string, string> = {}, path = '/metrics') =>
    raw(
      path,
      Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    );
  return { metrics, get, raw, url: web.url, [Symbol.asyncDispose]: web.stop };
};

const proxied = { 'X-Forwarded-For': '203.0.113.7' };

describe('metrics', () => {
  test('count checks by verdict, unmet requirements by reason, and jobs by kind', async () => {
    await using page = await open({ token: null });
    page.metrics.checked({
      kind: 'check',
      verdict: 'blocked',
      loginTested: false,
      durationMs: 240,
      findings: [
        { requirement: 'tls-min-version', verdict: 'fail', reason: 'legacy-only' },
        { requirement: 'cert-name', verdict: 'pass', reason: null },
      ],
    });
    page.metrics.checkFailed('watch');
    page.metrics.rehearsed({ outcome: 'held', reason: 'in-junk', durationMs: 900, leftBehind: 2 });
    page.metrics.rehearsed({ outcome: 'not-begun', reason: 'not-reached', durationMs: null, leftBehind: 0 });
    page.metrics.answered('slack', 12);
    page.metrics.refused('slack', 'not-in-channel');
    const { status, body } = await page.get();
    expect(status).toBe(200);
    expect(body.split('\n')).toEqual(
      expect.arrayContaining([
        'connect_email_checks_total{kind="check",verdict="blocked",login="false"} 1',
        'connect_email_checks_total{kind="watch",verdict="failed",login="false"} 1',
        'connect_email_findings_total{requirement="tls-min-version",verdict="fail",reason="legacy-only"} 1',
        'connect_email_check_duration_seconds_bucket{le="0.25",kind="check"} 1',
        'connect_email_rehearsals_total{outcome="held",reason="in-junk"} 1',
        'connect_email_rehearsals_total{outcome="not-begun",reason="not-reached"} 1',
        'connect_email_rehearsals_total{outcome="failed",reason=""} 0',
        'connect_email_rehearsal_duration_seconds_bucket{le="1"} 1',
        'connect_email_rehearsal_duration_seconds_count 1',
        'connect_email_test_mails_left_total 2',
        'connect_email_ack_duration_seconds_count{platform="slack"} 1',
        'connect_email_platform_errors_total{platform="slack",code="not-in-channel"} 1',
        'connect_email_jobs{kind="show"} 3',
        'connect_email_jobs_given_up{kind="relay"} 2',
        'connect_email_oldest_job_seconds 4.5',
        'connect_email_unreadable_conversations 1',
        'connect_email_store_up 1',
        'connect_email_ready 1',
        'connect_email_ready_part{part="slack"} 1',
        'connect_email_refused_requests_total{door="slack",reason="bad-signature"} 0',
        'connect_email_refused_requests_total{door="metrics",reason="bad-token"} 0',
      ]),
    );
    expect(body).not.toContain('cert-name');
  });

  test('are for this machine, and through a proxy for nobody without the token', async () => {
    await using page = await open({ token });
    expect((await page.get()).status).toBe(200);
    expect((await page.get(proxied)).status).toBe(404);
    expect(
      (await page.get({ ...proxied, Authorization: 'Bearer brieftaube-7c1f-brieftaube-7c1f-y' })).status,
    ).toBe(404);
    expect((await page.get({ ...proxied, Authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test('without a token set, no word opens them from outside', async () => {
    await using page = await open({ token: null });
    for (const word of ['', 'Bearer ', 'Bearer null'])
      expect((await page.get({ ...proxied, Authorization: word })).status).toBe(404);
  });

  test.each([
    ['X-Forwarded-For: 203.0.113.7'],
    ['X-Forwarded-Host: bot.firma.test'],
    ['X-Forwarded-Proto: https'],
    ['X-Real-IP: 203.0.113.7'],
    ['CF-Connecting-IP: 203.0.113.7'],
    ['True-Client-IP: 203.0.113.7'],
    ['Forwarded: for=203.0.113.7'],
    ['Via: 1.1 proxy'],
    ['Host: bot.firma.test'],
  ])('%s: somebody else stands behind it, and reads neither figures nor parts', async (line) => {
    await using page = await open({ token });
    expect((await page.raw('/metrics', [line])).status).toBe(404);
    expect(await page.raw('/readyz', [line])).toMatchObject({ status: 200, body: '{"ready":true}' });
    const shown = [line, `Authorization: Bearer ${token}`];
    expect((await page.raw('/metrics', shown)).status).toBe(200);
    expect((await page.raw('/readyz', shown)).body).toContain('"parts":{"store":true}');
  });

  test('nginx as it comes adds nothing, names this machine and speaks HTTP/1.0: it is seen as well', async () => {
    await using page = await open({ token });
    expect((await page.raw('/metrics', [], '1.0')).status).toBe(404);
    expect((await page.raw('/readyz', [], '1.0')).body).toBe('{"ready":true}');
    expect((await page.raw('/readyz', [])).body).toBe('{"ready":true,"parts":{"store":true}}');
  });

  test('where strangers come in, nobody reads them without the token, this machine neither', async () => {
    await using page = await open({ token, isTokenNeeded: true });
    expect((await page.get()).status).toBe(404);
    expect((await page.get({ Authorization: `Bearer ${token}` })).status).toBe(200);
    await using shut = await open({ token: null, isTokenNeeded: true });
    for (const word of ['', 'Bearer ', 'Bearer null'])
      expect((await shut.get({ Authorization: word })).status).toBe(404);
  });

  test('a wrong token is counted, wherever it is tried', async () => {
    await using page = await open({ token });
    await page.get({ Authorization: 'Bearer guessed' });
    await page.get({ Authorization: 'Bearer guessed' }, '/readyz');
    const { body } = await page.get();
    expect(body).toContain('connect_email_refused_requests_total{door="metrics",reason="bad-token"} 2');
  });

  test('given a store that is down, then they say so, and everything else is there', async () => {
    const now: ReadinessFigures = { ready: false, parts: { store: false, slack: true }, depths: null };
    await using page = await open({ token: null, now });
    page.metrics.answered('slack', 12);
    const { status, body } = await page.get();
    expect(status).toBe(200);
    expect(body).toContain('connect_email_store_up 0');
    expect(body).toContain('connect_email_ready 0');
    expect(body).toContain('connect_email_ready_part{part="store"} 0');
    expect(body).toContain('connect_email_ready_part{part="slack"} 1');
    expect(body).toContain('connect_email_ack_duration_seconds_count{platform="slack"} 1');
    expect(body).not.toMatch(/connect_email_(?:jobs|oldest|unreadable)/u);
  });

  test('answer HEAD as they answer GET, without the figures', async () => {
    await using page = await open({ token });
    for (const path of ['/metrics', '/readyz', '/healthz']) {
      const head = await fetch(`${page.url}${path}`, { method: 'HEAD' });
      expect([path, head.status, await head.text()]).toEqual([path, 200, '']);
    }
  });
});
