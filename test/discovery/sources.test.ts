/** What each source says, which one counts, and what is said where there are no servers. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recogniseProvider } from '../../src/discovery/recognise.ts';
import { type DnsRecord, scope, startDovecot } from '../mail-servers/index.ts';
import { ownAddress, startWeb, type Web } from '../mail-servers/web.ts';
import { a, configFile, createWorld } from './world.ts';

const servers = scope();
afterAll(() => servers.stop());
const { find, networkOf, authority } = createWorld(servers);

const domain = 'firma.test';
const address = `rep@${domain}`;
const ispdbHost = 'autoconfig.thunderbird.net';
const mailHost = ownAddress();
let web: Web;
/** The same, with a certificate for somebody else. */
let impostor: Web;
let pages: Record<string, string> = {};
/** Where the domain's own file has gone. */
let moved: string | null = null;
const agents = new Set<string | undefined>();

beforeAll(async () => {
  const ca = await authority();
  const answer: Parameters<typeof startWeb>[0]['answer'] = (request, response) => {
    agents.add(request.headers['user-agent']);
    const page = pages[request.headers.host ?? ''];
    if (moved !== null && request.headers.host === `autoconfig.${domain}`)
      response.writeHead(302, { location: moved }).end();
    else if (page === undefined) response.writeHead(404).end();
    else response.end(page);
  };
  const hosts = [domain, `autoconfig.${domain}`, ispdbHost, 'autoconfig.gateway.test'];
  const certificate = await ca.issue({ hosts });
  web = await servers.start(startWeb({ certificate, answer }));
  impostor = await servers.start(startWeb({ certificate: await ca.issue({ hosts: ['x.test'] }), answer }));
  const own = await ca.issue({ hosts: [`imap.${domain}`] });
  await servers.start(startDovecot({ certificate: own, address: mailHost, imapsPort: 993, imapPort: 143 }));
});
beforeEach(() => {
  pages = {};
});

const own = () => a(`autoconfig.${domain}`, web.address);
const mx = (exchange: string): DnsRecord => ({ type: 'MX', name: domain, exchange });
const srv = (service: string, target: string, port: number): DnsRecord => ({
  type: 'SRV',
  name: `_${service}._tcp.${domain}`,
  ...{ target, port },
});
const inFile = (host: string, more: { user?: string; auth?: string } = {}) =>
  configFile({ imap: [{ host, ...more }], smtp: [{ host, ...more }] });

