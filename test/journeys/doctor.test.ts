/** An operator asks what is wrong with an installation, and is told which line to mend. */
import { readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal } from '../adapters/slack-door.ts';
import { botToken, openSlackWorld, type SlackWorld } from '../adapters/slack-world.ts';
import { type Postgres, secret, startPostgres } from '../databases/postgres.ts';
import { closedPort, scope, startNameServer } from '../mail-servers/index.ts';
import { doctor, examined, foundIn, listening, nobodyKnown } from './doctor-stage.ts';

const own = scope();
let alone: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  alone = await nobodyKnown(own);
});
afterAll(() => own.stop());

describe('given settings that are wrong', () => {
  test('in the file .env, then each is named', async () => {
    const folder = await own.folder();
    await writeFile(join(folder, '.env'), '\ufeffPORT=many # ports\nIT_LOCALE="nl"\nLOG_LEVEL=\n');
    const { parts, code } = await examined({ folder });
    expect(parts.map(({ found, values }) => `${found} ${values.variable ?? ''}`)).toEqual([
      'wrong PORT',
      'wrong IT_LOCALE',
      'nothing-else-examined ',
    ]);
    expect(code).toBe(1);
    expect(
      foundIn(await examined({ folder, env: { PORT: '1', IT_LOCALE: 'de', ...alone } }), 'configuration'),
    ).toBe('good valid');
  });
});

describe('given an installation', () => {
  test('with nothing set, then it says what the preview needs, and what is missing outside', async () => {
    const run = await examined({ folder: await own.folder(), env: alone });
    expect(run.parts.map(({ part, outcome, found }) => `${part}: ${outcome} ${found}`)).toEqual([
      'configuration: good valid',
      'files: good private',
      'store: good usable',
      'authorities: left-out not-set',
      'public-url: left-out not-set',
      'rehearsal: good asked',
      'name-server: bad silent',
      'outgoing-ports: left-out not-tried',
      'ipv6: left-out not-tried',
      'platform: left-out not-configured',
    ]);
    expect(run).toMatchObject({ ok: false, code: 1 });
    expect(run.ms).toBeLessThan(10_000);
  });

  test('whose way out is closed, then the ports are named', async () => {
    const address = '127.77.66.55';
    const dns = await own.start(
      startNameServer(
        ['imap.gmail.com', 'smtp.gmail.com'].map((name) => ({ type: 'A' as const, name, address })),
      ),
    );
    const env = {
      ...alone,
      CHECK_DNS_SERVERS: `${dns.address}:${dns.port}`,
      CHECK_ALLOW_NETWORKS: '127.0.0.0/8',
    };
    const run = await examined({ folder: await own.folder(), env });
    expect(foundIn(run, 'name-server')).toBe('good answers');
    expect(run.parts.find(({ part }) => part === 'outgoing-ports')).toMatchObject({
      found: 'closed',
      values: { ports: ['993', '465', '587'] },
    });
    expect(foundIn(run, 'ipv6')).toBe('warning missing');
  });

  test('with a file of authorities, then it is read or called unreadable', async () => {
    const folder = await own.folder();
    const authority = await own.authority();
    const file = async (path: string) =>
      foundIn(await examined({ folder, env: { ...alone, CHECK_CA_FILE: path } }), 'authorities');
    expect(await file(authority.caFile)).toBe('good readable');
    expect(await file(join(folder, 'nowhere.pem'))).toBe('bad not-readable');
  });

  test('whose folder of data is a file, then the store is named, and the reason in words', async () => {
    const folder = await own.folder();
    await writeFile(join(folder, 'data'), '');
    const run = await doctor({ folder, env: alone, args: ['--locale', 'de'] });
    expect(run.out.replaceAll(/\s+/gu, ' ')).toContain(
      'DATA_DIR lässt sich nicht benutzen: Das ist kein Ordner.',
    );
    expect(run.code).toBe(1);
  });

  test('whose database is no database, then it says so', async () => {
    const folder = await own.folder();
    await writeFile(join(folder, 'connect-email.sqlite'), 'no database at all, '.repeat(300));
    const { parts } = await examined({ folder, env: { ...alone, DATA_DIR: folder } });
    expect(parts).toContainEqual(
      expect.objectContaining({
        part: 'store',
        outcome: 'bad',
        values: { place: 'DATA_DIR', code: 'damaged' },
      }),
    );
  });
});

