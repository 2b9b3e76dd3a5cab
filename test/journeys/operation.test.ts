/** What an operator relies on: health, figures, a log without people in it, and an end within seconds. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobKinds } from '../../src/store/ports.ts';
import { postJson } from '../adapters/preview-doors.ts';
import { refusal } from '../adapters/slack-door.ts';
import { startPostgres } from '../databases/postgres.ts';
import { scope, startDovecot, startNameServer, startPostfix, startSilent } from '../mail-servers/index.ts';
import { failToStart, loopback, startProduct } from './product.ts';
import { type Account, handOver, openStageOf, type Stage } from './slack-stage.ts';
import { variants } from './words.ts';

const own = scope();
afterAll(() => own.stop());
const patience = { timeout: 20_000, interval: 100 };

const readiness = async (url: string): Promise<{ status: number; body: unknown; alive: number }> => {
  const [ready, alive] = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/healthz`)]);
  return { status: ready.status, body: await ready.json(), alive: alive.status };
};
const figures = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, text: await response.text() };
};

test('given a new installation, then its figures begin at zero, so that the first fault is a rise', async () => {
  const env = { ...loopback, LOG_LEVEL: 'silent', DATA_DIR: await own.folder() };
  const { url } = await own.start(startProduct(env));
  const { text } = await figures(url);
  const rising = jobKinds.flatMap((kind) => [
    `connect_email_jobs{kind="${kind}"} 0`,
    `connect_email_jobs_given_up{kind="${kind}"} 0`,
  ]);
  const failed = (kind: string) =>
    `connect_email_checks_total{kind="${kind}",verdict="failed",login="false"} 0`;
  expect(text.split('\n')).toEqual(expect.arrayContaining([...rising, failed('check'), failed('watch')]));
});

describe('given a store that stops', () => {
  const red = { status: 503, body: { ready: false, parts: { store: false } }, alive: 200 };

  test('PostgreSQL, then it is not ready, says so in its figures, and is ready again by itself', async () => {
    const server = await own.start(startPostgres());
    const env = { ...loopback, LOG_LEVEL: 'silent', DATABASE_URL: await server.createDatabase() };
    const product = await own.start(startProduct(env));
    expect(await readiness(product.url)).toMatchObject({ status: 200, body: { parts: { store: true } } });
    await server.crash();
    // Its connections go a moment after it.
    await expect.poll(() => readiness(product.url), patience).toEqual(red);
    expect((await figures(product.url)).text).toContain('connect_email_store_up 0');
    await server.restart();
    await expect.poll(async () => (await readiness(product.url)).status, patience).toBe(200);
    expect((await figures(product.url)).text).toContain('connect_email_store_up 1');
  });

  test('the embedded one, held by somebody else, then it is not ready until it is let go', async () => {
    const folder = await own.folder();
    const product = await own.start(startProduct({ ...loopback, LOG_LEVEL: 'silent', DATA_DIR: folder }));
    expect((await readiness(product.url)).status).toBe(200);
    using other = new DatabaseSync(join(folder, 'connect-email.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    await expect.poll(() => readiness(product.url), patience).toEqual(red);
    other.exec('ROLLBACK');
    await expect.poll(async () => (await readiness(product.url)).status, patience).toBe(200);
  });
});

/** Each line of the log, from the first, is an object. */
const entryOf = (line: string): Record<string, unknown> => {
  const entry: unknown = JSON.parse(line);
  return entry instanceof Object ? { ...entry } : {};
};

/** What an operator reads of one case at `info`, from the first word to the last. */
const journey = [
  'conversation began',
  'check started',
  'check finished',
  'case opened',
  'case handed over',
  'case claimed',
  'person asked to be forgotten',
  'case withdrawn',
  'person forgotten',
];

