/** The fixtures do what they say, judged by peers that share no code with them: openssl and plain sockets. */
import { Resolver } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureSystemPackages } from '../../scripts/system-packages.ts';
import {
  type Authority,
  type CertificateKind,
  REP,
  scope,
  startDovecot,
  startNameServer,
  startPostfix,
} from './index.ts';
import { handshake, insideTls, openssl, talk } from './peers.ts';

const servers = scope();
let authority: Authority;

beforeAll(async () => {
  await ensureSystemPackages();
  authority = await servers.authority();
});
afterAll(() => servers.stop());

const trusted = () => ['-CAfile', authority.caFile, '-verify_return_error'];

describe('certificates', () => {
  const faults: Record<CertificateKind, RegExp> = {
    good: /: OK/,
    expired: /error 10 at 0 depth/,
    'not-yet-valid': /error 9 at 0 depth/,
    'expires-soon': /: OK/,
    'self-signed': /error 18 at 0 depth/,
    'wrong-name': /hostname mismatch/,
    'cn-only': /: OK/,
    'missing-intermediate': /error 20 at 0 depth/,
    'with-intermediate': /: OK/,
    'intermediate-expired': /error 10 at 1 depth/,
    'weak-key': /EE certificate key too weak/,
    'weak-signature': /digest algorithm too weak/,
    'client-only': /unsuitable certificate purpose/,
    'private-ca': /error 19 at 1 depth/,
    intercepted: /error 19 at 1 depth/,
  };

  it.each(Object.entries(faults))('%s', async (kind, expected) => {
    const { certFile } = await authority.issue({ kind: kind as CertificateKind });
    const trust = ['-CAfile', authority.caFile, '-untrusted', certFile];
    const demands = ['-auth_level', '2', '-purpose', 'sslserver', '-verify_hostname', 'localhost'];
    expect((await openssl(['verify', ...trust, ...demands, certFile])).output).toMatch(expected);
  });

  it('cn-only has the name as CN and nowhere else, expires-soon ends within a week', async () => {
    const cnOnly = await authority.issue({ kind: 'cn-only' });
    const text = (await openssl(['x509', '-noout', '-text', '-in', cnOnly.certFile])).output;
    expect(text).toContain('CN = localhost');
    expect(text).not.toContain('Subject Alternative Name');
    const soon = await authority.issue({ kind: 'expires-soon' });
    const week = String(7 * 24 * 3600);
    expect((await openssl(['x509', '-noout', '-checkend', week, '-in', soon.certFile])).ok).toBe(false);
  });
});

describe('Dovecot', () => {
  it('speaks IMAP over TLS, offers STARTTLS and LOGINDISABLED to strangers, and knows the user', async () => {
    const certificate = await authority.issue();
    const dovecot = await servers.start(startDovecot({ certificate, address: '127.0.0.2' }));
    const login = `a LOGIN ${REP.name} ${REP.password}`;
    const lines = [login, 'b LIST (SPECIAL-USE) "" *', 'c LOGOUT'];
    const inside = await insideTls({ host: dovecot.host, port: dovecot.imapsPort }, lines, ...trusted());
    expect(inside).toMatch(/^\* OK \[CAPABILITY IMAP4rev1 .*AUTH=PLAIN AUTH=LOGIN/);
    expect(inside).toMatch(/^a OK .*Logged in/m);
    expect(inside).toMatch(/\\Sent\).* Sent/);
    const plain = await talk({ host: dovecot.host, port: dovecot.imapPort });
    expect(plain.said).toMatch(/STARTTLS LOGINDISABLED/);
    const upgraded = await handshake(
      { host: dovecot.host, port: dovecot.imapPort },
      '-starttls',
      'imap',
      ...trusted(),
    );
    expect(upgraded.output).toContain('Verify return code: 0 (ok)');
  });

  it('with TLS 1.0 alone refuses all newer versions', async () => {
    const certificate = await authority.issue();
    const { host, imapsPort: port } = await servers.start(startDovecot({ certificate, versions: ['TLSv1'] }));
    const versions = ['-tls1', '-tls1_1', '-tls1_2', '-tls1_3'];
    const results = await Promise.all(versions.map((version) => handshake({ host, port }, version)));
    expect(results.map((result) => result.ok)).toEqual([true, false, false, false]);
    expect(results[0]?.output).toMatch(/Protocol *: TLSv1$/m);
  });

  it('with current versions refuses TLS 1.1', async () => {
    const certificate = await authority.issue();
    const { host, imapsPort: port } = await servers.start(startDovecot({ certificate }));
    const versions = ['-tls1_1', '-tls1_2', '-tls1_3'];
    const results = await Promise.all(versions.map((version) => handshake({ host, port }, version)));
    expect(results.map((result) => result.ok)).toEqual([false, true, true]);
  });

  it('without TLS offers no STARTTLS and keeps the other port closed', async () => {
    const certificate = await authority.issue();
    const dovecot = await servers.start(
      startDovecot({ certificate, starttls: false, mechanisms: ['cram-md5'] }),
    );
    const { said } = await talk({ host: dovecot.host, port: dovecot.imapPort });
    expect(said).toContain('AUTH=CRAM-MD5');
    expect(said).not.toContain('STARTTLS');
    expect((await talk({ host: dovecot.host, port: dovecot.imapsPort })).end).toBe('refused');
  });

  it('that cannot start says why, and leaves nothing behind', async () => {
    const certificate = await authority.issue();
    const broken = startDovecot({ certificate, settings: 'nonsense = 1' });
    await expect(broken).rejects.toThrow(/Unknown setting: nonsense/);
    const dovecot = await startDovecot({ certificate });
    expect(existsSync(dovecot.logFile)).toBe(true);
    await dovecot.stop();
    expect(existsSync(dovecot.logFile)).toBe(false);
    // A child that is on its way out may still hold the port.
    const stopped = async () => (await talk({ host: dovecot.host, port: dovecot.imapPort })).end;
    await expect.poll(stopped).toBe('refused');
  });
});

