import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { metricsRoute } from '../src/web/metrics.ts';
import { startWebServer } from '../src/web/server.ts';

const token = 'brieftaube-7c1f';

const kept = { waiting: { show: 3 }, givenUp: { relay: 2 }, oldestDueMs: 4500, unreadable: 1 };

const open = async (options: { token: string | null; depths?: Parameters<typeof createMetrics>[0] }) => {
  const metrics = createMetrics(options.depths ?? (async () => kept));
  const web = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    routers: [metricsRoute({ ...metrics, token: options.token })],
    health: async () => ({ ready: true, parts: {} }),
  });
  const get = (headers: Record<string, string> = {}): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      request(`${web.url}/metrics`, { headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      })
        .on('error', reject)
        .end();
    });
  return { metrics, get, [Symbol.asyncDispose]: web.stop };
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
        'connect_email_ack_duration_seconds_count{platform="slack"} 1',
        'connect_email_platform_errors_total{platform="slack",code="not-in-channel"} 1',
        'connect_email_jobs{kind="show"} 3',
        'connect_email_jobs_given_up{kind="relay"} 2',
        'connect_email_oldest_job_seconds 4.5',
        'connect_email_unreadable_conversations 1',
        'connect_email_store_up 1',
      ]),
    );
    expect(body).not.toContain('cert-name');
  });

  test('are for this machine, and through a proxy for nobody without the token', async () => {
    await using page = await open({ token });
    expect((await page.get()).status).toBe(200);
    expect((await page.get(proxied)).status).toBe(404);
    expect((await page.get({ ...proxied, Authorization: 'Bearer brieftaube-7c1e' })).status).toBe(404);
    expect((await page.get({ ...proxied, Authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test('without a token set, no word opens them from outside', async () => {
    await using page = await open({ token: null });
    for (const word of ['', 'Bearer ', 'Bearer null'])
      expect((await page.get({ ...proxied, Authorization: word })).status).toBe(404);
  });

  test.each([
    ['refuses', () => Promise.reject(new Error('gone'))],
    ['says nothing', () => new Promise<never>(() => {})],
  ])('given a store that %s, then they say so, and everything else is there', async (_how, depths) => {
    await using page = await open({ token: null, depths });
    page.metrics.answered('slack', 12);
    const { status, body } = await page.get();
    expect(status).toBe(200);
    expect(body).toContain('connect_email_store_up 0');
    expect(body).toContain('connect_email_ack_duration_seconds_count{platform="slack"} 1');
    expect(body).not.toMatch(/connect_email_(?:jobs|oldest|unreadable)/u);
  });
});