describe('given a workspace and a server with old TLS', () => {
  const words = variants[0]?.words;
  if (!words) throw new Error('expected German words');
  const host = 'mail.firma.test';
  let account: Account;
  let env: Record<string, string>;
  let silent: Account;
  beforeAll(async () => {
    const authority = await own.authority();
    const certificate = await authority.issue({ hosts: [host] });
    const [dns, imap, smtp, mute] = await Promise.all([
      own.start(startNameServer([{ type: 'A', name: host, address: '127.0.0.1' }])),
      own.start(startDovecot({ certificate, versions: ['TLSv1'] })),
      own.start(startPostfix({ certificate })),
      own.start(startSilent()),
    ]);
    env = {
      CHECK_CA_FILE: authority.caFile,
      CHECK_DNS_SERVERS: `127.0.0.1:${dns.port}`,
      LOG_LEVEL: 'debug',
      METRICS_TOKEN: 'nur-fuer-die-waechter-dieses-hauses',
      DEFAULT_LOCALE: 'de',
    };
    account = {
      ...{ imapHost: host, imapPort: String(imap.imapsPort), imapEncryption: 'tls' },
      ...{ smtpHost: host, smtpPort: String(smtp.smtpsPort), smtpEncryption: 'tls' },
    };
    silent = { ...account, imapPort: String(mute.port) };
  });

  const submitServers = async (stage: Stage, typed: Account) => {
    const servers = await (await (await stage.person.anna.command()).modal())?.submit({
      address: 'anna.beck@firma.test',
    });
    if (servers?.type !== 'next') throw new Error('expected the form for the servers');
    expect(await servers.modal.submit(typed)).toEqual({ type: 'closed' });
  };

  test('then log and figures tell the whole journey, and nobody is in them', async () => {
    const stage = await openStageOf(startProduct, { env });
    const { anna, jonas } = stage.person;
    await submitServers(stage, account);
    const report = await stage.repSees(words.blocked, words.tlsTitle);
    let refusals = 2;
    stage.world.door.failIf((method, body) => {
      if (method !== 'chat.postMessage' || body.channel !== stage.world.itChannel || refusals === 0)
        return null;
      refusals -= 1;
      return refusal('internal_error');
    });
    await handOver(stage, report, 'Seit-gestern-kaputt');
    const root = await stage.itSees(words.rootHeading, words.rootOpen);
    await jonas.press(root, 'claim', 'it');
    await stage.repSees(words.reportClaimed);
    await anna.say('vergessen');
    await stage.repSees('gelöscht');

    const { url, said } = stage.product();
    const { text } = await figures(url);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'connect_email_checks_total{kind="check",verdict="blocked",login="false"} 1',
        'connect_email_findings_total{requirement="tls-min-version",verdict="fail",reason="legacy-only"} 1',
        'connect_email_platform_errors_total{platform="slack",code="temporary"} 2',
        'connect_email_store_up 1',
      ]),
    );
    expect(text).toMatch(/ack_duration_seconds_count\{platform="slack"\} [1-9]/u);
    const proxied = { 'X-Forwarded-For': '203.0.113.7' };
    expect((await figures(url, proxied)).status).toBe(404);
    const token = `Bearer ${env.METRICS_TOKEN}`;
    expect((await figures(url, { ...proxied, Authorization: token })).status).toBe(200);

    const lines = said().trim().split('\n');
    const entries = lines.map(entryOf);
    expect(entries.find(({ msg }) => String(msg).startsWith('connect-email: listening on '))).toMatchObject({
      ...{ level: 30, mode: 'chat', platforms: 'slack', store: 'sqlite', publicUrl: false },
      ...{ metricsFor: 'machine token', url, version: expect.stringMatching(/^\d+\.\d+\.\d+/u) },
    });
    const told = entries.filter(({ level }) => level === 30).map(({ msg }) => msg);
    expect(told.filter((msg) => journey.includes(String(msg)))).toEqual(journey);
    expect(entries).toContainEqual(
      expect.objectContaining({ msg: 'check finished', verdict: 'blocked', withLogin: false }),
    );
    expect(entries.filter(({ level }) => level === 20).length).toBeGreaterThan(told.length);
    expect(lines.join('\n')).toContain('job failed');
    const people =
      /firma|anna|beck|jonas|kern|example|dovecot|postfix|ESMTP|kaputt|xoxb|127\.0\.0\.1|nur-fuer/iu;
    // Where it listens is the machine's own, and no person's.
    const ownAddress = entries.find(({ url: own }) => own === url);
    const others = lines.filter((line) => entryOf(line).url !== ownAddress?.url);
    expect(others.filter((line) => people.test(line))).toEqual([]);
    expect(text.split('\n').filter((line) => people.test(line))).toEqual([]);
    await stage.close();
  });

  test('told to end while a check runs and a form is open, it ends within seconds, and nothing is lost', async () => {
    const stage = await openStageOf(startProduct, { env });
    await submitServers(stage, silent);
    await stage.repSees(words.running.replace('rep@example.test', 'anna.beck@firma.test'));
    const form = await (await stage.person.anna.command()).modal();
    const began = performance.now();
    const exit = await stage.product().end('SIGTERM');
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(exit).toEqual({ code: 0, signal: null });
    expect(stage.product().said()).not.toMatch(/"level":(?:50|60)/u);
    await stage.restart();
    expect(await form?.submit({ address: 'anna.beck@firma.test' })).toMatchObject({ type: 'next' });
    await stage.repSees('Einen Punkt konnten wir nicht klären');
    await stage.close();
  });
});

