/** What the doctor sees of the world outside, against real listeners and a real name server. */
import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import http from '../../manifests/slack/http.json' with { type: 'json' };
import socketMode from '../../manifests/slack/socket-mode.json' with { type: 'json' };
import { scopes } from '../../src/adapters/slack/api/examine.ts';
import { examineTeams } from '../../src/adapters/teams/api/examine.ts';
import { examineNetwork } from '../../src/doctor/outside.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { createMemory } from '../adapters/memory.ts';
import { closedPort, scope, startNameServer, startSays } from '../mail-servers/index.ts';

const own = scope();
afterAll(() => own.stop());

const host = 'mail.example.test';
const networkWith = async (addresses: readonly string[]) => {
  const dns = await own.start(
    startNameServer(
      addresses.map((address) => ({ type: address.includes(':') ? 'AAAA' : 'A', name: host, address })),
    ),
  );
  const guard = createGuard({
    restricted: true,
    allowNetworks: ['127.0.0.0/8', '::1/128'],
    allowPorts: [{ from: 1024, to: 65_535 }],
  });
  return createNetwork({ guard, nameServers: [`${dns.address}:${dns.port}`] });
};
const open = async (address = '127.0.0.1') => (await own.start(startSays('* OK\r\n', { address }))).port;

describe('the way out', () => {
  test('is open where every port of the neighbour answers, and closed port by port', async () => {
    const network = await networkWith(['127.0.0.1']);
    const [first, second, closed] = [await open(), await open(), (await closedPort()).port];
    const at = (...ports: number[]) =>
      examineNetwork(
        network,
        ports.map((port) => ({ host, port })),
      );
    expect(await at(first, second)).toEqual([
      { part: 'name-server', found: 'answers', values: {} },
      { part: 'outgoing-ports', found: 'open', values: { ports: [String(first), String(second)] } },
      { part: 'ipv6', found: 'missing', values: {} },
    ]);
    expect((await at(first, closed))[1]).toMatchObject({
      found: 'partly-closed',
      values: { ports: [String(closed)] },
    });
    expect((await at(closed))[1]).toMatchObject({ found: 'closed' });
  });

  test('leads over IPv6 where the first port answers there', async () => {
    const port = await open('::1');
    const network = await networkWith(['::1']);
    expect((await examineNetwork(network, [{ host, port }]))[2]).toMatchObject({ found: 'works' });
  });
});

describe('Teams', () => {
  /** Microsoft's login as RFC 6749 and its documentation have it. */
  const login = async (status: number, body: object) => {
    const asked: { url: string; body: string }[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        asked.push({ url: request.url ?? '', body: text });
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, '127.0.0.1', resolve);
    await promise;
    await own.start(Promise.resolve({ stop: async () => void server.close() }));
    const at = server.address();
    return { asked, loginUrl: `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}` };
  };
  const app = { id: 'the-app', password: 'geheim-7c1f', tenantId: null };
  const of = { app, openIdMetadataUrl: null, itChannel: null, memory: null, lastReached: null };

  test('takes the credentials: asked once, of the tenant or of all', async () => {
    const { asked, loginUrl } = await login(200, { access_token: 'x', expires_in: 3600 });
    expect((await examineTeams({ ...of, loginUrl })).access).toEqual({ found: 'accepted' });
    await examineTeams({ ...of, app: { ...app, tenantId: 'our-tenant' }, loginUrl });
    expect(asked.map(({ url }) => url)).toEqual([
      '/botframework.com/oauth2/v2.0/token',
      '/our-tenant/oauth2/v2.0/token',
    ]);
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'the-app',
      client_secret: 'geheim-7c1f',
      scope: 'https://api.botframework.com/.default',
    });
  });

  test('refuses them by its number, fails, or is not there', async () => {
    const refused = await login(401, {
      error: 'invalid_client',
      error_description: 'AADSTS7000215: Invalid client secret provided: geheim-7c1f',
      error_codes: [7000215],
    });
    const answer = await examineTeams({ ...of, loginUrl: refused.loginUrl });
    expect(answer.access).toEqual({ found: 'refused', code: 'AADSTS7000215' });
    const failing = await login(503, { error: 'temporarily_unavailable' });
    expect((await examineTeams({ ...of, loginUrl: failing.loginUrl })).access.found).toBe('not-reached');
    const { port } = await closedPort();
    const nobody = await examineTeams({ ...of, loginUrl: `http://127.0.0.1:${port}` });
    expect(nobody.access).toEqual({ found: 'not-reached', code: 'ECONNREFUSED' });
  });

  test('has an IT channel that is known, was learnt, or did not get the last case', async () => {
    const anonymous = { ...of, app: null };
    const channel = async (more: object) => (await examineTeams({ ...anonymous, ...more })).itChannel.found;
    const memory = createMemory();
    expect(await channel({ memory })).toBe('not-installed');
    expect(await channel({ memory, itChannel: '19:it@thread.tacv2' })).toBe('not-known');
    await memory.put('it-channel', { id: '19:learnt@thread.tacv2', team: null });
    expect(await channel({ memory, lastReached: true })).toBe('member');
    expect(await channel({ memory, lastReached: false })).toBe('last-not-reached');
  });
});

test('the permissions that are looked for in Slack are those of both manifests', () => {
  expect([...scopes]).toEqual(http.oauth_config.scopes.bot);
  expect([...scopes]).toEqual(socketMode.oauth_config.scopes.bot);
});
