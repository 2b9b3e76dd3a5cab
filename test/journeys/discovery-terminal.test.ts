/** A person types an address and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configFile } from '../discovery/world.ts';
import { type DnsRecord, scope, startDovecot, startNameServer, startPostfix } from '../mail-servers/index.ts';
import { ownAddress, startWeb } from '../mail-servers/web.ts';
import { connectEmail, report, unmet } from './terminal-cases.ts';

const servers = scope();
afterAll(() => servers.stop());

const loopback = ['--allow-network', '127.0.0.0/8'];
let caFile: string;
let dns: string;

beforeAll(async () => {
  const ca = await servers.authority();
  caFile = ca.caFile;
  const address = ownAddress();
  const certificate = await ca.issue({ hosts: ['imap.firma.test', 'smtp.firma.test', address] });
  await Promise.all([
    servers.start(startDovecot({ certificate, address, imapsPort: 993, imapPort: 143 })),
    // Postfix knows only the addresses that an interface bears, though it listens on any.
    servers.start(
      startPostfix({
        ...{ certificate, address, smtpsPort: 465, smtpPort: 587 },
        settings: { inet_interfaces: '127.0.0.1' },
      }),
    ),
  ]);
  const web = await servers.start(
    startWeb({
      certificate: await ca.issue({ hosts: ['autoconfig.differs.test', 'autoconfig.oauth.test'] }),
      answer: ({ headers }, response) =>
        response.end(
          headers.host === 'autoconfig.oauth.test'
            ? configFile({ imap: [{ host: 'imap.oauth.test', auth: 'OAuth2' }] })
            : configFile({
                imap: [{ host: 'imap.firma.test', user: 'm0815' }],
                smtp: [{ host: 'smtp.firma.test' }],
              }),
        ),
    }),
  );
  const google = { type: 'MX', exchange: 'aspmx.l.google.com' } as const;
  const records: DnsRecord[] = [
    { type: 'A', name: 'imap.firma.test', address },
    { type: 'A', name: 'smtp.firma.test', address },
    { type: 'SRV', name: '_imaps._tcp.firma.test', target: 'imap.firma.test', port: 993 },
    { type: 'SRV', name: '_submissions._tcp.firma.test', target: 'smtp.firma.test', port: 465 },
    { ...google, name: 'workspace.test' },
    { type: 'A', name: 'autoconfig.differs.test', address: web.address },
    { type: 'A', name: 'autoconfig.oauth.test', address: web.address },
    { type: 'MX', name: 'proton.firma.test', exchange: 'mail.protonmail.ch' },
    { type: 'MX', name: 'web-only.test', exchange: '.' },
  ];
  const server = await servers.start(startNameServer(records));
  dns = `${server.address}:${server.port}`;
});

const json = async (typed: readonly string[]) => {
  const { code, stdout, stderr } = await connectEmail([...typed, '--dns', dns, '--json']);
  expect(stderr).toBe('');
  return { code, read: JSON.parse(stdout) as unknown };
};

describe('discover', () => {
  it('prints one object by the contract', async () => {
    expect(await json(['discover', 'rep@firma.test'])).toEqual({
      code: 0,
      read: {
        address: 'rep@firma.test',
        provider: null,
        source: 'srv',
        native: false,
        imap: { host: 'imap.firma.test', port: 993, encryption: 'tls' },
        smtp: { host: 'smtp.firma.test', port: 465, encryption: 'tls' },
        username: 'rep@firma.test',
        hints: [],
      },
    });
  });

  it('ends with 3 where nothing is found, and says so', async () => {
    const { code, read } = await json(['discover', 'rep@nobody.test']);
    expect([code, read]).toEqual([3, expect.objectContaining({ source: null, imap: null, smtp: null })]);
    const said = await connectEmail(['discover', 'rep@nobody.test', '--dns', dns, '--locale', 'de']);
    expect(said).toMatchObject({ code: 3, stderr: '' });
    expect(said.stdout).toContain('Für rep@nobody.test haben wir keine Einstellungen gefunden');
  });

  it('ends with 0 where it is known that there is no IMAP, and with 3 where there is no mail at all', async () => {
    const none = { imap: null, smtp: null, username: null };
    for (const address of ['rep@proton.me', 'rep@proton.firma.test', 'rep@tuta.com'])
      expect(await json(['discover', address])).toMatchObject({
        code: 0,
        read: { source: 'provider-table', ...none, hints: expect.arrayContaining(['no-public-imap']) },
      });
    expect(await json(['discover', 'rep@web-only.test'])).toMatchObject({
      code: 3,
      read: { source: null, ...none, hints: ['takes-no-mail'] },
    });
    const said = await connectEmail(['discover', 'rep@web-only.test', '--dns', dns, '--locale', 'de']);
    expect(said.stdout).toContain('web-only.test nimmt keine E-Mails an');
  });

  it('ends within three seconds, the start of the process included, though no name server answers', async () => {
    const silent = await servers.start(startNameServer([{ type: 'FAILS', name: '#', how: 'silence' }]));
    const typed = ['discover', 'rep@firma.test', '--dns', `${silent.address}:${silent.port}`, '--json'];
    const started = performance.now();
    expect((await connectEmail(typed)).code).toBe(3);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('writes the address as it is used, whatever was pasted', async () => {
    for (const pasted of ['re\u{200B}p@firma。test.', 'rep@ｆｉｒｍａ．ｔｅｓｔ', 'rep＠firma.test'])
      expect((await json(['discover', pasted])).read).toMatchObject({
        ...{ address: 'rep@firma.test', username: 'rep@firma.test', source: 'srv' },
      });
  });

  it.each([
    ['de', 'Nehmen Sie zuerst HubSpots eigene Verbindung zu Google', 'imap.gmail.com:993, SSL/TLS'],
    ['en', 'Use HubSpot’s own connection to Google first', 'imap.gmail.com:993, SSL/TLS'],
  ])('says in words what to do first (%s)', async (locale, first, values) => {
    const { code, stdout } = await connectEmail([
      'discover',
      'rep@workspace.test',
      '--dns',
      dns,
      '--locale',
      locale,
    ]);
    expect(code).toBe(0);
    const plain = stdout.replaceAll("'", '’');
    expect(plain.indexOf(first)).toBeGreaterThan(0);
    expect(plain.indexOf(values)).toBeGreaterThan(plain.indexOf(first));
  });

  it.each([
    [['discover'], 'Please enter your e-mail address'],
    [['discover', 'rep.firma.test'], 'The @ sign is missing'],
    [['discover', 'a@b.test', 'c@d.test'], 'one too many'],
    [['discover', 'a@b.test', '--imap', 'x.test'], "There's no option --imap"],
    [['discover', 'a@b.test', '--dns', 'ns.test'], '--dns expects'],
    [['discover', 'a@b.test', '--ca', '/nowhere.pem'], 'no readable certificate'],
  ])('refuses %j in one sentence', async (typed, sentence) => {
    const { code, stdout, stderr } = await connectEmail(typed);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
  });
});

describe('check without servers', () => {
  it.each([
    ['rep@proton.me', 'no-public-imap', "Proton Mail doesn't offer IMAP", 'Proton Mail bietet'],
    [
      'rep@web-only.test',
      'takes-no-mail',
      "web-only.test doesn't receive",
      'web-only.test nimmt keine E-Mails an',
    ],
    ['rep@oauth.test', 'oauth-only', '(OAuth)', '(OAuth)'],
  ])('says why there is none for %s', async (address, hint, explanation, inGerman) => {
    const { code, read } = await json(['check', address, '--ca', caFile, ...loopback]);
    const missing = expect.objectContaining({
      reason: 'no-server-known',
      evidence: expect.objectContaining({ hints: [hint] }) as unknown,
      text: expect.objectContaining({ explanation: expect.stringContaining(explanation) as unknown }),
    }) as unknown;
    expect([code, read]).toEqual([
      3,
      expect.objectContaining({ findings: expect.arrayContaining([missing]) }),
    ]);
    const typed = ['check', address, '--ca', caFile, '--dns', dns, '--locale', 'de'];
    expect((await connectEmail(typed)).stdout.replaceAll(/\s+/gu, ' ')).toContain(inGerman);
  });

  const check = async (typed: readonly string[]) => {
    const { code, read } = await json(['check', ...typed, '--ca', caFile, ...loopback]);
    return { code, read: report.parse(read) };
  };

  it('looks for them and checks what was found', async () => {
    const { code, read } = await check(['rep@firma.test']);
    expect([code, read.verdict, unmet(read)]).toEqual([0, 'ready', []]);
    expect(read.settings).toMatchObject({
      imapHost: 'imap.firma.test',
      smtpHost: 'smtp.firma.test',
      smtpPort: 465,
    });
  });

  it('looks for the one that was not named', async () => {
    const { code, read } = await check([
      'rep@firma.test',
      '--imap',
      'imap.firma.test:143',
      '--username',
      'rep',
    ]);
    expect([code, unmet(read)]).toEqual([0, []]);
    expect(read.settings).toMatchObject({ imapPort: 143, smtpHost: 'smtp.firma.test', username: 'rep' });
  });

  it('says before any login that the published user names differ', async () => {
    const { code, read } = await check(['rep@differs.test']);
    expect([code, unmet(read)]).toEqual([1, [['account', 'same-credentials', 'stated-different']]]);
    expect(read.account).toMatchObject({ username: 'm0815' });
  });

  it('cannot settle anything where none is found', async () => {
    const { code, read } = await check(['rep@nobody.test']);
    expect([code, unmet(read).map(([, , reason]) => reason)]).toEqual([
      3,
      ['no-server-known', 'no-server-known'],
    ]);
  });

  it('of a mailbox at Google names the native connection, beside a check of servers that were named', async () => {
    const typed = ['--imap', 'imap.firma.test', '--smtp', 'smtp.firma.test'];
    const { code, read } = await check(['rep@gmail.com', ...typed]);
    const atGoogle = [
      ['account', 'native-connection-first', 'use-native'],
      ['imap', 'app-password', 'may-be-required'],
      ['smtp', 'app-password', 'may-be-required'],
    ];
    expect([code, unmet(read)]).toEqual([0, atGoogle]);
    const byMx = await check(['rep@workspace.test', ...typed]);
    expect(unmet(byMx.read)).toEqual(atGoogle);
  });

  it('does not wait for the provider’s name', async () => {
    const silent = await servers.start(
      startNameServer([
        { type: 'A', name: 'mail.quick.test', address: '127.0.0.1' },
        { type: 'FAILS', name: 'slow.test', how: 'silence' },
      ]),
    );
    const typed = ['check', 'rep@slow.test', '--imap', 'mail.quick.test:1', '--smtp', 'mail.quick.test:1'];
    const { stdout } = await connectEmail([...typed, '--dns', `${silent.address}:${silent.port}`, '--json']);
    const read = report.parse(JSON.parse(stdout));
    expect(read.durationMs).toBeLessThan(1_000);
    expect(read.findings.find(({ requirement }) => requirement === 'native-connection-first')?.verdict).toBe(
      'pass',
    );
  });
});
