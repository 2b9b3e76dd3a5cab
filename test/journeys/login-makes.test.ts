/** A login on servers of other makes, and with what people really use as user names and passwords. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authority,
  type Certificate,
  type Exim,
  scope,
  startCourier,
  startCyrus,
  startDovecot,
  startExim,
  startPostfix,
} from '../mail-servers/index.ts';
import { check, notPassed, unmet } from './login-cases.ts';

const servers = scope();
let ca: Authority;
let certificate: Certificate;
let exim: Exim;

beforeAll(async () => {
  ca = await servers.authority();
  certificate = await ca.issue();
  exim = await servers.start(startExim({ certificate }));
});
afterAll(() => servers.stop());

describe('Given servers of other makes', () => {
  it('Exim takes the login and the envelope; Courier without its login daemon is at fault for the moment only', async () => {
    const imap = await servers.start(startCourier({ certificate, settings: { IMAP_TLS_REQUIRED: '0' } }));
    const result = await check({ imap: { port: imap.imapsPort }, smtp: { port: exim.smtpsPort }, ca });
    const { findings, verdict, loginTested } = result.assessment;
    expect(unmet(findings)).toEqual(['imap courier-imap courier', 'imap login-accepted unavailable']);
    expect([verdict, loginTested]).toEqual(['inconclusive', true]);
    expect(notPassed(findings, 'smtp')).toEqual([]);
  });

  it('a wrong password is called that by Cyrus and by Exim', async () => {
    const imap = await servers.start(startCyrus({ certificate }));
    const { assessment } = await check({
      imap: { port: imap.imapPort, encryption: 'starttls' },
      smtp: { port: exim.smtpPort, encryption: 'starttls' },
      ca,
      password: 'kein-kolibri-17',
    });
    expect(unmet(assessment.findings)).toEqual([
      'imap login-accepted wrong-credentials',
      'smtp login-accepted wrong-credentials',
    ]);
  });
});

describe('Given an odd user name or password', () => {
  const users = [
    { name: 'rep@example.test', password: 'say "kolibri" \\ and leave ' },
    { name: 'umlaut@example.test', password: 'Größe-für-Straßen-€uro' },
    { name: 'jörg', password: 'kolibri-tänzt-41' },
    { name: 'max muster', password: 'kolibri-tanzt-41' },
    // Dovecot looks up in this file what it has put a backslash before.
    { name: String.raw`o\"rep`, typed: 'o"rep', password: 'kolibri-tanzt-41' },
    { name: String.raw`firma\\rep`, typed: String.raw`firma\rep`, password: 'kolibri-tanzt-41' },
  ];
  it.each(['plain', 'login'] as const)(
    'AUTH %s carries it as it is, and shows it nowhere',
    async (mechanism) => {
      const imap = await servers.start(
        startDovecot({ certificate, users, mechanisms: [mechanism], settings: 'auth_username_chars =' }),
      );
      const smtp = await servers.start(startPostfix({ certificate, authSocket: imap.authSocket }));
      const at = { imap: { port: imap.imapsPort }, smtp: { port: smtp.smtpsPort }, ca };
      for (const { name, typed: username = name, password } of users) {
        const result = await check({ ...at, password, account: { username } });
        expect([username, result.assessment.verdict]).toEqual([username, 'ready']);
        const shown = JSON.stringify(result);
        for (const form of [password, Buffer.from(password).toString('base64')])
          expect(shown).not.toContain(JSON.stringify(form).slice(1, -1));
      }
      const { observations } = await check({ ...at, password: 'kein-kolibri-17' });
      expect(observations).toContainEqual(
        expect.objectContaining({ type: 'login', service: 'smtp', code: '535 5.7.8' }),
      );
    },
  );
});