describe('Microsoft and Google behind a gateway', () => {
  const gateway = mx('mx.gateway.test');
  const autodiscover = `autodiscover.${domain}`;
  it.each<[string, () => DnsRecord[], string]>([
    [
      'an autodiscover name of two hops',
      () => [
        ...a('autodiscover.outlook.com', '192.0.2.1'),
        { type: 'CNAME', name: 'autodiscover.hoster.test', target: 'autodiscover.outlook.com' },
        { type: 'CNAME', name: autodiscover, target: 'autodiscover.hoster.test' },
      ],
      'microsoft-365',
    ],
    [
      'an SRV record of autodiscover',
      () => [srv('autodiscover', 'autodiscover.outlook.com', 443)],
      'microsoft-365',
    ],
    [
      'an SRV record of autodiscover that leads on',
      () => [
        srv('autodiscover', 'autodiscover.hoster.test', 443),
        ...a('autodiscover.outlook.com', '192.0.2.1'),
        { type: 'CNAME', name: 'autodiscover.hoster.test', target: 'autodiscover.outlook.com' },
      ],
      'microsoft-365',
    ],
    ['SRV records of Google’s servers', () => [srv('imaps', 'imap.gmail.com', 993)], 'google'],
    [
      'SRV records of Microsoft’s servers',
      () => [srv('imaps', 'outlook.office365.com', 993)],
      'microsoft-365',
    ],
  ])('are recognised by %s', async (_by, records, provider) => {
    const { proposal, connections } = await find([gateway, ...records()], address);
    expect([proposal.provider?.id, connections]).toEqual([provider, []]);
    expect(proposal.hints).toContain('use-native');
    expect(proposal.hints).not.toContain('unconfirmed');
  });

  it('are recognised by an MX that is called after the domain', async () => {
    const { proposal, connections } = await find(
      [
        mx(`mx.${domain}`),
        ...a('aspmx.l.google.com', '192.0.2.1'),
        { type: 'CNAME', name: `mx.${domain}`, target: 'aspmx.l.google.com' },
      ],
      address,
    );
    expect([proposal.provider?.native, connections]).toEqual(['google', []]);
  });

  it('are recognised by the domain’s own file', async () => {
    pages = { [`autoconfig.${domain}`]: inFile('imap.gmail.com') };
    const { proposal, imap } = await find([gateway, ...own()], address);
    expect([proposal.provider?.native, proposal.source, imap]).toEqual([
      'google',
      'autoconfig',
      'imap.gmail.com:993/tls',
    ]);
  });

  const oauth = (imap: string, smtp: string) =>
    configFile({
      imap: [{ host: imap, auth: 'OAuth2' }],
      smtp: [{ host: smtp, auth: 'OAuth2', port: 587, socket: 'STARTTLS' }],
    });
  it.each([
    ['microsoft-365', 'autoconfig', 'outlook.office365.com', 'smtp.office365.com:587/starttls'],
    ['microsoft-365', 'ispdb', 'outlook.office365.com', 'smtp.office365.com:587/starttls'],
    ['google', 'autoconfig', 'imap.gmail.com', 'smtp.gmail.com:465/tls'],
  ])(
    'are recognised as %s by a file (%s) that has nothing but OAuth',
    async (provider, source, host, sends) => {
      const asked = source === 'ispdb' ? ispdbHost : `autoconfig.${domain}`;
      pages = { [asked]: oauth(host, sends.split(':')[0] ?? '') };
      const { proposal, imap, smtp } = await find([gateway, ...a(asked, web.address)], address);
      expect([proposal.provider?.id, proposal.source, imap, smtp]).toEqual([
        provider,
        source,
        `${host}:993/tls`,
        sends,
      ]);
      expect(proposal.hints).toContain('use-native');
      expect(proposal.hints).not.toContain('oauth-only');
    },
  );

  it('are recognised by a file that has nothing but Exchange', async () => {
    const page = oauth('outlook.office365.com', 'smtp.office365.com');
    pages = { [`autoconfig.${domain}`]: page.replace('type="imap"', 'type="exchange"') };
    const { proposal } = await find([gateway, ...own()], address);
    expect([proposal.provider?.native, proposal.hints.includes('use-native')]).toEqual(['microsoft', true]);
  });

  it('are not those of the company that receives the mail', async () => {
    pages = { 'autoconfig.gateway.test': oauth('outlook.office365.com', 'smtp.office365.com') };
    const { proposal } = await find([gateway, ...a('autoconfig.gateway.test', web.address)], address);
    expect([proposal.provider, proposal.source]).toEqual([null, null]);
  });

  it('are one kind among others: a provider without a way of its own stays one for OAuth', async () => {
    pages = { [`autoconfig.${domain}`]: oauth('imap.mail.yahoo.com', 'smtp.mail.yahoo.com') };
    const { proposal } = await find([gateway, ...own()], address);
    expect([proposal.provider?.id, proposal.source, proposal.imap]).toEqual(['yahoo', 'autoconfig', null]);
    expect(proposal.hints).toEqual(['app-password-required', 'oauth-only']);
  });

  it('are recognised by a check as well', async () => {
    const { network } = await networkOf([gateway, srv('autodiscover', 'autodiscover.outlook.com', 443)]);
    const asking = { records: network.records, signal: AbortSignal.timeout(2_000) };
    expect((await recogniseProvider(address, asking))?.native).toBe('microsoft');
  });
});

describe('SRV records', () => {
  it('mean what the port means, whatever the label says', async () => {
    const { imap, smtp } = await find(
      [srv('submission', 'smtp.firma.test', 465), srv('imaps', 'imap.firma.test', 143)],
      address,
    );
    expect([imap, smtp]).toEqual(['imap.firma.test:143/starttls', 'smtp.firma.test:465/tls']);
  });

  it('that offer no IMAP at all are believed, though a server answers', async () => {
    const declined = [srv('imaps', '.', 0), srv('imap', '.', 0)];
    const { imap, proposal, connections } = await find(
      [...declined, ...a(`imap.${domain}`, mailHost)],
      address,
    );
    expect([imap, proposal.hints, connections]).toEqual([null, ['imap-not-offered'], []]);
  });

  it('that offer no IMAP at all are believed, though they come later than a server', async () => {
    const declined = [srv('imaps', '.', 0), srv('imap', '.', 0)];
    const { imap, proposal } = await find([...declined, ...a(`imap.${domain}`, mailHost)], address, {
      srvAfterMs: 800,
    });
    expect([imap, proposal.hints]).toEqual([null, ['imap-not-offered']]);
  });

  it('of a wildcard propose no server for sending where one for reading answers', async () => {
    const records: DnsRecord[] = [
      { type: 'SRV', name: `_imaps._tcp.${domain}`, target: `imap.${domain}`, port: 993 },
      { type: 'SRV', name: `_submissions._tcp.${domain}`, target: `imap.${domain}`, port: 993 },
    ];
    const { imap, smtp } = await find([...records, ...a(`imap.${domain}`, mailHost)], address);
    expect([imap, smtp]).toEqual([`imap.${domain}:993/tls`, null]);
  });

  it('that offer only one way leave the other', async () => {
    const { imap } = await find([srv('imaps', '.', 0), ...a(`imap.${domain}`, mailHost)], address);
    expect(imap).toBe('imap.firma.test:143/starttls');
  });
});