test('a thousand questions whether it is ready move a platform and the store once, not a thousand times', async () => {
  const stage = await openStageOf(startProduct, { env: { LOG_LEVEL: 'silent' } });
  const { url } = stage.product();
  const calls = () => stage.world.door.calls.length;
  const before = calls();
  const began = performance.now();
  const asked = Array.from({ length: 1000 }, async () => (await fetch(`${url}/readyz`)).status);
  expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
  const seconds = (performance.now() - began) / 1000;
  // Who we are and whether the IT channel can be used: each once, and not more often than once a second.
  expect(calls() - before).toBeLessThanOrEqual(2 * Math.ceil(seconds));
  await stage.close();
});

test('conversations that nobody can read any more are counted from the start', async () => {
  const folder = await own.folder();
  const env = { ...loopback, LOG_LEVEL: 'info', DATA_DIR: folder };
  const first = await own.start(startProduct(env));
  await postJson(first.url, 'command', { text: '', typed: false });
  await first.end('SIGTERM');
  using file = new DatabaseSync(join(folder, 'connect-email.sqlite'));
  file.exec(`insert into conversations (id, platform, person_id, revision, version, state, created_at, updated_at, is_open)
    select 'torn', platform, 'other', revision, version, '{"id":"to', created_at, updated_at, 1 from conversations limit 1`);
  file.close();
  const second = await own.start(startProduct(env));
  const unreadable = async () =>
    /^connect_email_unreadable_conversations (\d+)$/mu.exec((await figures(second.url)).text)?.[1];
  await expect.poll(unreadable, patience).toBe('1');
  const lines = second.said().trim().split('\n').map(entryOf);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 50,
      conversation: 'torn',
      msg: 'a conversation is damaged; it is kept',
    }),
  );
});

test('a token that could be guessed stops the start with one line', async () => {
  const env = { ...loopback, DATA_DIR: await own.folder(), METRICS_TOKEN: 'kurz' };
  const { code, out, err } = await failToStart(env);
  const line = /^connect-email cannot start: METRICS_TOKEN: expected at least 32 characters[^\n]*\n$/u;
  expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringMatching(line) });
});

test('behind a public address nobody reads the figures without the token, and it says so at its start', async () => {
  const env = { ...loopback, DATA_DIR: await own.folder(), PUBLIC_URL: 'https://bot.firma.test' };
  const { url, said } = await own.start(startProduct(env));
  expect((await figures(url)).status).toBe(404);
  expect(entryOf(said().split('\n')[0] ?? '')).toMatchObject({ publicUrl: true, metricsFor: '' });
});
