/** Servers over whose certificate no password goes, mailboxes that lack something, and SMTP servers of another make. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authority,
  type Dovecot,
  type Postfix,
  REP,
  scope,
  startDovecot,
  startPostfix,
} from '../mail-servers/index.ts';
import { check, notPassed, unmet } from './login-cases.ts';

const servers = scope();
const host = '127.0.0.1';
let ca: Authority;
let imap: Dovecot;
let smtp: Postfix;

beforeAll(async () => {
  ca = await servers.authority();
  const certificate = await ca.issue();
  [imap, smtp] = await Promise.all([
    servers.start(startDovecot({ certificate })),
    servers.start(startPostfix({ certificate })),
  ]);
});
afterAll(() => servers.stop());

describe('Given a certificate that nobody vouches for', () => {
  it.each([
    ['self-signed', 'login-accepted certificate-not-trusted', 'inconclusive'],
    ['private-ca', 'login-accepted certificate-not-trusted', 'inconclusive'],
    ['wrong-name', 'cert-name name-mismatch', 'blocked'],
    ['expired', 'cert-validity expired', 'blocked'],
    ['missing-intermediate', 'cert-chain-complete missing-intermediate', 'blocked'],
    ['client-only', 'cert-strength not-for-servers', 'blocked'],
  ] as const)('%s: the password is kept back, unless it was expected', async (kind, cause, verdict) => {
    const server = await servers.start(
      startDovecot({ certificate: await ca.issue({ kind }), settings: 'auth_verbose = yes' }),
    );
    const given = { imap: { port: server.imapsPort }, smtp: { port: smtp.smtpsPort }, ca };
    const kept = await check(given);
    const trust = kind === 'self-signed' || kind === 'private-ca' ? [`imap cert-trusted ${kind}`] : [];
    expect(unmet(kept.assessment.findings)).toEqual([...trust, `imap ${cause}`]);
    expect(kept.assessment.verdict).toBe(verdict);
    expect(kept.observations).toContainEqual(
      expect.objectContaining({ type: 'login', service: 'imap', outcome: 'withheld' }),
    );
    expect(notPassed(kept.assessment.findings, 'smtp')).toEqual([]);
    expect(await readFile(server.logFile, 'utf8')).not.toMatch(/Login: user|auth failed/u);

    const sent = await check({ ...given, account: { untrustedCertificateExpected: true } });
    await expect.poll(() => readFile(server.logFile, 'utf8')).toMatch(/Login: user/u);
    expect(unmet(sent.assessment.findings)).toEqual(trust.length > 0 ? trust : [`imap ${cause}`]);
  });

  it('given another certificate than the check before has seen, then the password is kept back, and the very one gets it', async () => {
    const [other, after] = [await servers.authority(), await ca.issue({ kind: 'self-signed' })];
    const before = await other.issue({ kind: 'self-signed' });
    const server = await servers.start(startDovecot({ certificate: after, settings: 'auth_verbose = yes' }));
    const given = {
      imap: { port: server.imapsPort },
      smtp: { port: smtp.smtpsPort },
      ca,
      account: { untrustedCertificateExpected: true },
    };
    const fingerprint = async (pem: string) => new X509Certificate(await readFile(pem)).fingerprint256;
    const kept = await check({ ...given, pinned: { imap: await fingerprint(before.certFile) } });
    expect(unmet(kept.assessment.findings)).toContain('imap login-accepted certificate-changed');
    const nothingSeen = await check({ ...given, pinned: {} });
    expect(unmet(nothingSeen.assessment.findings)).toContain('imap login-accepted certificate-changed');
    expect(await readFile(server.logFile, 'utf8')).not.toMatch(/Login: user|auth failed/u);

    const sent = await check({ ...given, pinned: { imap: await fingerprint(after.certFile) } });
    expect(unmet(sent.assessment.findings)).toEqual(['imap cert-trusted self-signed']);
    await expect.poll(() => readFile(server.logFile, 'utf8')).toMatch(/Login: user/u);
  });

  it('given one of many servers of a provider, each with a certificate of its own in order, then any of them gets it', async () => {
    const others = { imap: 'AA:BB', smtp: 'CC:DD' };
    const given = { imap: { port: imap.imapsPort }, smtp: { port: smtp.smtpsPort }, ca, pinned: others };
    expect(unmet((await check(given)).assessment.findings)).toEqual([]);
  });

  it('no STARTTLS: no password leaves in clear text', async () => {
    const certificate = await ca.issue();
    const bare = await servers.start(
      startDovecot({ certificate, starttls: false, disablePlaintextAuth: false }),
    );
    const bareSmtp = await servers.start(startPostfix({ certificate, starttls: false }));
    const { assessment, observations } = await check({
      imap: { port: bare.imapPort, encryption: 'starttls' },
      smtp: { port: bareSmtp.smtpPort, encryption: 'none' },
      ca,
      account: { untrustedCertificateExpected: true },
    });
    expect(observations.filter(({ type }) => type === 'login')).toEqual([]);
    expect(assessment.loginTested).toBe(false);
    expect(await readFile(bare.logFile, 'utf8')).not.toMatch(/Login: user|auth failed/u);
  });
});

describe('Given Dovecot that admits only those with a certificate of their own', () => {
  it('at the login: that is the one cause', async () => {
    const settings = `ssl_verify_client_cert = yes\nssl_ca = <${ca.caFile}\nauth_ssl_require_client_cert = yes`;
    const server = await servers.start(startDovecot({ certificate: await ca.issue(), settings }));
    const given = { imap: { port: server.imapsPort }, smtp: { port: smtp.smtpsPort }, ca };
    const { assessment } = await check(given);
    expect(unmet(assessment.findings)).toEqual(['imap imap-encryption client-certificate-required']);
    expect(assessment.verdict).toBe('blocked');
  });
});

describe('Given a mailbox that lacks something', () => {
  const withSent = async (sentMailbox: string | false, settings = '') => {
    const server = await servers.start(
      startDovecot({ certificate: await ca.issue(), sentMailbox, settings }),
    );
    return check({ imap: { port: server.imapsPort }, smtp: { port: smtp.smtpsPort }, ca });
  };

  it('a folder for sent mail', async () => {
    const { assessment } = await withSent(false);
    expect(unmet(assessment.findings)).toEqual(['imap sent-folder no-sent-folder']);
    expect(assessment.verdict).toBe('ready-with-warnings');
  });

  it.each([
    'Gesendete Elemente',
    'SENT',
    'GESENDET',
    'Sent-Items',
    'Gesendete-Elemente',
    'Gesendete E-Mails',
  ])('the mark on that folder, %s', async (name) => {
    const box = `namespace inbox {\n  mailbox "${name}" {\n    auto = create\n  }\n}`;
    const { assessment } = await withSent(false, box);
    expect(unmet(assessment.findings)).toEqual(['imap sent-folder not-marked']);
    expect(assessment.findings.find(({ reason }) => reason === 'not-marked')?.evidence).toEqual({
      folders: [name],
    });
  });

  it('the right to send as itself: a warning by the older page, a failure by the newer', async () => {
    const server = await servers.start(
      startPostfix({
        certificate: await ca.issue(),
        settings: {
          smtpd_sender_login_maps: 'static:somebody-else@example.test',
          smtpd_sender_restrictions: 'reject_sender_login_mismatch',
        },
      }),
    );
    const given = { imap: { port: imap.imapsPort }, smtp: { port: server.smtpsPort }, ca };
    const older = await check(given);
    expect(unmet(older.assessment.findings)).toEqual(['smtp smtp-send-as sender-refused']);
    expect(older.assessment.verdict).toBe('ready-with-warnings');
    const newer = await check({ ...given, policy: 'hubspot-2024' });
    expect(newer.assessment.verdict).toBe('blocked');
  });

  it('a refusal for now, as greylisting gives it: try-later, and nobody is blocked', async () => {
    const settings = { smtpd_sender_restrictions: 'defer' };
    const server = await servers.start(startPostfix({ certificate: await ca.issue(), settings }));
    const given = { imap: { port: imap.imapsPort }, smtp: { port: server.smtpsPort }, ca };
    const { findings, verdict } = (await check(given)).assessment;
    expect(unmet(findings)).toEqual(['smtp smtp-send-as try-later']);
    expect(verdict).toBe('ready-with-warnings');
  });
});

describe('Given an SMTP server of another make', () => {
  const start = async (methods: string[], answer: 'yes' | 'full' = 'yes') => {
    const certificate = await ca.issue();
    const [cert, key] = await Promise.all([readFile(certificate.certFile), readFile(certificate.keyFile)]);
    const pairs: string[] = [];
    const server = new SMTPServer({
      ...{ secure: true, cert, key, authMethods: methods, disableReverseLookup: true, logger: false },
      onAuth: ({ username, password, method }, _session, done) => {
        pairs.push(`${method} ${username} ${password}`);
        done(null, { user: username ?? '' });
      },
      onRcptTo: (_to, _session, done) =>
        done(
          answer === 'full' ? Object.assign(new Error('4.2.2 Mailbox full'), { responseCode: 452 }) : null,
        ),
      onData: () => {
        pairs.push('DATA');
      },
    });
    server.on('error', () => undefined);
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, host, resolve);
    await promise;
    await servers.start(
      Promise.resolve({ stop: () => new Promise<void>((done) => server.close(() => done())) }),
    );
    const at = server.server.address();
    return { port: typeof at === 'object' && at ? at.port : 0, pairs };
  };
  const run = (port: number) => check({ imap: { port: imap.imapsPort }, smtp: { port }, ca });

  it.each(['PLAIN', 'LOGIN'])('AUTH %s gets the pair once', async (method) => {
    const { port, pairs } = await start([method]);
    const { assessment } = await run(port);
    expect(unmet(assessment.findings)).toEqual([]);
    expect(pairs).toEqual([`${method} ${REP.name} ${REP.password}`]);
  });

  it('a challenge only: nothing is tried, the mechanism is the cause', async () => {
    const { port, pairs } = await start(['CRAM-MD5']);
    const { assessment } = await run(port);
    expect(unmet(assessment.findings)).toEqual(['smtp auth-mechanism challenge-only']);
    expect(pairs).toEqual([]);
    const accepted = assessment.findings.find(
      ({ requirement, endpoint }) => requirement === 'login-accepted' && endpoint?.service === 'smtp',
    );
    expect(accepted?.evidence).toEqual({ because: 'auth-mechanism' });
  });

  it('a full mailbox', async () => {
    const { port, pairs } = await start(['PLAIN'], 'full');
    const { assessment } = await run(port);
    expect(unmet(assessment.findings)).toEqual(['smtp smtp-send-as over-quota']);
    expect(pairs).not.toContain('DATA');
  });
});