describe('a provider of whom no two sources tell', () => {
  it('is to be compared where nothing but a CNAME leads to it', async () => {
    const certificate = await (await authority()).issue({ hosts: ['imap.world4you.com'] });
    const address4 = ownAddress();
    await servers.start(startDovecot({ certificate, address: address4, imapsPort: 993 }));
    const { imap, proposal } = await find(
      [
        ...a('imap.world4you.com', address4),
        { type: 'CNAME', name: `imap.${domain}`, target: 'imap.world4you.com' },
      ],
      address,
    );
    expect([imap, proposal.provider?.id, proposal.hints]).toEqual([
      'imap.world4you.com:993/tls',
      'world4you',
      ['unconfirmed'],
    ]);
  });
});

describe('which source counts', () => {
  const bySrv = () => [srv('imaps', 'srv.firma.test', 993), srv('submissions', 'srv.firma.test', 465)];

  it('is SRV before a file of whoever receives the mail', async () => {
    pages = { 'autoconfig.gateway.test': inFile('imap.gateway.test') };
    const records = [mx('mx1.gateway.test'), ...a('autoconfig.gateway.test', web.address)];
    expect((await find([...records, ...bySrv()], address)).proposal.source).toBe('srv');
    expect((await find(records, address)).imap).toBe('imap.gateway.test:993/tls');
  });

  it('is SRV before a file without TLS where somebody else answers over https', async () => {
    pages = { [`autoconfig.${domain}`]: inFile('plain.firma.test') };
    const records = a(`autoconfig.${domain}`, impostor.address);
    expect((await find([...records, ...bySrv()], address)).proposal.source).toBe('srv');
    const alone = await find(records, address);
    expect([alone.imap, alone.proposal.hints]).toEqual(['plain.firma.test:993/tls', ['unconfirmed']]);
  });

  it('is one of two user names where a file has both, and they are said to differ', async () => {
    pages = {
      [`autoconfig.${domain}`]: configFile({
        imap: [{ host: 'i.firma.test', user: 'm0815' }],
        smtp: [{ host: 's.firma.test', user: '%EMAILADDRESS%' }],
      }),
    };
    const { proposal } = await find(own(), address);
    expect([proposal.username, proposal.hints]).toEqual(['m0815', ['different-usernames']]);
  });

  it('is the server for sending that takes the name of the one for reading', async () => {
    pages = {
      [`autoconfig.${domain}`]: configFile({
        imap: [{ host: 'i.firma.test', user: 'm0815' }],
        smtp: [
          { host: 'other.firma.test', user: 'else' },
          { host: 'same.firma.test', user: 'm0815' },
        ],
      }),
    };
    const { smtp, proposal } = await find(own(), address);
    expect([smtp, proposal.hints]).toEqual(['same.firma.test:465/tls', []]);
  });
});

describe('the user name of a file with several', () => {
  const second = { host: `imap.${domain}`, user: '%EMAILADDRESS%' };
  const sender = { host: `s.${domain}`, user: '%EMAILADDRESS%' };
  const foundWith = async (configured: Parameters<typeof configFile>[0]) => {
    pages = { [`autoconfig.${domain}`]: configFile(configured) };
    const { imap, proposal } = await find([...own(), ...a(`imap.${domain}`, mailHost)], address);
    return [imap, proposal.username, proposal.hints];
  };

  it('is that of the server that is there, not of the first one', async () => {
    const gone = { host: `gone.${domain}`, user: 'm0815' };
    expect(await foundWith({ imap: [gone, second] })).toEqual([`imap.${domain}:993/tls`, address, []]);
  });

  it('is what both services take, where one server asks for another', async () => {
    const other = { host: `imap.${domain}`, user: 'm0815' };
    const same = { ...second, port: 143, socket: 'STARTTLS' };
    expect(await foundWith({ imap: [other, same], smtp: [sender] })).toEqual([
      `imap.${domain}:143/starttls`,
      address,
      [],
    ]);
  });

  it('does not differ by case alone', async () => {
    const shouted = { ...sender, user: 'Rep@FIRMA.Test' };
    expect((await foundWith({ imap: [second], smtp: [shouted] })).slice(1)).toEqual([address, []]);
  });
});

describe('a file that names a well-known port for the other way', () => {
  it.each([
    [143, 'SSL', 'starttls'],
    [993, 'STARTTLS', 'tls'],
  ])('means the port: %i with %s', async (port, socket, encryption) => {
    const host = `imap.${domain}`;
    pages = { [`autoconfig.${domain}`]: configFile({ imap: [{ host, port, socket }] }) };
    const { imap } = await find([...own(), ...a(host, mailHost)], address);
    expect(imap).toBe(`${host}:${port}/${encryption}`);
  });
});

