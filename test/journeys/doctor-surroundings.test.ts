/** What the doctor finds around the program: the file of settings, rights, the clock, the proxy, and what it cannot see. */
import { chmod, chown, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { botToken, signingSecret } from '../adapters/slack-world.ts';
import { scope } from '../mail-servers/index.ts';
import { doctor, examined, foundIn, listening, nobodyKnown } from './doctor-stage.ts';
import { loopback, startProduct } from './product.ts';

const own = scope();
let alone: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  alone = await nobodyKnown(own);
});
afterAll(() => own.stop());

describe('given a file .env', () => {
  const withFile = async (text: string | Buffer, env: Readonly<Record<string, string>> = alone) => {
    const folder = await own.folder();
    await writeFile(join(folder, '.env'), text, { mode: 0o600 });
    return examined({ folder, env });
  };

  test('with a name that nobody knows, then the likely one is named, and all else is examined', async () => {
    const run = await withFile('SLACK_ITCHANNEL=C0123456789\nSLACK_BOT_TOKENS=xoxb-geheim\n');
    expect(foundIn(run, 'configuration')).toBe(
      'good valid, warning file-likely-name, warning file-likely-name',
    );
    expect(run.parts[1]).toMatchObject({
      values: { name: 'SLACK_ITCHANNEL', likely: 'SLACK_IT_CHANNEL', line: 1 },
      text: expect.stringContaining('You probably mean SLACK_IT_CHANNEL'),
    });
    expect(foundIn(run, 'store')).toBe('good usable');
    expect(run.out).not.toContain('geheim');
  });

  test('with a token of another kind, then what is expected is said, and the token is not', async () => {
    const run = await withFile('SLACK_BOT_TOKEN=xoxp-geheim\nSLACK_SIGNING_SECRET=geheim\n');
    expect(run.parts.map(({ values }) => values.problem)).toEqual(['bot-token', 'signing-secret', undefined]);
    expect(run.parts[0]?.text).toMatch(/begins with xoxb-/u);
    expect(run.out).not.toContain('geheim');
    expect(run.code).toBe(1);
  });

  test('that no line of counts, then that is the fault', async () => {
    const run = await withFile(Buffer.from('\ufeffPORT=80\n', 'utf16le'));
    expect(foundIn(run, 'configuration')).toBe('bad file-utf-16, left-out nothing-else-examined');
    expect(run.code).toBe(1);
  });

  test('in German words, for whoever reads them on a terminal', async () => {
    const folder = await own.folder();
    await writeFile(join(folder, '.env'), 'SLACK_IT_CHANNEL=#it\n');
    const { out } = await doctor({ folder, env: alone, args: ['--locale', 'de'] });
    expect(out.replaceAll(/\s+/gu, ' ')).toContain(
      'Zeile 1 der Datei .env: Bei SLACK_IT_CHANNEL gilt alles nach dem #',
    );
  });
});

describe('given rights of others', () => {
  test('to the file .env, then it is a note to read and a fault to write', async () => {
    const folder = await own.folder();
    const file = join(folder, '.env');
    await writeFile(file, 'LOG_LEVEL=silent\n');
    const at = async (mode: number) => {
      await chmod(file, mode);
      const run = await examined({ folder, env: alone });
      return `${foundIn(run, 'files')} ${run.parts.find(({ part }) => part === 'files')?.values.mode ?? ''}`;
    };
    expect(await at(0o644)).toBe('warning file-open-to-read 644');
    expect(await at(0o666)).toBe('bad file-open-to-write 666');
    expect(await at(0o640)).toBe('good private ');
  });

  test('to the data, then it says so once and closes it', async () => {
    const folder = await own.folder();
    const env = { ...alone, DATA_DIR: folder };
    const file = join(folder, 'connect-email.sqlite');
    expect(foundIn(await examined({ folder, env }), 'files')).toBe('good private');
    await chmod(file, 0o666);
    expect(foundIn(await examined({ folder, env }), 'files')).toBe('warning data-was-open');
    expect(foundIn(await examined({ folder, env }), 'files')).toBe('good private');
  });

  test.runIf(process.getuid?.() === 0)('and the data of another user, then it says whom to be', async () => {
    const folder = await own.folder();
    await chown(folder, 65_534, 65_534);
    expect(foundIn(await examined({ folder, env: { ...alone, DATA_DIR: folder } }), 'files')).toBe(
      'warning data-of-other',
    );
  });
});

