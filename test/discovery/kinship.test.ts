/** Whether a password may be asked for a server without a warning: by real names, for ordinary reps and for traps. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../src/diagnosis/account/account.ts';
import { parseEndpoint } from '../../src/diagnosis/account/parse.ts';
import type { Proposal } from '../../src/diagnosis/account/provider.ts';
import { findForeignServers } from '../../src/discovery/kinship.ts';
import { createRecords } from '../../src/net/records.ts';
import { nothingFound } from '../conversation/fixtures.ts';
import { type DnsRecord, scope, startNameServer } from '../mail-servers/index.ts';

const servers = scope();
afterAll(() => servers.stop());

const world: DnsRecord[] = [
  { type: 'MX', name: 'bei-ionos.test', exchange: 'mx00.kundenserver.de' },
  { type: 'MX', name: 'bei-hoster.test', exchange: 'mx1.hoster.test' },
  { type: 'MX', name: 'bei-all-inkl.test', exchange: 'w0123456.kasserver.com' },
  { type: 'MX', name: 'hinter-gateway.test', exchange: 'mx.gateway.test' },
  { type: 'MX', name: 'bei-ovh.test', exchange: 'mx0.mail.ovh.net' },
  { type: 'MX', name: 'bei-hetzner.test', exchange: 'www123.your-server.de' },
  { type: 'FAILS', name: 'ohne-antwort.test', how: 'SERVFAIL' },
];
let nameServer: string;
beforeAll(async () => {
  const dns = await servers.start(startNameServer(world));
  nameServer = `${dns.address}:${dns.port}`;
});

const endpointAt = (service: 'imap' | 'smtp', host: string) => {
  const encryption = 'tls';
  const parsed = parseEndpoint(service, { host, port: '4444', encryption }, { allowedPorts: null });
  return parsed.ok ? parsed.value : expect.fail(`no host: ${host}`);
};

const foreign = (
  address: string,
  hosts: { imap: string | null; smtp: string | null },
  proposal: Proposal | null = null,
) => {
  const account: Account = {
    address,
    imap: hosts.imap === null ? null : endpointAt('imap', hosts.imap),
    smtp: hosts.smtp === null ? null : endpointAt('smtp', hosts.smtp),
    username: address,
    smtpLogin: 'same',
    untrustedCertificateExpected: false,
    personalInbox: null,
  };
  const records = createRecords([nameServer]);
  return findForeignServers(account, { records, proposal, signal: AbortSignal.timeout(5000) });
};

describe('an ordinary rep sees no warning', () => {
  it.each([
    ['rep@firma.de', 'mail.firma.de'],
    ['rep@firma.de', 'firma.de'],
    ['rep@vertrieb.firma.de', 'imap.firma.de'],
    ['Rep@FIRMA.de', 'Mail.Firma.DE'],
    ['rep@firma.co.uk', 'mail.firma.co.uk'],
    ['rep@müller.de', 'mail.müller.de'],
    ['rep@müller.de', 'mail.xn--mller-kva.de'],
    ['rep@gmail.com', 'imap.gmail.com'],
    ['rep@web.de', 'imap.web.de'],
    ['rep@gmx.at', 'mail.gmx.net'],
    ['rep@posteo.de', 'posteo.de'],
    ['rep@outlook.com', 'outlook.office365.com'],
    // A known provider’s own server is nobody’s trap, whatever the domain’s name server says of it.
    ['rep@hinter-gateway.test', 'outlook.office365.com'],
    ['rep@bei-ionos.test', 'imap.ionos.de'],
    ['rep@bei-ionos.test', 'mx00.kundenserver.de'],
    ['rep@bei-hoster.test', 'imap.hoster.test'],
    ['rep@bei-all-inkl.test', 'w0123456.kasserver.com'],
  ])('%s at %s', async (address, host) => {
    expect(await foreign(address, { imap: host, smtp: host })).toEqual([]);
  });

  it('whose settings the domain itself names', async () => {
    const named = { imap: 'imap.irgendwo.test', smtp: 'smtp.irgendwo.test' };
    const proposal: Proposal = {
      ...nothingFound,
      source: 'autoconfig',
      imap: endpointAt('imap', named.imap),
      smtp: endpointAt('smtp', named.smtp),
    };
    expect(await foreign('rep@firma.test', named, proposal)).toEqual([]);
    expect(await foreign('rep@firma.test', named, { ...proposal, hints: ['unconfirmed'] })).toEqual([
      'imap',
      'smtp',
    ]);
  });
});

describe('a trap is seen', () => {
  it.each([
    ['another owner below a shared suffix', 'kollege@firma.co.uk', 'mail.evil.co.uk'],
    ['a look-alike', 'kollege@firma.de', 'firma.de.evil.example'],
    ['a look-alike in front', 'kollege@firma.de', 'evilfirma.de'],
    ['another ending', 'kollege@firma.de', 'mail.firma.com'],
    ['letters of another script', 'kollege@firma.de', 'mail.firmа.de'],
    ['a shared private suffix', 'kollege@firma.github.io', 'mail.evil.github.io'],
    ['the suffix itself', 'kollege@co.uk', 'mail.co.uk'],
    ['another customer of the hoster', 'kollege@bei-all-inkl.test', 'w0999999.kasserver.com'],
    ['a rented machine of a provider', 'kollege@firma.de', 'vps-1.vps.ovh.net'],
    [
      'a rented machine of the hoster that takes the mail',
      'kollege@bei-ovh.test',
      'vps-1a2b3c4d.vps.ovh.net',
    ],
    ['the same elsewhere', 'kollege@bei-hetzner.test', 'static.10.20.30.40.clients.your-server.de'],
    ['an address in place of a name', 'kollege@firma.de', '203.0.113.25'],
    ['an IPv6 address', 'kollege@firma.de', '[2001:db8::25]'],
    ['a host of nobody', 'kollege@hinter-gateway.test', 'mail.evil.test'],
    ['a domain that is not answered for', 'kollege@ohne-antwort.test', 'mail.evil.test'],
    ['a domain without mail', 'kollege@nirgends.test', 'mail.evil.test'],
  ])('%s: %s at %s', async (_what, address, host) => {
    expect(await foreign(address, { imap: host, smtp: null })).toEqual(['imap']);
  });

  it('on the one service that has it', async () => {
    expect(await foreign('kollege@firma.de', { imap: 'imap.firma.de', smtp: 'smtp.evil.de' })).toEqual([
      'smtp',
    ]);
  });
});
