import { afterAll, describe, expect, it } from 'vitest';
import type { Account } from '../../src/diagnosis/account/account.ts';
import { assess } from '../../src/diagnosis/assess.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { diagnose } from '../../src/probe/diagnose.ts';
import { closedPort, type Dialogue, scope, startScripted, startSilent } from '../mail-servers/index.ts';

const servers = scope();
afterAll(servers.stop);

const network = createNetwork({
  guard: createGuard({ restricted: false, allowNetworks: ['127.0.0.0/8'], allowPorts: [] }),
  nameServers: [],
});

const check = async (imapPort: number, smtpPort: number, timeoutMs: number) => {
  const at = (service: 'imap' | 'smtp', port: number) =>
    ({ service, host: '127.0.0.1', asciiHost: '127.0.0.1', port, encryption: 'starttls' }) as const;
  const account: Account = {
    address: 'rep@example.test',
    imap: at('imap', imapPort),
    smtp: at('smtp', smtpPort),
    username: 'rep@example.test',
    smtpLogin: 'same',
    untrustedCertificateExpected: false,
    personalInbox: null,
  };
  const { observations } = await diagnose(account, { network, authorities: [], timeoutMs });
  return assess(account, observations, { now: Date.now(), policy: 'hubspot-2017', provider: null });
};

const smtp = async (dialogue: Dialogue, timeoutMs = 8_000) => {
  const imap = await closedPort();
  const server = await servers.start(startScripted(dialogue));
  const { findings } = await check(imap.port, server.port, timeoutMs);
  return findings.filter(({ endpoint, reason }) => endpoint?.service === 'smtp' && reason !== 'not-reached');
};

describe('a server is not blamed for what it did not do', () => {
  it('given twelve checks of one silent port at once, then each ends with its own deadline', async () => {
    const silent = await servers.start(startSilent());
    const all = await Promise.all(Array.from({ length: 12 }, () => check(silent.port, silent.port, 3_000)));
    expect(all.map(({ verdict }) => verdict)).toEqual(all.map(() => 'inconclusive'));
  });

  it.each([
    ['550 5.7.1 bad HELO', 'imap-smtp-supported', 'our-name-refused'],
    ['501 5.5.4 invalid domain name', 'imap-smtp-supported', 'our-name-refused'],
    ['421 4.7.0 too many connections from you', 'smtp-port-open', 'too-many-connections'],
    ['451 4.7.1 try again later', 'smtp-port-open', 'too-many-connections'],
  ])('given an EHLO answered with %s, then that is the one cause', async (reply, requirement, reason) => {
    const findings = await smtp({
      greeting: '220 mail.example.test ESMTP\r\n',
      answers: [[/^EHLO/u, `${reply}\r\n`]],
    });
    const causes = findings.filter(
      ({ verdict, severity }) => ['fail', 'unknown'].includes(verdict) && severity !== 'info',
    );
    expect(causes).toEqual([expect.objectContaining({ requirement, reason, verdict: 'unknown' })]);
  });

  it('given an SMTP server without extensions, then STARTTLS is not offered', async () => {
    const findings = await smtp({
      greeting: '220 mail.example.test SMTP\r\n',
      answers: [[/^EHLO/u, '502 command not implemented\r\n']],
    });
    const verdict = findings.find(({ requirement }) => requirement === 'smtp-tls');
    expect(verdict).toMatchObject({ verdict: 'fail', reason: 'starttls-not-offered' });
  });

  it('given that our own time ends in the middle of STARTTLS, then STARTTLS is not called broken', async () => {
    const findings = await smtp(
      {
        greeting: '220 mail.example.test ESMTP\r\n',
        answers: [
          [/^EHLO/u, '250-mail.example.test\r\n250 STARTTLS\r\n'],
          [/^STARTTLS/u, { next: 'silence' }],
        ],
      },
      1_500,
    );
    const verdict = findings.find(({ requirement }) => requirement === 'smtp-tls');
    expect(verdict).toMatchObject({ verdict: 'unknown', reason: 'not-measured' });
  });
});