describe('given Slack over HTTP', () => {
  const slackAt = async (clockAheadSeconds: number) => {
    const url = await listening(own, (_request, response) => {
      response.setHeader('Date', new Date(Date.now() - clockAheadSeconds * 1000).toUTCString());
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"ok":true}');
    });
    const env = {
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: `${url}/api/`,
    };
    return examined({ folder: await own.folder(), env: { ...alone, ...env } });
  };

  test('then the clock is compared, and what cannot be seen from here is said', async () => {
    const right = await slackAt(0);
    expect(foundIn(right, 'clock')).toBe('good right');
    expect(foundIn(right, 'request-signature')).toBe('left-out not-verifiable slack');
    expect(right.parts.find(({ part }) => part === 'request-signature')?.text).toMatch(
      /SLACK_SIGNING_SECRET .* reason bad-signature/u,
    );
    expect(foundIn(await slackAt(90), 'clock')).toBe('warning wrong');
    // What comes from the future is refused sooner than what is old.
    expect(foundIn(await slackAt(-90), 'clock')).toBe('bad far-off');
    const off = await slackAt(3600);
    expect(foundIn(off, 'clock')).toBe('bad far-off');
    expect(off.parts.find(({ part }) => part === 'clock')?.values).toMatchObject({ direction: 'ahead' });
  });
});

describe('given a public address', () => {
  const at = async (url: string, env: Readonly<Record<string, string>> = {}) =>
    foundIn(
      await examined({ folder: await own.folder(), env: { ...alone, ...env, PUBLIC_URL: url } }),
      'public-url',
    );
  const secure = async (answer: RequestListener) => {
    const authority = await own.authority();
    const { certFile, keyFile } = await authority.issue();
    const tls = { cert: await readFile(certFile), key: await readFile(keyFile) };
    return { url: await listening(own, answer, tls), env: { NODE_EXTRA_CA_CERTS: authority.caFile } };
  };
  /** The running bot, seen through a proxy that passes on what it is told to. */
  const proxied = async (passes: RegExp, headers: Readonly<Record<string, string>> = {}) => {
    const product = await own.start(startProduct({ ...loopback, DATA_DIR: await own.folder() }));
    return secure(async ({ url = '' }, response) => {
      if (!passes.test(url)) return void response.writeHead(404).end();
      const answer = await fetch(`${product.url}${url}`, { headers });
      response.writeHead(answer.status).end(await answer.text());
    });
  };

  test('that leads to the login page, then it is well, with or without the health behind it', async () => {
    const { url, env } = await proxied(/^\/login/u);
    expect(await at(url, env)).toBe('good set-for-this-machine');
  });

  test('that passes only the health on, then the login page is missed', async () => {
    const { url, env } = await proxied(/^\/healthz/u);
    expect(await at(url, env)).toBe('bad login-missing');
  });

  test('that shows the figures to everybody, then that is a fault', async () => {
    const open = await proxied(/./u);
    expect(await at(open.url, open.env)).toBe('good set-for-this-machine, bad metrics-open');
    const closed = await proxied(/./u, { 'X-Forwarded-For': '203.0.113.7' });
    expect(await at(closed.url, closed.env)).toBe('good set-for-this-machine');
  });

  test('that leads on to another, then the other is named', async () => {
    const url = await listening(own, (_request, response) => {
      response.writeHead(301, { Location: 'https://www.bot.firma.example/login' }).end();
    });
    const run = await examined({ folder: await own.folder(), env: { ...alone, PUBLIC_URL: url } });
    expect(foundIn(run, 'public-url')).toBe('bad leads-on');
    expect(run.parts.find(({ part }) => part === 'public-url')?.values).toMatchObject({
      to: 'https://www.bot.firma.example',
    });
  });
});

test('given a network that contains this machine, then the doctor says what that opens', async () => {
  const env = { ...alone, CHECK_ALLOW_NETWORKS: '10.0.0.0/8,127.0.0.0/8' };
  const run = await examined({ folder: await own.folder(), env });
  expect(run.parts.find(({ found }) => found === 'allows-own-machine')?.values).toEqual({
    networks: ['127.0.0.0/8'],
  });
});