describe.runIf(process.getuid?.() === 0)('Postfix', () => {
  const auth = `AUTH PLAIN ${Buffer.from(`\0${REP.name}\0${REP.password}`).toString('base64')}`;

  it('offers STARTTLS first and AUTH after it, takes the login and the mail', async () => {
    const certificate = await authority.issue();
    const { host, smtpPort, smtpsPort } = await servers.start(startPostfix({ certificate }));
    const { said } = await talk({ host, port: smtpPort }, 'EHLO me.test\r\nQUIT\r\n');
    expect(said).toContain('250-STARTTLS');
    expect(said).not.toContain('AUTH');
    const mail = ['MAIL FROM:<a@example.test>', 'RCPT TO:<b@example.net>', 'DATA', 'Hello\n.', 'QUIT'];
    const inside = await insideTls({ host, port: smtpsPort }, ['EHLO me.test', auth, ...mail]);
    expect(inside).toMatch(/^250-AUTH PLAIN LOGIN/m);
    expect(inside).toMatch(/^235 /m);
    expect(inside).toMatch(/queued as/);
  });

  it('with TLS 1.0 alone refuses all newer versions', async () => {
    const certificate = await authority.issue({ kind: 'weak-key' });
    const options = { certificate, versions: ['TLSv1'], auth: 'none' } as const;
    const { host, smtpPort: port } = await servers.start(startPostfix(options));
    const versions = ['-tls1', '-tls1_1', '-tls1_2', '-tls1_3'];
    const results = await Promise.all(
      versions.map((version) => handshake({ host, port }, version, '-starttls', 'smtp')),
    );
    expect(results.map((result) => result.ok)).toEqual([true, false, false, false]);
  });

  it('without TLS offers none, with its own banner; or AUTH in clear text, CRAM-MD5 only', async () => {
    const certificate = await authority.issue();
    const [none, cram] = await Promise.all([
      servers.start(startPostfix({ certificate, starttls: false, auth: 'none', banner: 'odd.test ESMTP' })),
      servers.start(startPostfix({ certificate, auth: 'cram-md5', authBeforeTls: true })),
    ]);
    const hello = 'EHLO me.test\r\nQUIT\r\n';
    const bare = await talk({ host: none.host, port: none.smtpPort }, hello);
    expect(bare.said).toMatch(/^220 odd\.test ESMTP\r\n/);
    expect(bare.said).not.toMatch(/STARTTLS|AUTH/);
    const { said } = await talk({ host: cram.host, port: cram.smtpPort }, hello);
    expect(said).toMatch(/250-AUTH CRAM-MD5\r/);
  });
});

describe('dnsmasq', () => {
  it('answers what it was told, NXDOMAIN to the rest, and fails on demand', async () => {
    const dns = await servers.start(
      startNameServer([
        { type: 'A', name: 'mail.example.test', address: '127.0.0.2' },
        { type: 'AAAA', name: 'mail.example.test', address: '::1' },
        { type: 'MX', name: 'example.test', exchange: 'mail.example.test' },
        { type: 'SRV', name: '_imaps._tcp.example.test', target: 'mail.example.test', port: 993 },
        { type: 'CNAME', name: 'imap.example.test', target: 'mail.example.test' },
        { type: 'TXT', name: 'example.test', text: 'one, "two"' },
        { type: 'EMPTY', name: 'empty.example.test' },
        { type: 'FAILS', name: 'broken.test', how: 'SERVFAIL' },
        { type: 'FAILS', name: 'refused.test', how: 'REFUSED' },
        { type: 'FAILS', name: 'silent.test', how: 'silence' },
      ]),
    );
    const resolver = new Resolver({ timeout: 300, tries: 1 });
    resolver.setServers([`${dns.address}:${dns.port}`]);
    const ask = (name: string, type = 'A') =>
      resolver.resolve(name, type).catch((error: NodeJS.ErrnoException) => error.code);
    expect(await ask('mail.example.test')).toEqual(['127.0.0.2']);
    expect(await ask('mail.example.test', 'AAAA')).toEqual(['::1']);
    expect(await ask('imap.example.test')).toEqual(['127.0.0.2']);
    expect(await ask('example.test', 'MX')).toMatchObject([{ exchange: 'mail.example.test', priority: 10 }]);
    expect(await ask('_imaps._tcp.example.test', 'SRV')).toMatchObject([
      { name: 'mail.example.test', port: 993 },
    ]);
    expect(await ask('example.test', 'TXT')).toEqual([['one, "two"']]);
    expect(await ask('empty.example.test')).toBe('ENODATA');
    expect(await ask('nobody.example.test')).toBe('ENOTFOUND');
    expect(await ask('sub.broken.test')).toBe('ESERVFAIL');
    expect(await ask('refused.test')).toBe('EREFUSED');
    expect(await ask('silent.test')).toBe('ETIMEOUT');
  });
});
