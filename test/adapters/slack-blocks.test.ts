/** What Slack's `blocks.validate` says of everything that is said there, in answers as Slack gives them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { everyPreview } from '../../scripts/previews/payloads.ts';
import { examineBlocks } from '../../src/adapters/slack/api/blocks/examine.ts';
import { examined, nobodyKnown } from '../journeys/doctor-stage.ts';
import { scope } from '../mail-servers/index.ts';
import { after } from '../support/afterwards.ts';

const token = 'xoxb-of-the-bot';
/** docs.slack.dev, blocks.validate: validation errors. */
const refused = {
  ok: false,
  error: 'invalid_message',
  errors: [
    {
      pointer: '/blocks/0/text/type',
      code: 'failed_constraint',
      message: 'must be one of the allowed values',
      constraint: { type: 'enum', expected: ['plain_text'], got: 'markdown' },
    },
  ],
};

type Answer = { status?: number; headers?: Record<string, string>; body: object };

/** Slack, as far as this method needs it; everything else is granted. */
const openSlackStub = async (answer: (fields: URLSearchParams, count: number) => Answer) => {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const fields = new URLSearchParams(await text(request));
    const isIt = request.url === '/api/blocks.validate';
    if (isIt) asked.push(fields);
    const {
      status = 200,
      headers = {},
      body,
    } = isIt ? answer(fields, asked.length) : { body: { ok: true, user_id: 'U1' } };
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after('test', async () => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/` };
};

const good = () => ({ body: { ok: true } });
const isMessage = (fields: URLSearchParams) => fields.get('message')?.includes('"header"') ?? false;

test('every message and every modal is asked about once, each under the name that Slack reads', async () => {
  const { apiUrl, asked } = await openSlackStub(good);
  const all = everyPreview();
  expect(await examineBlocks({ token, apiUrl }, [...all, ...all])).toEqual({
    found: 'valid',
    count: all.length * 2,
  });
  const distinct = new Set(all.map(({ payload }) => JSON.stringify(payload)));
  expect(asked).toHaveLength(distinct.size);
  const views = asked.flatMap((fields) => fields.get('view') ?? []);
  expect(views.map((view) => (JSON.parse(view) as { type: string }).type)).toEqual(views.map(() => 'modal'));
  for (const fields of asked) expect(fields.has('view')).not.toBe(fields.has('message'));
  expect(all.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['de/it-channel', 'en/it-channel', 'de/test-case-open', 'en/test-case-cleared']),
  );
});

test('what Slack would refuse is named, with the place in it and Slack’s reason', async () => {
  const { apiUrl } = await openSlackStub((fields) => (isMessage(fields) ? { body: refused } : good()));
  const all = everyPreview().filter(({ name }) => name === 'de/welcome' || name === 'de/form-address');
  expect(await examineBlocks({ token, apiUrl }, all)).toEqual({
    found: 'invalid',
    count: 2,
    faults: ['de/welcome/blocks/0/text/type: failed_constraint: must be one of the allowed values'],
  });
});

test('Slack is left alone for as long as it asks, and asked again', async () => {
  const { apiUrl, asked } = await openSlackStub((_, count) =>
    count === 1 ? { status: 429, headers: { 'Retry-After': '1' }, body: {} } : good(),
  );
  const [one] = everyPreview();
  expect(await examineBlocks({ token, apiUrl }, one ? [one] : [])).toMatchObject({ found: 'valid' });
  expect(asked).toHaveLength(2);
});

test('a token that is refused is no fault of a payload', async () => {
  const { apiUrl } = await openSlackStub(() => ({ body: { ok: false, error: 'invalid_auth' } }));
  expect(await examineBlocks({ token, apiUrl }, everyPreview())).toMatchObject({
    found: 'refused',
    code: 'invalid_auth',
  });
});

const setUp = async (apiUrl: string) => {
  const own = scope();
  after('test', own.stop);
  const env = { SLACK_BOT_TOKEN: token, SLACK_SIGNING_SECRET: 'x', SLACK_API_URL: apiUrl };
  return { folder: await own.folder(), env: { ...(await nobodyKnown(own)), ...env } };
};

test.each([
  ['takes it all', false, 'good valid slack', 0],
  ['would refuse some', true, 'bad invalid slack', 1],
] as const)(
  'doctor --slack-blocks, where Slack %s, says so; without the option nothing is asked',
  async (_, isBad, expected, code) => {
    const { apiUrl, asked } = await openSlackStub((fields) =>
      isBad && isMessage(fields) ? { body: refused } : good(),
    );
    const at = await setUp(apiUrl);
    if (!isBad) {
      const { parts } = await examined(at);
      expect(parts.filter(({ part }) => part === 'blocks')).toEqual([]);
      expect(asked).toEqual([]);
    }
    const result = await examined({ ...at, args: ['--slack-blocks'] });
    const found = result.parts.find(({ part }) => part === 'blocks');
    expect(`${found?.outcome} ${found?.found} ${found?.platform}`).toBe(expected);
    if (code === 1) expect(result.code).toBe(1);
    expect(result.out).not.toContain(token);
  },
);

test('npm run previews -- --validate asks the same, and its exit status says what came of it', async () => {
  const { apiUrl, asked } = await openSlackStub((fields) => (isMessage(fields) ? { body: refused } : good()));
  const { env } = await setUp(apiUrl);
  const script = fileURLToPath(new URL('../../scripts/previews.ts', import.meta.url));
  const child = spawn(process.execPath, [script, '--validate'], {
    cwd: (await setUp(apiUrl)).folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect(child.exitCode).toBe(1);
  expect(out).toContain('previews; open');
  expect(err).toContain('de/welcome/blocks/0/text/type: failed_constraint');
  expect(asked.length).toBeGreaterThan(100);
});
