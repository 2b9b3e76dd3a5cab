import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTeams, type TeamsRig } from './teams-rig.ts';
import { startIssuer } from './teams-simulator/issuer.ts';

const appId = '11111111-2222-3333-4444-555555555555';
const app = { id: appId, password: null, tenantId: null };

describe('with an app id', () => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  let rig: TeamsRig;
  beforeAll(async () => {
    issuer = await startIssuer(appId);
    rig = await openTeams({
      settings: { app, openIdMetadataUrl: issuer.url },
      simulator: { token: issuer.valid },
    });
  });
  afterAll(async () => {
    await rig.close();
    await issuer.stop();
  });

  test('a valid token is accepted, and everything else is refused with 401', async () => {
    const anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
    const serviceUrl = rig.teams.connector.url;
    expect((await anna.says('hello')).status).toBe(200);
    expect(rig.received).toHaveLength(1);

    const message = () => ({ ...anna.base(), type: 'message', text: 'hello' });
    for (const [name, token] of Object.entries(issuer.wrong(serviceUrl)))
      expect((await anna.deliver(message(), token)).status, name).toBe(401);
    const withoutToken = await fetch(`${rig.url}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(message()),
    });
    expect(withoutToken.status).toBe(401);
    expect(rig.received).toHaveLength(1);

    // Nothing of the kind lets anybody in through another door of the SDK.
    const emulator = { ...message(), channelId: 'emulator' };
    const streaming = { ...message(), channelId: 'AseChannel' };
    const { forged = '' } = issuer.wrong(serviceUrl);
    for (const activity of [emulator, streaming])
      expect((await anna.deliver(activity, forged)).status).toBe(401);
    expect((await anna.says('still here')).status).toBe(200);
    expect(rig.errors).toEqual([]);
    const refused = Object.keys(issuer.wrong(serviceUrl)).length + 3;
    expect(rig.refused).toEqual(Array.from({ length: refused }, () => 'teams: bad-token'));
  });

  test('a foreign service is not posted to, even with a valid token for it', async () => {
    const anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
    const before = rig.received.length;
    const foreign = { ...anna.base(), type: 'message', text: 'x', serviceUrl: 'https://evil.example/' };
    expect((await anna.deliver(foreign, issuer.valid('https://evil.example/'))).status).toBe(403);
    expect((await anna.deliver(foreign, issuer.valid(rig.teams.connector.url))).status).toBe(401);
    // On another machine of Microsoft's cloud everybody can have a name.
    const near = { ...foreign, serviceUrl: 'https://evil.trafficmanager.net/' };
    expect((await anna.deliver(near, issuer.valid(near.serviceUrl))).status).toBe(403);
    expect(rig.received).toHaveLength(before);
  });
});

test('when the keys cannot be fetched, the request is refused as our fault and not let in', async () => {
  const issuer = await startIssuer(appId);
  await using rig = await openTeams({
    settings: { app, openIdMetadataUrl: 'http://127.0.0.1:1/openid' },
    simulator: { token: issuer.valid },
  });
  const anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
  expect((await anna.says('hello')).status).toBe(503);
  expect(rig.received).toEqual([]);
  expect(rig.errors).toMatchObject([{ code: 'keys-not-available' }]);
  await issuer.stop();
});

describe('without an app id, on this machine only', () => {
  test('a service elsewhere is not posted to', async () => {
    await using rig = await openTeams();
    const anna = rig.teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
    const elsewhere = [
      'https://smba.trafficmanager.net/de/',
      'http://10.0.0.1/',
      'http://127.0.0.1.evil.example/',
      'http://127.999.0.1/',
      'http://127.0.0.256/',
      'http://:secret@127.0.0.1/',
      'http://user@127.0.0.1/',
      'file:///etc/passwd',
      'nonsense',
    ];
    for (const serviceUrl of elsewhere) {
      const activity = { ...anna.base(), type: 'message', text: 'x', serviceUrl };
      expect((await anna.deliver(activity)).status, serviceUrl).toBe(403);
    }
    expect(rig.received).toEqual([]);
  });

  test('a name that was made to lead here is refused', async () => {
    await using rig = await openTeams();
    const status = await new Promise<number | undefined>((resolve) => {
      const sent = request(
        `${rig.url}/api/messages`,
        { method: 'POST', headers: { Host: 'evil.example', 'Content-Type': 'application/json' } },
        (response) => resolve(response.statusCode),
      );
      sent.end('{}');
    });
    expect(status).toBe(401);
  });

  test('whether there is a door can be asked without going through it', async () => {
    await using rig = await openTeams();
    const { status } = await fetch(`${rig.url}/api/messages`, { method: 'HEAD' });
    expect(status).toBe(200);
    expect(rig.received).toEqual([]);
  });

  test.each([
    ['no JSON', '{', 400],
    ['no activity', '{"type":"message"}', 400],
    ['too much', JSON.stringify({ type: 'message', text: 'x'.repeat(300_000) }), 413],
  ])('%s is refused', async (_name, body, status) => {
    await using rig = await openTeams();
    const response = await fetch(`${rig.url}/api/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    expect(response.status).toBe(status);
  });
});
