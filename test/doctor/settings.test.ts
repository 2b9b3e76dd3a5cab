/** Every kind of wrong setting is named, by the start and by the doctor. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type EnvFault, envFaults, stopsTheStart } from '../../src/config/env/fault.ts';
import { readConfig, settingNames, tryConfig } from '../../src/config/index.ts';
import { outcomeOf } from '../../src/doctor/examination.ts';
import { faultsFound, problemsFound } from '../../src/doctor/settings.ts';
import { newResolver } from '../../src/net/resolver.ts';
import { foundText } from '../../src/wording/messages/doctor.ts';

const id = '11111111-2222-3333-4444-555555555555';
const teams = { MICROSOFT_APP_ID: id, MICROSOFT_APP_PASSWORD: 'geheim' };
const wrong: readonly (readonly [env: Record<string, string>, variable: string])[] = [
  [{ HOST: '0.0.0.0' }, 'HOST'],
  [{ PORT: 'eighty' }, 'PORT'],
  [{ PORT: '0x1F' }, 'PORT'],
  [{ PUBLIC_URL: 'http://bot.firma.example' }, 'PUBLIC_URL'],
  [{ PUBLIC_URL: 'https://bot.firma.example/login' }, 'PUBLIC_URL'],
  [{ DATA_DIR: '~/data' }, 'DATA_DIR'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
  [{ RETENTION_DAYS: '0' }, 'RETENTION_DAYS'],
  [{ DEFAULT_LOCALE: 'fr' }, 'DEFAULT_LOCALE'],
  [{ IT_LOCALE: 'fr' }, 'IT_LOCALE'],
  [{ POLICY: 'hubspot-2031' }, 'POLICY'],
  [{ CHECK_ALLOW_NETWORKS: 'home' }, 'CHECK_ALLOW_NETWORKS'],
  [{ CHECK_ALLOW_NETWORKS: '0.0.0.0/0' }, 'CHECK_ALLOW_NETWORKS'],
  [{ CHECK_ALLOW_PORTS: '9-1' }, 'CHECK_ALLOW_PORTS'],
  [{ CHECK_DNS_SERVERS: 'ns.firma.example' }, 'CHECK_DNS_SERVERS'],
  [{ CHECK_DNS_SERVERS: '999.1.1.1' }, 'CHECK_DNS_SERVERS'],
  [{ CHECK_DNS_SERVERS: '127.0.0.1:99999' }, 'CHECK_DNS_SERVERS'],
  [{ CHECK_DNS_SERVERS: '192.0.2.53,::::' }, 'CHECK_DNS_SERVERS'],
  [{ CHECK_DNS_SERVERS: '[192.0.2.53]' }, 'CHECK_DNS_SERVERS'],
  [{ REHEARSAL: 'always' }, 'REHEARSAL'],
  [{ REHEARSAL_PATIENCE: '61' }, 'REHEARSAL_PATIENCE'],
  [{ WATCH_INTERVAL: 'often' }, 'WATCH_INTERVAL'],
  [{ WATCH_INTERVAL: '1e3' }, 'WATCH_INTERVAL'],
  [{ REMINDERS: 'yes' }, 'REMINDERS'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_BOT_TOKEN'],
  [{ SLACK_SIGNING_SECRET: 'abc' }, 'SLACK_SIGNING_SECRET'],
  [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_APP_TOKEN'],
  [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'slack' }, 'SLACK_API_URL'],
  [
    { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: 'http://slack.example/api/' },
    'SLACK_API_URL',
  ],
  [
    { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_IT_CHANNEL: '#it-help' },
    'SLACK_IT_CHANNEL',
  ],
  [{ SLACK_BOT_TOKEN: 'xoxp-geheim', SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN'],
  [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xoxb-geheim' }, 'SLACK_APP_TOKEN'],
  [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'geheim' }, 'SLACK_SIGNING_SECRET'],
  [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_IT_CHANNEL: 'U01' }, 'SLACK_IT_CHANNEL'],
  [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_IT_MENTION: '@it' }, 'SLACK_IT_MENTION'],
  [{ SLACK_IT_MENTION: 'S0123456789' }, 'SLACK_IT_MENTION'],
  [{ ...teams, MICROSOFT_APP_TENANT_ID: id, TEAMS_IT_MENTION: 'IT' }, 'TEAMS_IT_MENTION'],
  [{ MICROSOFT_APP_ID: 'app' }, 'MICROSOFT_APP_ID'],
  [{ ...teams, MICROSOFT_APP_ID: 'app' }, 'MICROSOFT_APP_ID'],
  [{ ...teams, MICROSOFT_APP_TENANT_ID: 'firma.example' }, 'MICROSOFT_APP_TENANT_ID'],
  [{ ...teams, MICROSOFT_APP_PASSWORD: id }, 'MICROSOFT_APP_PASSWORD'],
  [{ MICROSOFT_APP_PASSWORD: 'geheim' }, 'MICROSOFT_APP_PASSWORD'],
  [{ MICROSOFT_APP_TENANT_ID: 'tenant' }, 'MICROSOFT_APP_TENANT_ID'],
  [{ TEAMS_ANONYMOUS: 'yes' }, 'TEAMS_ANONYMOUS'],
  [{ ...teams, TEAMS_OPENID_METADATA_URL: 'https://login.example' }, 'TEAMS_OPENID_METADATA_URL'],
  [{ ...teams, TEAMS_OPENID_METADATA_URL: 'foo' }, 'TEAMS_OPENID_METADATA_URL'],
  [{ ...teams, TEAMS_IT_CHANNEL: 'General' }, 'TEAMS_IT_CHANNEL'],
  [teams, 'TEAMS_IT_CHANNEL'],
  [{ ...teams, MICROSOFT_APP_TENANT_ID: 'firma.onmicrosoft.com' }, 'MICROSOFT_APP_TENANT_ID'],
];

describe('given a setting that is wrong', () => {
  test.each(wrong)('%j, then it is the one that is named, in both languages', (env, variable) => {
    const read = tryConfig(env);
    expect(read.ok ? [] : read.problems.map((problem) => problem.variable)).toEqual([variable]);
    expect(() => readConfig(env)).toThrow(new RegExp(`^${variable}: `, 'u'));
    const [one] = problemsFound(read.ok ? [] : read.problems);
    const text = (locale: 'de' | 'en') => (one ? foundText(one, locale).replaceAll('\n', ' ') : '');
    expect(text('de')).toMatch(new RegExp(`^${variable} lässt sich so nicht benutzen.* Erwartet: `, 'u'));
    expect(text('en')).toMatch(new RegExp(`^${variable} can't be used like this.* Expected: `, 'u'));
    expect(text('de')).not.toContain('ein anderer Wert');
    expect(text('en')).not.toContain('another value');
    expect(read.ok ? '' : JSON.stringify(read.problems)).not.toContain('geheim');
  });

  test('several, then all are named', () => {
    const read = tryConfig({ PORT: 'many', IT_LOCALE: 'nl', LOG_LEVEL: '' });
    expect(read.ok ? [] : read.problems.map(({ variable }) => variable)).toEqual(['PORT', 'IT_LOCALE']);
  });
});

test('every form of a name server is taken that node:dns takes, and no space counts', () => {
  const CHECK_DNS_SERVERS = '192.0.2.53, 192.0.2.53:5353,2001:db8::53 ,[2001:db8::53]:5353,[::1]';
  const { CHECK_DNS_SERVERS: servers, METRICS_TOKEN } = readConfig({
    CHECK_DNS_SERVERS,
    METRICS_TOKEN: ` ${'x'.repeat(32)} `,
  });
  expect(() => newResolver(servers)).not.toThrow();
  expect(servers).toHaveLength(5);
  expect(METRICS_TOKEN).toBe('x'.repeat(32));
});

test('every setting stands in .env.example, and no other', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const named = [...example.matchAll(/^([A-Z_]+)=/gmu)].map(([, name]) => name).sort();
  expect(named).toEqual([...settingNames].sort());
});

test('whatever the file .env may have is said in both languages, with the line, and as the start says it', () => {
  const kinds = Object.keys(envFaults) as (keyof typeof envFaults)[];
  for (const what of kinds) {
    const fault: EnvFault = { what, line: 7, name: 'PROT', likely: 'PORT', code: 'EACCES' };
    const [one] = faultsFound([fault]);
    if (!one) throw new Error(`nothing is said of ${what}`);
    expect(outcomeOf(one)).toBe(stopsTheStart(fault) ? 'bad' : 'warning');
    for (const locale of ['de', 'en'] as const) {
      const text = foundText(one, locale);
      expect(text).not.toMatch(/^file-|\{\{|–/u);
      expect(text).toContain('.env');
    }
  }
  const [outside] = faultsFound([
    { what: 'likely-name', name: 'SLACK_ITCHANNEL', likely: 'SLACK_IT_CHANNEL' },
  ]);
  expect(outside && foundText(outside, 'en')).toMatch(
    /^The process environment .*SLACK_ITCHANNEL.*probably mean SLACK_IT_CHANNEL/u,
  );
});

test('a variable that is wrong in two ways is named once', () => {
  const problems = [
    { variable: 'PORT', message: 'one' },
    { variable: 'LOG_LEVEL', message: 'another' },
    { variable: 'PORT', message: 'a third', expected: 'form' },
  ];
  expect(problemsFound(problems).map(({ values }) => values)).toEqual([
    { variable: 'PORT' },
    { variable: 'LOG_LEVEL' },
  ]);
});
