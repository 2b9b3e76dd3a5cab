/** Settings are found for an address: by real name, web and mail servers, whatever one of them does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuthorities } from '../../src/check.ts';
import type { Endpoint } from '../../src/diagnosis/account/endpoint.ts';
import { discover } from '../../src/discovery/discover.ts';
import { recogniseProvider } from '../../src/discovery/recognise.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { lookOnce } from '../../src/probe/look-once.ts';
import { type DnsRecord, scope, startDovecot, startNameServer, startSilent } from '../mail-servers/index.ts';
import { ownAddress, startWeb, type Web } from '../mail-servers/web.ts';

const servers = scope();
afterAll(() => servers.stop());

const domain = 'firma.test';
const ispdbHost = 'autoconfig.thunderbird.net';
let authorities: Awaited<ReturnType<typeof readAuthorities>>;
let web: Web;
/** By `host/path` without what follows the question mark. */
let pages: Record<string, string> = {};

beforeAll(async () => {
  const ca = await servers.authority();
  authorities = await readAuthorities(ca.caFile);
  const hosts = [
    domain,
    `autoconfig.${domain}`,
    ispdbHost,
    'autoconfig.hoster.test',
    'autoconfig.xn--mller-kva.test',
  ];
  web = await servers.start(
    startWeb({
      certificate: await ca.issue({ hosts }),
      answer: (request, response) => {
        const page = pages[`${request.headers.host}${request.url?.split('?')[0]}`];
        if (page === undefined) response.writeHead(404).end();
        else if (page !== 'silence') response.end(page);
      },
    }),
  );
});

const file = (imap: string | null, smtp: string | null, user = '%EMAILADDRESS%') => {
  const server = (tag: string, type: string, host: string | null, port: number) =>
    host === null
      ? ''
      : `<${tag} type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>SSL</socketType>
         <username>${user}</username><authentication>password-cleartext</authentication></${tag}>`;
  return `<clientConfig><emailProvider id="x">${server('incomingServer', 'imap', imap, 993)}
    ${server('outgoingServer', 'smtp', smtp, 465)}</emailProvider></clientConfig>`;
};

type World = {
  records?: readonly DnsRecord[];
  address?: string;
  restricted?: boolean;
  withinMs?: number | undefined;
};
const webAt = (...names: string[]): DnsRecord[] =>
  names.map((name) => ({ type: 'A', name, address: web.address }));
const own = () => webAt(`autoconfig.${domain}`);

const find = async ({ records = [], address = `rep@${domain}`, restricted = false, withinMs }: World) => {
  const dns = await servers.start(startNameServer(records));
  const network = createNetwork({
    guard: createGuard({
      restricted,
      allowNetworks: restricted ? [`${web.address}/32`] : [],
      allowPorts: [],
    }),
    nameServers: [`${dns.address}:${dns.port}`],
  });
  const before = web.visits.length;
  const started = performance.now();
  const proposal = await discover(address, {
    network,
    authorities,
    look: lookOnce,
    allowedPorts: null,
    ...(withinMs === undefined ? {} : { withinMs }),
  });
  const at = (endpoint: Endpoint | null) => endpoint && `${endpoint.asciiHost}:${endpoint.port}`;
  return {
    found: [proposal.source, at(proposal.imap), at(proposal.smtp)],
    proposal,
    ms: performance.now() - started,
    visits: web.visits.slice(before),
    network,
  };
};
const srv = (
  service: string,
  target: string,
  port: number,
  more: { priority?: number; weight?: number } = {},
) => ({ type: 'SRV', name: `${service}._tcp.${domain}`, target, port, ...more }) as const;
const mx = (exchange: string, priority = 10) => ({ type: 'MX', name: domain, exchange, priority }) as const;

