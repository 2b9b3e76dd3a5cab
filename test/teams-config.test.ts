import { describe, expect, test } from 'vitest';
import { teamsOf } from '../src/config/teams.ts';
import { readConfig } from '../src/config.ts';

const id = '11111111-2222-3333-4444-555555555555';

describe('settings for Teams', () => {
  test('none: the installation has no Teams', () => {
    expect(teamsOf(readConfig({}))).toBeNull();
    expect(teamsOf(readConfig({ TEAMS_ANONYMOUS: '0' }))).toBeNull();
  });

  test('an app id and its secret are enough, on any address', () => {
    const config = readConfig({ MICROSOFT_APP_ID: id, MICROSOFT_APP_PASSWORD: 'secret', HOST: '0.0.0.0' });
    expect(teamsOf(config)).toEqual({
      app: { id, password: 'secret', tenantId: null },
      openIdMetadataUrl: null,
      itChannel: null,
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

  const app = { MICROSOFT_APP_ID: id, MICROSOFT_APP_PASSWORD: 'secret' };
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
