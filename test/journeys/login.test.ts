/** The login is tested on real mail servers, from the command line, once per server. */
import { readFile } from 'node:fs/promises';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authority,
  type Dovecot,
  type MailUser,
  type Postfix,
  REP,
  scope,
  startDovecot,
  startPostfix,
} from '../mail-servers/index.ts';
import { connectEmail, report } from './terminal-cases.ts';

const servers = scope();
const host = '127.0.0.1';
const locked: MailUser = { name: 'locked@example.test', password: 'kranich-ruht-17', fields: ['nologin'] };
const elsewhere: MailUser = {
  name: 'elsewhere@example.test',
  password: 'kranich-ruht-17',
  fields: ['allow_nets=192.0.2.0/24'],
};
const short: MailUser = { name: 'rep', password: REP.password };
/** Dovecot makes an address wait ever longer after each refusal; here that would only be waiting. */
const patient = 'service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}';
const users = [REP, locked, elsewhere, short];
let ca: Authority;
let imap: Dovecot;
let smtp: Postfix;

beforeAll(async () => {
  ca = await servers.authority();
  const certificate = await ca.issue();
  const settings = `protocol imap {\n  mail_max_userip_connections = 1\n}\nauth_verbose = yes\n${patient}`;
  imap = await servers.start(startDovecot({ certificate, users, settings }));
  smtp = await servers.start(startPostfix({ certificate, authSocket: imap.authSocket }));
});
afterAll(() => servers.stop());

const typed = (...more: string[]) => [
  ...['check', REP.name, '--imap', `${host}:${imap.imapsPort}`, '--imap-encryption', 'tls'],
  ...['--smtp', `${host}:${smtp.smtpPort}`, '--smtp-encryption', 'starttls'],
  ...['--allow-network', '127.0.0.0/8', '--ca', ca.caFile, ...more],
];

const checked = async (input: string, ...more: string[]) => {
  const ran = await connectEmail([...typed(...more), '--password-stdin', '--json'], { input });
  expect(ran.stderr).toBe('');
  const read = report.parse(JSON.parse(ran.stdout));
  const cause = read.findings.filter(({ severity, verdict }) => severity !== 'info' && verdict !== 'pass');
  return {
    code: ran.code,
    verdict: read.verdict,
    read,
    unmet: cause.map(
      ({ endpoint, requirement, reason }) => `${endpoint?.service ?? 'account'} ${requirement} ${reason}`,
    ),
  };
};

/** How often a log has spoken of a login since `from`. */
const logins = async (file: string, pattern: RegExp, from: number): Promise<number> =>
  (await readFile(file, 'utf8')).slice(from).match(pattern)?.length ?? 0;
const sizeOf = async (file: string): Promise<number> => (await readFile(file, 'utf8')).length;