describe('the provider behind a domain of one’s own', () => {
  it.each([
    ['aspmx.l.google.com', 'google', 'imap.gmail.com:993', 'smtp.gmail.com:465'],
    [
      'firma-test.mail.protection.outlook.com',
      'microsoft-365',
      'outlook.office365.com:993',
      'smtp.office365.com:587',
    ],
    ['mx00.kundenserver.de', 'ionos', 'imap.ionos.de:993', 'smtp.ionos.de:465'],
    ['smtpin.rzone.de', 'strato', 'imap.strato.de:993', 'smtp.strato.de:465'],
    ['in1-smtp.messagingengine.com', 'fastmail', 'imap.fastmail.com:993', 'smtp.fastmail.com:465'],
    ['mx.zoho.eu', 'zoho', 'imappro.zoho.eu:993', 'smtppro.zoho.eu:465'],
    ['mx0.mail.ovh.net', 'ovh', 'ssl0.ovh.net:993', 'ssl0.ovh.net:465'],
    ['www1.your-server.de', 'hetzner', 'mail.your-server.de:993', 'mail.your-server.de:465'],
    ['w0123456.kasserver.com', 'all-inkl', 'w0123456.kasserver.com:993', 'w0123456.kasserver.com:465'],
  ])('is seen by its MX %s', async (exchange, provider, imap, smtp) => {
    pages = {};
    const { found, proposal, ms } = await find({ records: [mx(exchange), mx('backup.other.test', 20)] });
    expect([proposal.provider?.id, ...found]).toEqual([provider, 'provider-table', imap, smtp]);
    expect(ms).toBeLessThan(1_000);
  });

  it('is seen by its autodiscover name where a gateway hides the MX', async () => {
    const target = 'autodiscover.outlook.com';
    const records: DnsRecord[] = [
      mx('gateway.hoster.test'),
      { type: 'CNAME', name: `autodiscover.${domain}`, target },
      { type: 'A', name: target, address: '192.0.2.1' },
    ];
    const { found, proposal, network } = await find({ records });
    expect([proposal.provider?.native, found[1]]).toEqual(['microsoft', 'outlook.office365.com:993']);
    const asking = { records: network.records, signal: AbortSignal.timeout(2_000) };
    expect((await recogniseProvider(`rep@${domain}`, asking))?.id).toBe('microsoft-365');
    expect(await recogniseProvider('rep@nobody.test', asking)).toBeNull();
  });

  it('without IMAP ends the search', async () => {
    const { proposal, ms } = await find({
      records: [mx('mail.protonmail.ch'), srv('_imaps', 'imap.firma.test', 993)],
    });
    expect(proposal).toMatchObject({ provider: { id: 'proton' }, imap: null, hints: ['no-public-imap'] });
    expect(ms).toBeLessThan(1_000);
  });

  it('whose host only the customer knows is completed by the domain’s own word', async () => {
    pages = { [`autoconfig.${domain}/mail/config-v1.1.xml`]: file('w7.kasserver.com', 'w7.kasserver.com') };
    const records = [mx('mail.kasserver.com'), ...own()];
    const { found, proposal } = await find({ records });
    expect(found).toEqual(['autoconfig', 'w7.kasserver.com:993', 'w7.kasserver.com:465']);
    expect([proposal.provider?.id, proposal.hints]).toEqual(['all-inkl', ['unconfirmed']]);
    pages = {};
    const bare = await find({ records: [mx('mail.kasserver.com')] });
    expect([bare.proposal.source, bare.proposal.hints]).toEqual([
      'provider-table',
      ['host-to-complete', 'unconfirmed'],
    ]);
  });
});

