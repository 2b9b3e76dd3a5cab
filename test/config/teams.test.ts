import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { teamsOf } from '../../src/config/teams.ts';

const id = '11111111-2222-3333-4444-555555555555';
const tenantId = '99999999-8888-7777-6666-555555555555';
const app = { MICROSOFT_APP_ID: id, MICROSOFT_APP_PASSWORD: 'secret' };

describe('settings for Teams', () => {
  test('none: the installation has no Teams', () => {
    expect(teamsOf(readConfig({}))).toBeNull();
    expect(teamsOf(readConfig({ TEAMS_ANONYMOUS: '0' }))).toBeNull();
  });

  test('an app id, its secret and its tenant are enough, on any address', () => {
    const one = { ...app, MICROSOFT_APP_TENANT_ID: tenantId, HOST: '0.0.0.0' };
    expect(teamsOf(readConfig(one))).toEqual({
      app: { id, password: 'secret', tenantId },
      itMention: null,
      openIdMetadataUrl: null,
      itChannel: null,
    });
  });

  test('an app of several tenants needs to know where cases go', () => {
    expect(teamsOf(readConfig({ ...app, TEAMS_IT_CHANNEL: '19:it@thread.tacv2' }))).toMatchObject({
      app: { tenantId: null },
      itChannel: '19:it@thread.tacv2',
    });
  });

  test('for tests nobody needs to sign in, or tokens come from a local issuer without a secret', () => {
    expect(teamsOf(readConfig({ TEAMS_ANONYMOUS: '1' }))?.app).toBeNull();
    const url = 'http://127.0.0.1:9000/openid';
    expect(teamsOf(readConfig({ MICROSOFT_APP_ID: id, TEAMS_OPENID_METADATA_URL: url }))).toMatchObject({
      app: { id, password: null },
      openIdMetadataUrl: url,
    });
  });

  test.each([
    [
      'nobody signs in, outside loopback',
      { TEAMS_ANONYMOUS: '1', HOST: '0.0.0.0' },
      /^TEAMS_ANONYMOUS: .*HOST/u,
    ],
    ['an app id, and nobody signs in', { ...app, TEAMS_ANONYMOUS: '1' }, /^TEAMS_ANONYMOUS: /u],
    [
      'an app id without its secret',
      { MICROSOFT_APP_ID: id },
      /^MICROSOFT_APP_ID: needs MICROSOFT_APP_PASSWORD/u,
    ],
    [
      'a secret without an app id',
      { MICROSOFT_APP_PASSWORD: 'secret' },
      /^MICROSOFT_APP_PASSWORD: needs MICROSOFT_APP_ID/u,
    ],
    ['a channel without an app id', { TEAMS_IT_CHANNEL: '19:x@thread.tacv2' }, /^TEAMS_IT_CHANNEL: needs/u],
    [
      'an app of several tenants and no channel, which the first of them could then choose',
      app,
      /^TEAMS_IT_CHANNEL: needed where MICROSOFT_APP_TENANT_ID is not set/u,
    ],
    [
      'a tenant by its domain name, by which no message names it',
      { ...app, MICROSOFT_APP_TENANT_ID: 'firma.onmicrosoft.com' },
      /^MICROSOFT_APP_TENANT_ID: expected the directory \(tenant\) id/u,
    ],
    [
      'no tenant in particular',
      { ...app, MICROSOFT_APP_TENANT_ID: 'common' },
      /^MICROSOFT_APP_TENANT_ID: expected/u,
    ],
    ['a channel that is none', { ...app, TEAMS_IT_CHANNEL: 'IT' }, /^TEAMS_IT_CHANNEL: expected/u],
    [
      'a foreign issuer',
      { ...app, TEAMS_OPENID_METADATA_URL: 'https://evil.example/openid' },
      /^TEAMS_OPENID_METADATA_URL: /u,
    ],
    [
      'a local issuer outside loopback',
      { ...app, TEAMS_OPENID_METADATA_URL: 'http://127.0.0.1/openid', HOST: '0.0.0.0' },
      /^TEAMS_OPENID_METADATA_URL: /u,
    ],
    ['nonsense', { TEAMS_ANONYMOUS: 'yes' }, /^TEAMS_ANONYMOUS: expected/u],
  ])('%s stops the start with one line, without the secret', (_name, env, line) => {
    const read = () => readConfig(env);
    expect(read).toThrow(line);
    expect(read).not.toThrow(/secret/u);
  });
});

describe("settings as Microsoft's own tool writes them", () => {
  const written = { CLIENT_ID: id, CLIENT_SECRET: 'secret', TENANT_ID: tenantId };

  test('are those of Teams', () => {
    expect(teamsOf(readConfig(written))?.app).toEqual({ id, password: 'secret', tenantId });
  });

  test('may stand beside ours, each setting once or twice with the same value', () => {
    const { CLIENT_ID, ...rest } = written;
    const mixed = { ...rest, MICROSOFT_APP_ID: CLIENT_ID, MICROSOFT_APP_TENANT_ID: tenantId };
    expect(teamsOf(readConfig(mixed))?.app).toEqual({ id, password: 'secret', tenantId });
  });

  test.each([
    ['CLIENT_ID', 'MICROSOFT_APP_ID', '22222222-2222-3333-4444-555555555555'],
    ['CLIENT_SECRET', 'MICROSOFT_APP_PASSWORD', 'another'],
    ['TENANT_ID', 'MICROSOFT_APP_TENANT_ID', '88888888-8888-7777-6666-555555555555'],
  ])('that say something else stop the start with one line: %s', (alias, name, value) => {
    const line = `${alias}: says something else than ${name}, which means the same; remove one of the two`;
    expect(() => readConfig({ ...written, [name]: value })).toThrow(line);
    expect(line).not.toContain(value);
  });

  test('without an app id are those of another program', () => {
    expect(teamsOf(readConfig({ CLIENT_SECRET: 'x', TENANT_ID: 'somewhere' }))).toBeNull();
  });
});