describe('Given Dovecot and Postfix, when an admin tests the login', () => {
  it.each([`${REP.password}\n`, `${REP.password}\r\n`, REP.password])('%j: it is ready', async (input) => {
    const [imapLog, smtpLog] = [await sizeOf(imap.logFile), await sizeOf(smtp.logFile)];
    const { code, verdict, read, unmet: found } = await checked(input);
    expect({ code, verdict, found, tested: read.loginTested }).toEqual({
      ...{ code: 0, verdict: 'ready', found: [], tested: true },
    });
    const passed = (name: string) =>
      read.findings.filter(({ requirement, verdict: own }) => requirement === name && own === 'pass').length;
    expect(['login-accepted', 'custom-username', 'app-password', 'same-credentials'].map(passed)).toEqual([
      2, 2, 2, 1,
    ]);
    expect(['imap-enabled-account', 'sent-folder', 'smtp-send-as'].map(passed)).toEqual([1, 1, 1]);
    expect(read.findings.find(({ requirement }) => requirement === 'smtp-send-as')?.hubspotStep).toBe(
      'test-mail',
    );
    // Logs are written by processes of their own, a moment later.
    await expect.poll(() => logins(imap.logFile, /imap-login: (?:Info: )?Login: user/gu, imapLog)).toBe(1);
    const smtpTalk = async () => (await readFile(smtp.logFile, 'utf8')).slice(smtpLog);
    await expect.poll(smtpTalk).toMatch(/auth=1/u);
    expect(await smtpTalk()).not.toMatch(/\bDATA\b.*data=1|message-id=/u);
  });

  it.each([
    [
      'de',
      'Ihr Konto ist bereit: Die Server erfüllen alle Anforderungen',
      'Ihre Anmeldung haben wir noch nicht',
    ],
    ['en', 'Your account is ready: the servers meet all requirements', "We haven't tested your login"],
  ] as const)('%s: the verdict says so, and the steps of a login are good', async (locale, yes, no) => {
    const { code, stdout } = await connectEmail([...typed('--locale', locale), '--password-stdin'], {
      input: REP.password,
    });
    const words = stdout.replace(/\s+/gu, ' ');
    expect(code).toBe(0);
    expect(words).toContain(yes);
    expect(words).not.toContain(no);
    expect(stdout.match(/^✓ /gmu)).toHaveLength(5);
  });

  it('wrong password: each server refuses once, and nothing else is blamed', async () => {
    const [imapLog, smtpLog] = [await sizeOf(imap.logFile), await sizeOf(smtp.logFile)];
    const { code, read, unmet: found } = await checked('falscher-kolibri');
    expect([code, read.loginTested]).toEqual([1, true]);
    expect(found).toEqual(['imap login-accepted wrong-credentials', 'smtp login-accepted wrong-credentials']);
    await expect.poll(() => logins(imap.logFile, /auth failed, 1 attempts/gu, imapLog)).toBe(1);
    expect(await logins(imap.logFile, /auth failed, [^1]/gu, imapLog)).toBe(0);
    await expect.poll(() => logins(smtp.logFile, /SASL PLAIN authentication failed/gu, smtpLog)).toBe(1);
    const sent = read.findings.find(({ requirement }) => requirement === 'sent-folder');
    expect(sent).toMatchObject({ reason: 'not-reached', evidence: { because: 'login-accepted' } });
    const [refused] = read.findings.filter(({ reason }) => reason === 'wrong-credentials');
    expect(refused?.text.explanation).toContain('our own address');
  });

  it('an address rule answers like a wrong password, and the text says so', async () => {
    const { unmet: found } = await checked(elsewhere.password, '--username', elsewhere.name);
    expect(found).toEqual(['imap login-accepted wrong-credentials', 'smtp login-accepted wrong-credentials']);
  });

  it('a locked mailbox is called locked; the other server is all right', async () => {
    const { unmet: found, read } = await checked(locked.password, '--username', locked.name);
    expect(found).toEqual(['imap login-accepted locked']);
    const smtpSeen = read.findings.filter(
      ({ endpoint, verdict }) => endpoint?.service === 'smtp' && verdict !== 'pass',
    );
    expect(smtpSeen.map(({ reason }) => reason)).toEqual(['no-sign', 'not-tested']);
  });

  it('a user name that is not the address is fine', async () => {
    const { read, unmet: found } = await checked(short.password, '--username', short.name);
    expect(found).toEqual([]);
    const [named] = read.findings.filter(({ requirement }) => requirement === 'custom-username');
    expect(named).toMatchObject({ verdict: 'pass', severity: 'info' });
    expect(read.settings?.username).toBe('rep');
  });

  it('--smtp-username: the pair is not tried where it is said to be another', async () => {
    const smtpLog = await sizeOf(smtp.logFile);
    const { code, read, unmet: found } = await checked(REP.password, '--smtp-username', 'other@example.test');
    expect([code, found]).toEqual([1, ['account same-credentials stated-different']]);
    expect(await logins(smtp.logFile, /SASL|auth=/gu, smtpLog)).toBe(0);
    const states = read.findings.filter(({ requirement }) => requirement === 'login-accepted');
    expect(states.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['pass', null],
      ['not-applicable', 'not-tested'],
    ]);
  });

  it('the connections of the account are used up: the server says so', async () => {
    const other = new ImapFlow({
      ...{ host, port: imap.imapsPort, secure: true, logger: false, tls: { rejectUnauthorized: false } },
      auth: { user: REP.name, pass: REP.password },
    });
    other.on('error', () => undefined);
    await other.connect();
    try {
      const { code, unmet: found } = await checked(REP.password);
      expect([code, found]).toEqual([
        3,
        ['imap login-accepted too-many-connections', 'imap concurrent-connections limit-reached'],
      ]);
    } finally {
      await other.logout();
    }
  });

  it('no password: the login is not tested, and nothing is called ready', async () => {
    const { stdout, code } = await connectEmail([...typed('--json')]);
    const read = report.parse(JSON.parse(stdout));
    expect([code, read.loginTested]).toEqual([0, false]);
    const untested = read.findings.filter(({ reason }) => reason === 'not-tested');
    const names = new Set(untested.map(({ requirement }) => requirement));
    names.delete('plaintext-auth');
    expect(names).toEqual(
      new Set([
        ...['imap-enabled-account', 'app-password', 'login-accepted', 'inbox-readable', 'custom-username'],
        ...['concurrent-connections', 'sent-folder', 'smtp-send-as', 'test-mail-arrives'],
      ]),
    );
  });
});