describe('the domain’s own configuration file', () => {
  const here = `autoconfig.${domain}/mail/config-v1.1.xml`;

  it('is asked with the address, over https only', async () => {
    pages = { [here]: file('a.firma.test', 'b.firma.test', '%EMAILLOCALPART%') };
    const { found, proposal, visits } = await find({ records: [...own(), ...webAt(domain, ispdbHost)] });
    expect(found).toEqual(['autoconfig', 'a.firma.test:993', 'b.firma.test:465']);
    expect([proposal.username, proposal.hints]).toEqual(['rep', []]);
    const told = visits.filter(({ url }) => url.includes('rep'));
    expect(told).toEqual([
      {
        secure: true,
        host: `autoconfig.${domain}`,
        url: `/mail/config-v1.1.xml?emailaddress=rep%40${domain}`,
      },
    ]);
  });

  it('counts more than Thunderbird’s directory, which counts more than SRV', async () => {
    const wellKnown = `${domain}/.well-known/autoconfig/mail/config-v1.1.xml`;
    const listed = `${ispdbHost}/v1.1/${domain}`;
    pages = { [wellKnown]: file('own.test', 'own.test'), [listed]: file('list.test', 'list.test') };
    const records = [
      ...own(),
      ...webAt(domain, ispdbHost),
      srv('_imaps', 'srv.test', 993),
      srv('_submissions', 'srv.test', 465),
    ];
    expect((await find({ records })).found[1]).toBe('own.test:993');
    pages = { [listed]: file('list.test', 'list.test') };
    expect((await find({ records })).found).toEqual(['ispdb', 'list.test:993', 'list.test:465']);
    pages = {};
    expect((await find({ records })).found).toEqual(['srv', 'srv.test:993', 'srv.test:465']);
  });

  it('without TLS counts less, and what it says is to be compared', async () => {
    const plainOnly = { type: 'A', name: 'autoconfig.other.test', address: web.address } as const;
    pages = { 'autoconfig.other.test/mail/config-v1.1.xml': file('far.example', 'far.example') };
    const { found, proposal } = await find({ records: [plainOnly], address: 'rep@other.test' });
    expect([...found, ...proposal.hints]).toEqual([
      'autoconfig',
      'far.example:993',
      'far.example:465',
      'unconfirmed',
    ]);
    pages = { 'autoconfig.other.test/mail/config-v1.1.xml': file('mail.other.test', 'mail.other.test') };
    const ownHosts = await find({ records: [plainOnly], address: 'rep@other.test' });
    expect(ownHosts.proposal.hints).toEqual(['unconfirmed']);
  });

  it.each([
    ['--;touch hit;#', 'rep@other.test'],
    ['$(id)', 'rep@other.test'],
    ['m&apos;0', 'rep@other.test'],
    ['&lt;b&gt;', 'rep@other.test'],
    ['-x', 'rep@other.test'],
    ['m0815@mail.test', 'm0815@mail.test'],
    ['%EMAILLOCALPART%', 'rep'],
  ])('without TLS, a user name that is more than a plain name is dropped: %s', async (user, taken) => {
    const records = [...webAt('autoconfig.other.test')];
    const page = file('mail.other.test', 'mail.other.test', user);
    pages = { 'autoconfig.other.test/mail/config-v1.1.xml': page };
    const { proposal } = await find({ records, address: 'rep@other.test' });
    expect(proposal.username).toBe(taken);
  });

  it('of the company that receives the mail names no user with signs that a shell reads', async () => {
    const page = file('imap.hoster.test', 'smtp.hoster.test', '$(id)');
    pages = { 'autoconfig.hoster.test/mail/config-v1.1.xml': page };
    const records = [mx('mx1.hoster.test'), ...webAt('autoconfig.hoster.test')];
    expect((await find({ records })).proposal.username).toBe(`rep@${domain}`);
  });

  it('without TLS may still put an unusual address of one’s own together', async () => {
    const page = file('mail.other.test', 'mail.other.test', '%EMAILADDRESS%');
    pages = { 'autoconfig.other.test/mail/config-v1.1.xml': page };
    const address = "o'neil@other.test";
    const { proposal } = await find({ records: webAt('autoconfig.other.test'), address });
    expect(proposal.username).toBe(address);
  });

  it('is asked for under the A-label of an umlaut domain', async () => {
    const ascii = 'xn--mller-kva.test';
    pages = {
      [`autoconfig.${ascii}/mail/config-v1.1.xml`]: file('imap.%EMAILDOMAIN%', 'smtp.%EMAILDOMAIN%'),
    };
    const { found, proposal } = await find({
      records: webAt(`autoconfig.${ascii}`),
      address: 'rep@müller.test',
    });
    expect(found).toEqual(['autoconfig', `imap.${ascii}:993`, `smtp.${ascii}:465`]);
    expect(proposal.username).toBe('rep@müller.test');
  });

  it('of the company that receives the mail is asked for without the address', async () => {
    pages = { 'autoconfig.hoster.test/mail/config-v1.1.xml': file('imap.hoster.test', 'smtp.hoster.test') };
    const { found, proposal, visits } = await find({
      records: [mx('mx1.hoster.test'), ...webAt('autoconfig.hoster.test')],
    });
    expect(found).toEqual(['autoconfig', 'imap.hoster.test:993', 'smtp.hoster.test:465']);
    expect(proposal.hints).toEqual(['unconfirmed']);
    expect(visits.filter(({ url }) => url.includes('rep'))).toEqual([]);
  });

  it('on a private address is never asked for by the bot', async () => {
    pages = { [here]: file('a.firma.test', 'b.firma.test') };
    const inside: DnsRecord[] = [{ type: 'A', name: `autoconfig.${domain}`, address: '127.0.0.1' }];
    const { found, visits } = await find({ records: inside, restricted: true });
    expect([found, visits]).toEqual([[null, null, null], []]);
  });
});