describe('where no servers are proposed', () => {
  it('the reason is that the domain takes no mail (null MX)', async () => {
    const { proposal } = await find([mx('.')], address);
    expect([proposal.source, proposal.hints]).toEqual([null, ['takes-no-mail']]);
  });

  it.each(['OAuth2', 'XOAUTH2'])('the reason is that the domain’s file wants OAuth (%s)', async (auth) => {
    pages = { [`autoconfig.${domain}`]: inFile('i.firma.test', { auth }) };
    const { proposal } = await find(own(), address);
    expect([proposal.source, proposal.imap, proposal.hints]).toEqual([null, null, ['oauth-only']]);
  });
});

describe('the user name', () => {
  it('that is the part before the @ comes with what may not belong into it', async () => {
    pages = { [`autoconfig.${domain}`]: inFile('i.firma.test', { user: '%EMAILLOCALPART%' }) };
    const { proposal } = await find(own(), `rep+crm@${domain}`);
    expect([proposal.username, proposal.hints]).toEqual(['rep+crm', ['username-without-tag']]);
  });

  it('at iCloud is the iCloud address, though SRV names the servers', async () => {
    const { proposal } = await find([srv('imaps', 'imap.mail.me.com', 993)], address);
    expect([proposal.provider?.id, proposal.hints]).toEqual([
      'icloud',
      ['app-password-required', 'primary-address-as-username'],
    ]);
  });

  it.each([
    ['rep+crm@firma.test', 'rep+crm@firma.test', 'username-without-tag'],
    ['rep@müller.test', 'rep@müller.test', 'username-in-ascii'],
  ])('of %s comes with what else it may be', async (typed, username, hint) => {
    const [, host = ''] = typed.split('@');
    const ascii = new URL(`http://${host}`).hostname;
    const name = `_imaps._tcp.${ascii}`;
    const { proposal } = await find([{ type: 'SRV', name, target: `imap.${ascii}`, port: 993 }], typed);
    expect([proposal.username, proposal.hints]).toEqual([username, [hint]]);
  });

  it('at iCloud with a domain of one’s own is the iCloud address', async () => {
    const { proposal } = await find([mx('mx01.mail.icloud.com')], address);
    expect(proposal.hints).toEqual(['app-password-required', 'primary-address-as-username']);
  });
});

describe('whoever is asked', () => {
  it('hears who asks, and nothing of the person', async () => {
    await find([...own(), ...a(domain, web.address), ...a(ispdbHost, web.address)], address);
    expect([...agents]).toEqual([expect.stringMatching(/^connect-email \([a-z ]+\)$/u)]);
  });

  it.each([
    ['as it came', 'rep%40firma.test'],
    ['unquoted', 'rep@firma.test'],
    ['in capitals', 'REP%40FIRMA.test'],
  ])(
    'is not told the address where the domain’s file leads on to a third party: %s',
    async (_how, written) => {
      moved = `https://autoconfig.gateway.test/mail?emailaddress=${written}`;
      pages = { 'autoconfig.gateway.test': inFile('i.firma.test') };
      const before = web.visits.length;
      const { imap } = await find([...own(), ...a('autoconfig.gateway.test', web.address)], address);
      moved = null;
      const told = web.visits.slice(before).filter(({ host }) => host === 'autoconfig.gateway.test');
      expect([imap, told.map(({ url }) => url)]).toEqual(['i.firma.test:993/tls', ['/mail']]);
    },
  );

  it('is no third party where the domain is known by its MX or its own file', async () => {
    pages = { [`autoconfig.${domain}`]: inFile('imap.gmail.com') };
    const told = async (records: readonly DnsRecord[]): Promise<unknown[]> => {
      const before = web.visits.length;
      await find([...records, ...a(ispdbHost, web.address)], address);
      return web.visits.slice(before).filter(({ host }) => host === ispdbHost);
    };
    expect(await told([mx('aspmx.l.google.com')])).toEqual([]);
    expect(await told(own())).toEqual([]);
    pages = {};
    expect(await told(own())).toHaveLength(1);
  });

  it('gets one connection where the first name is right', async () => {
    const { imap, connections } = await find(a(`imap.${domain}`, mailHost), address);
    expect([imap, connections]).toEqual([`imap.${domain}:993/tls`, [`${mailHost}:993`]]);
  });

  it('is asked each question once', async () => {
    const { dns } = await find([mx(`mail.${domain}`), ...a(`mail.${domain}`, ownAddress())], address);
    const log = await readFile(dns.logFile, 'utf8');
    const asked = [...log.matchAll(/query\[\w+\] \S+/gu)].map(([one]) => one);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.length).toBeLessThan(26);
    expect(asked.filter((one, index) => asked.indexOf(one) !== index)).toEqual([]);
  });
});
