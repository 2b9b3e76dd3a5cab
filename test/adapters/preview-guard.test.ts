import { describe, expect, test } from 'vitest';
import { limits } from '../../src/adapters/preview/limits.ts';
import { call, openEvents, postJson, stateOf } from './preview-doors.ts';
import { openPreview } from './preview-rig.ts';
import { report } from './script.ts';

describe('the preview lets in only its own page', () => {
  test('by the names of this machine', async () => {
    await using rig = await openPreview();
    const get = async (path: string, host: string) =>
      (await call(`${rig.web.url}${path}`, 'GET', { headers: { Host: host } })).status;
    for (const name of ['127.0.0.1', '127.8.9.10', 'LocalHost', '[::1]', '[::ffff:7f00:1]']) {
      expect(await get('/', `${name}:${rig.web.port}`)).toBe(200);
      expect(await get('/', name)).toBe(403);
    }
    const foreign = [
      'evil.example',
      '127.0.0.1.evil.example',
      '127.0.0.999',
      '128.0.0.1',
      '[::2]',
      '[fe80::1%lo]',
      '::1',
      '',
    ];
    const hosts = foreign.map((name) => `${name}:${rig.web.port}`);
    for (const host of ['evil.example', `127.0.0.1:${rig.web.port + 1}`, ...hosts])
      for (const path of ['/', '/preview/app.js', '/preview/events']) expect(await get(path, host)).toBe(403);
  });

  test('by the page a POST comes from', async () => {
    await using rig = await openPreview();
    const { url, port } = rig.web;
    const post = async (headers: Record<string, string>) =>
      (await call(`${url}/preview/command`, 'POST', { headers, body: '{"text":"","typed":false}' })).status;
    const type = { 'Content-Type': 'application/json' };
    expect(await post({ ...type, Origin: url })).toBe(200);
    expect(await post({ ...type, Origin: url, 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
    expect(await post(type)).toBe(403);
    expect(await post({ ...type, Origin: 'null' })).toBe(403);
    expect(await post({ ...type, Origin: `http://localhost:${port}` })).toBe(403);
    expect(await post({ ...type, Origin: 'https://evil.example' })).toBe(403);
    expect(await post({ ...type, Origin: url, 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await post({ 'Content-Type': 'text/plain', Origin: url })).toBe(415);
    expect(rig.received).toHaveLength(2);
  });

  test('however its address is written', async () => {
    await using rig = await openPreview();
    const { url } = rig.web;
    const headers = { 'Content-Type': 'application/json', Origin: 'https://evil.example' };
    for (const path of ['/PREVIEW/command', '/preview/Command/', '/preview//command', '/%50review/command']) {
      const body = '{"text":"","typed":false}';
      expect([403, 404], path).toContain((await call(`${url}${path}`, 'POST', { headers, body })).status);
      expect([403, 404], path).toContain(
        (
          await call(`${url}${path}`, 'POST', {
            headers: { ...headers, 'Sec-Fetch-Site': 'cross-site' },
            body,
          })
        ).status,
      );
    }
    expect(rig.received).toEqual([]);
  });

  test('by the page that wants to listen, or to load what belongs to it', async () => {
    await using rig = await openPreview();
    const { url, port } = rig.web;
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: `http://localhost:${port}` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: url, 'Sec-Fetch-Site': 'cross-site' },
    ];
    for (const headers of foreign)
      for (const path of ['events', 'app.js'])
        expect((await call(`${url}/preview/${path}`, 'GET', { headers })).status, path).toBe(403);
    expect(rig.refused).toEqual(Array.from({ length: 12 }, () => 'preview: cross-site'));
    // Whoever follows a link to it from another page sees it, and its own requests come from itself.
    const link = { headers: { 'Sec-Fetch-Site': 'cross-site' } };
    expect((await call(url, 'GET', link)).status).toBe(200);
    for (const headers of [{}, { 'Sec-Fetch-Site': 'same-origin' }, { Origin: url }])
      expect((await stateOf(url, headers)).posts).toEqual([]);
    expect(rig.refused).toHaveLength(12);
  });

  test('and always, however many listen already: the one that has listened longest ends', async () => {
    await using rig = await openPreview();
    const { url } = rig.web;
    const first = await openEvents(url);
    const others = await Promise.all(Array.from({ length: 39 }, () => openEvents(url)));
    expect((await stateOf(url)).posts).toEqual([]);
    await expect(first.next('nothing')).rejects.toThrow();
    const last = others.at(-1);
    await last?.next('state');
    await rig.adapter.post({ type: 'it-channel' }, report);
    expect(await last?.next('post')).toMatchObject({ pane: 'it' });
    for (const events of others) events.close();
  });

  test('and forbids everything else to it', async () => {
    await using rig = await openPreview();
    const { headers } = await call(rig.web.url, 'GET');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    for (const path of ['page-texts.ts', 'page/index.html', '..%2findex.ts', 'index.html', ''])
      expect((await call(`${rig.web.url}/preview/${path}`, 'GET')).status).toBe(404);
  });
});

describe('what the page may send', () => {
  const wrong: [string, string, unknown, number][] = [
    ['broken JSON', 'command', '{', 400],
    ['a field too many', 'command', { text: '', typed: false, person: 'it' }, 400],
    ['an unknown button', 'button', { message: 'm1', action: 'delete', value: '' }, 400],
    ['a button of no message', 'button', { message: 'm1', action: 'start', value: '' }, 404],
    ['a reply to no message', 'message', { text: 'x', thread: 'm1' }, 404],
    ['nothing at all', 'message', { text: '', thread: null }, 400],
    [
      'a value that is no text',
      'form',
      { form: 'address', context: '', pane: 'rep', values: { address: {} } },
      400,
    ],
    [
      'too many fields',
      'form',
      {
        form: 'address',
        context: '',
        pane: 'rep',
        values: Object.fromEntries(Array.from({ length: limits.fields + 1 }, (_, i) => [`f${i}`, ''])),
      },
      400,
    ],
    ['too much text', 'message', { text: 'x'.repeat(70_000), thread: null }, 413],
  ];
  test.each(wrong)('%s is refused', async (_name, door, body, status) => {
    await using rig = await openPreview();
    const reply = await postJson(rig.web.url, door, body);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.text)).toEqual({ error: expect.any(String) });
    expect(rig.received).toEqual([]);
    expect(rig.errors).toEqual([]);
  });
});