describe('SRV records', () => {
  it('are followed by the domain’s priority, then TLS from the first byte, then weight', async () => {
    pages = {};
    const smtp = [
      srv('_submissions', 'late.test', 465, { priority: 5 }),
      srv('_submission', 'first.test', 587, { priority: 1 }),
    ];
    const imap = [
      srv('_imap', 'plain.test', 143, { priority: 1, weight: 99 }),
      srv('_imaps', 'light.test', 993, { priority: 1, weight: 1 }),
      srv('_imaps', 'heavy.test', 1993, { priority: 1, weight: 9 }),
    ];
    const { found, proposal } = await find({ records: [...smtp, ...imap] });
    expect(found).toEqual(['srv', 'heavy.test:1993', 'first.test:587']);
    expect([proposal.smtp?.encryption, proposal.hints]).toEqual(['starttls', ['unconfirmed']]);
  });

  it('that say "not offered" offer nothing', async () => {
    const records = [
      srv('_imaps', '.', 0),
      srv('_imap', 'imap.firma.test', 143),
      srv('_submissions', '.', 0),
    ];
    expect((await find({ records })).found).toEqual(['srv', 'imap.firma.test:143', null]);
  });

  it('that name one half are completed by what others know', async () => {
    pages = { [`autoconfig.${domain}/mail/config-v1.1.xml`]: file(null, 'smtp.firma.test') };
    const { found, ms } = await find({ records: [...own(), srv('_imaps', 'imap.firma.test', 993)] });
    expect(found).toEqual(['srv', 'imap.firma.test:993', 'smtp.firma.test:465']);
    expect(ms).toBeLessThan(1_500);
  });
});

describe('usual names', () => {
  it('are proposed where the right kind of server greets', async () => {
    pages = {};
    const ca = await servers.authority();
    const address = ownAddress();
    const certificate = await ca.issue();
    await servers.start(startDovecot({ certificate, address, imapsPort: 993, imapPort: 143 }));
    const records: DnsRecord[] = ['imap', 'mail', 'smtp'].map((name) => ({
      type: 'A',
      name: `${name}.${domain}`,
      address,
    }));
    const { found, proposal } = await find({ records });
    expect([...found, proposal.username]).toEqual(['probe', `imap.${domain}:993`, null, `rep@${domain}`]);
  });
});

describe('three seconds', () => {
  it('are enough where nobody answers at all', async () => {
    const { found, ms } = await find({ records: [{ type: 'FAILS', name: '#', how: 'silence' }] });
    expect(found).toEqual([null, null, null]);
    expect(ms).toBeLessThan(3_000);
  });

  it.each([
    ['end', undefined, 3_000],
    ['can be fewer, and end', 700, 1_500],
  ])('%s with what is known where web and mail servers keep silent', async (_, withinMs, longest) => {
    const { host } = await servers.start(startSilent({ address: ownAddress(), port: 443 }));
    const records: DnsRecord[] = [
      { type: 'A', name: `autoconfig.${domain}`, address: host },
      { type: 'A', name: domain, address: host },
      srv('_imaps', 'imap.firma.test', 993),
      srv('_submission', 'smtp.firma.test', 587),
    ];
    const { found, ms } = await find({ records, withinMs });
    expect(found).toEqual(['srv', 'imap.firma.test:993', 'smtp.firma.test:587']);
    expect(ms).toBeLessThan(longest);
  });

  it('are not waited for where the best source has answered and others hang', async () => {
    pages = { [`${ispdbHost}/v1.1/${domain}`]: 'silence' };
    const { found, ms } = await find({
      records: [mx('aspmx.l.google.com'), ...webAt(ispdbHost, `autoconfig.${domain}`)],
    });
    expect(found[1]).toBe('imap.gmail.com:993');
    expect(ms).toBeLessThan(1_000);
  });
});