describe('given a public address', () => {
  const at = async (url: string, env: Record<string, string> = {}) =>
    foundIn(
      await examined({ folder: await own.folder(), env: { ...alone, ...env, PUBLIC_URL: url } }),
      'public-url',
    );

  test('where something else answers, nobody is behind the proxy, or the bot is', async () => {
    const answers =
      (status: number, body: string): RequestListener =>
      (_request, response) => {
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
      };
    expect(await at(await listening(own, answers(200, '<html>Willkommen</html>')))).toBe('bad not-ours');
    expect(await at(await listening(own, answers(302, '')))).toBe('bad not-ours');
    expect(await at(await listening(own, answers(502, 'Bad Gateway')))).toBe('warning not-running');
    expect(await at(await listening(own, answers(200, '{"ok":true}')))).toBe('good set-for-this-machine');
  });

  test('over https with a certificate that nobody trusts, and with one that is trusted', async () => {
    const authority = await own.authority();
    const { certFile, keyFile } = await authority.issue();
    const tls = { cert: await readFile(certFile), key: await readFile(keyFile) };
    const url = await listening(own, (_request, response) => void response.end('Hello'), tls);
    expect(await at(url)).toBe('bad not-trusted');
    expect(await at(url, { NODE_EXTRA_CA_CERTS: authority.caFile })).toBe('bad not-ours');
  });

  test('where nothing can be reached', async () => {
    expect(await at('https://bot.firma.invalid')).toBe('warning not-reached');
  });
});

describe('given PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await own.start(startPostgres());
  });

  test('then the store is usable; with a wrong password, no such database or nobody there it says which', async () => {
    const url = await server.createDatabase();
    const folder = await own.folder();
    const at = async (address: string) => {
      const run = await examined({ folder, env: { ...alone, DATABASE_URL: address } });
      expect(run.out).not.toContain(secret);
      const store = run.parts.find(({ part }) => part === 'store');
      return `${store?.found} ${store?.values.code ?? ''}`;
    };
    expect(await at(url)).toBe('usable ');
    expect(await at(url.replace(secret, 'falsch'))).toBe('not-usable 28P01');
    expect(await at(url.replace(/[^/]+$/u, 'nowhere'))).toBe('not-usable 3D000');
    const { port } = await closedPort();
    expect(await at(url.replace(/:\d+\//u, `:${port}/`))).toBe('not-usable ECONNREFUSED');
  });
});

describe('given Slack', () => {
  let world: SlackWorld;
  beforeAll(async () => {
    world = await openSlackWorld();
  });
  afterAll(() => world.close());

  const run = async (env: Record<string, string>) => {
    const base = { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: 'x', SLACK_API_URL: world.door.apiUrl };
    const result = await examined({ folder: await own.folder(), env: { ...alone, ...base, ...env } });
    expect(result.out).not.toContain(botToken);
    expect(result.ms).toBeLessThan(10_000);
    return `${foundIn(result, 'platform')}; ${foundIn(result, 'it-channel')}`;
  };

  test('then token and channel are looked at there', async () => {
    expect(await run({ SLACK_IT_CHANNEL: world.itChannel })).toBe('good accepted slack; good member slack');
    expect(await run({ SLACK_IT_CHANNEL: world.otherChannel })).toBe(
      'good accepted slack; bad not-member slack',
    );
    expect(await run({ SLACK_IT_CHANNEL: 'C0NOWHERE' })).toBe('good accepted slack; bad not-member slack');
    expect(await run({})).toBe('good accepted slack; warning not-set slack');
  });

  test('with a token that is refused, or nobody there', async () => {
    world.door.failIf(() => refusal('invalid_auth'));
    expect(await run({ SLACK_IT_CHANNEL: world.itChannel })).toBe(
      'bad refused slack; left-out not-known slack',
    );
    world.door.failIf(() => null);
    const { port } = await closedPort();
    expect(
      await run({ SLACK_API_URL: `http://127.0.0.1:${port}/api/`, SLACK_IT_CHANNEL: world.itChannel }),
    ).toBe('bad not-reached slack; left-out not-known slack');
  });

  test('with an app that may do too little, then what is missing is named', async () => {
    const body = { ok: true, user_id: 'U1' };
    const headers = {
      'x-oauth-scopes':
        'commands,chat:write,im:write,im:history,channels:history,groups:history,app_mentions:read,users:read',
    };
    world.door.failIf((method) => (method === 'auth.test' ? { headers, body } : null));
    const env = {
      ...alone,
      ...{ SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: 'x', SLACK_API_URL: world.door.apiUrl },
    };
    const { parts } = await examined({ folder: await own.folder(), env });
    expect(parts.find(({ part }) => part === 'platform')).toMatchObject({
      found: 'scopes-missing',
      values: { scopes: ['channels:read', 'groups:read', 'users:read.email'] },
    });
    world.door.failIf(() => null);
  });

  test('that says nothing, then the doctor does not wait for ever', async () => {
    world.door.failIf(() => 'hang');
    expect(await run({ SLACK_IT_CHANNEL: world.itChannel })).toMatch(/^bad not-reached slack/u);
    world.door.failIf(() => null);
  });
});

test('given Teams without sign-in, then it says so, and that no channel is known yet', async () => {
  const result = await examined({ folder: await own.folder(), env: { ...alone, TEAMS_ANONYMOUS: '1' } });
  expect(`${foundIn(result, 'platform')}; ${foundIn(result, 'it-channel')}`).toBe(
    'warning anonymous teams; warning not-installed teams',
  );
});
