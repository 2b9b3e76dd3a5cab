/** What is proposed is what a check lets pass, wherever another name, port or address of the domain would. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCheck } from '../../src/check.ts';
import type { Endpoint } from '../../src/diagnosis/account/endpoint.ts';
import { accountFor } from '../../src/discovery/glance.ts';
import { type DnsRecord, scope, startDovecot, startListener, startPostfix } from '../mail-servers/index.ts';
import { ownAddress, startWeb, type Web } from '../mail-servers/web.ts';
import { a, configFile, createWorld } from './world.ts';

const servers = scope();
afterAll(() => servers.stop());
const { find, authority } = createWorld(servers);

/** Where nobody listens, and where nobody answers (RFC 5737 addresses are not routed). */
const closed = ownAddress();
const silent = '192.0.2.1';
/** One server each. */
const fits = ownAddress();
const hosters = ownAddress();
const expired = ownAddress();
const selfSigned = ownAddress();
const withoutTls = ownAddress();
const starttlsOnly = ownAddress();
let web: Web;
let pages: Record<string, string> = {};

const names = ['imap', 'mail', 'smtp', 'second', 'first'].map((name) => `${name}.golden.test`);
const carried = [...names, 'golden.test', 'mx.elsewhere.test'];

beforeAll(async () => {
  const ca = await authority();
  const right = await ca.issue({ hosts: carried });
  const hosting = await ca.issue({ hosts: ['srv7.hoster.test', 'srv7.other.test'] });
  const start = (certificate: typeof right, address: string) =>
    servers.start(startDovecot({ certificate, address, imapsPort: 993, imapPort: 143 }));
  await Promise.all([
    start(right, fits),
    start(hosting, hosters),
    start(await ca.issue({ kind: 'expired', hosts: carried }), expired),
    start(await ca.issue({ kind: 'self-signed', hosts: carried }), selfSigned),
    servers.start(startDovecot({ certificate: right, address: withoutTls, imapPort: 143, starttls: false })),
    servers.start(startDovecot({ certificate: right, address: starttlsOnly, imapPort: 143 })),
    ...[
      [right, fits],
      [hosting, hosters],
    ].map(([certificate, address]) =>
      typeof address === 'string' && typeof certificate === 'object'
        ? servers.start(
            startPostfix({
              ...{ certificate, address, smtpsPort: 465, smtpPort: 587 },
              settings: { inet_interfaces: '127.0.0.1' },
            }),
          )
        : null,
    ),
  ]);
  web = await servers.start(
    startWeb({
      certificate: await ca.issue({ hosts: ['autoconfig.golden.test'] }),
      answer: (request, response) => {
        const page = pages[`${request.headers.host}`];
        if (page === undefined) response.writeHead(404).end();
        else response.end(page);
      },
    }),
  );
});

const srv = (service: string, target: string, port: number, priority = 0): DnsRecord => ({
  type: 'SRV',
  name: `_${service}._tcp.golden.test`,
  ...{ target, port, priority },
});

type Golden = [what: string, records: () => DnsRecord[], imap: string, file?: string];

const golden: readonly Golden[] = [
  [
    'a usual name bears the hoster’s certificate, another one its own',
    () => [...a('imap.golden.test', hosters), ...a('mail.golden.test', fits)],
    'mail.golden.test:993/tls',
  ],
  [
    'all names bear the hoster’s certificate, and lead by CNAME to the name that it carries',
    () => [
      ...a('srv7.hoster.test', hosters),
      { type: 'CNAME', name: 'imap.golden.test', target: 'srv7.hoster.test' },
      ...a('mail.golden.test', hosters),
    ],
    'srv7.hoster.test:993/tls',
  ],
  [
    'all names bear the hoster’s certificate, and a name that it carries leads to the same machine',
    () => [...a('imap.golden.test', hosters), ...a('srv7.other.test', hosters)],
    'srv7.other.test:993/tls',
  ],
  [
    'a certificate has expired, another has not',
    () => [...a('imap.golden.test', expired), ...a('mail.golden.test', fits)],
    'mail.golden.test:993/tls',
  ],
  [
    'nobody vouches for one certificate, a CA does for another',
    () => [...a('imap.golden.test', selfSigned), ...a('mail.golden.test', fits)],
    'mail.golden.test:993/tls',
  ],
  [
    'one name has no TLS at all',
    () => [...a('imap.golden.test', withoutTls), ...a('mail.golden.test', fits)],
    'mail.golden.test:993/tls',
  ],
  [
    'there is STARTTLS and nothing else',
    () => a('imap.golden.test', starttlsOnly),
    'imap.golden.test:143/starttls',
  ],
  [
    'STARTTLS fits where TLS from the first byte bears another name',
    () => [...a('imap.golden.test', hosters), ...a('mail.golden.test', starttlsOnly)],
    'mail.golden.test:143/starttls',
  ],
  [
    'the first of two addresses refuses',
    () => a('mail.golden.test', closed, fits),
    'mail.golden.test:993/tls',
  ],
  [
    'the first of two addresses is silent',
    () => a('mail.golden.test', silent, fits),
    'mail.golden.test:993/tls',
  ],
  ['the domain itself is the server', () => a('golden.test', fits), 'golden.test:993/tls'],
  [
    'the host that receives the mail is the server',
    () => [
      { type: 'MX', name: 'golden.test', exchange: 'mx.elsewhere.test' },
      ...a('mx.elsewhere.test', fits),
    ],
    'mx.elsewhere.test:993/tls',
  ],
  [
    'the first target of SRV does not exist',
    () => [
      srv('imaps', 'gone.golden.test', 993, 1),
      srv('imaps', 'second.golden.test', 993, 2),
      ...a('second.golden.test', fits),
    ],
    'second.golden.test:993/tls',
  ],
  [
    'no target of SRV exists, a usual name does',
    () => [srv('imaps', 'gone.golden.test', 993), ...a('imap.golden.test', fits)],
    'imap.golden.test:993/tls',
  ],
  [
    'the target of SRV refuses',
    () => [
      srv('imaps', 'first.golden.test', 993),
      ...a('first.golden.test', closed),
      ...a('imap.golden.test', fits),
    ],
    'imap.golden.test:993/tls',
  ],
  [
    'the target of SRV is silent',
    () => [
      srv('imaps', 'first.golden.test', 993),
      ...a('first.golden.test', silent),
      ...a('imap.golden.test', fits),
    ],
    'imap.golden.test:993/tls',
  ],
  [
    'the domain’s own file names a port that is closed and one that is not',
    () => [...a('autoconfig.golden.test', web.address), ...a('first.golden.test', starttlsOnly)],
    'first.golden.test:143/starttls',
    configFile({
      imap: [{ host: 'first.golden.test' }, { host: 'first.golden.test', port: 143, socket: 'STARTTLS' }],
    }),
  ],
  [
    'the domain’s own file names a host whose certificate bears another name',
    () => [
      ...a('autoconfig.golden.test', web.address),
      ...a('first.golden.test', hosters),
      ...a('mail.golden.test', fits),
    ],
    'mail.golden.test:993/tls',
    configFile({ imap: [{ host: 'first.golden.test' }] }),
  ],
];

const blockers = async (imap: Endpoint, parts: Awaited<ReturnType<typeof find>>) => {
  const { assessment } = await runCheck(
    accountFor(imap, 'rep@golden.test'),
    {
      network: parts.network,
      authorities: parts.authorities,
      policy: 'hubspot-2017',
      now: Date.now,
    },
    {},
  );
  return (
    assessment.findings
      .filter(({ endpoint, verdict, severity }) => endpoint && verdict === 'fail' && severity === 'blocker')
      // Addresses of documents and of this machine are nobody's.
      .filter(({ requirement }) => requirement !== 'public-address')
      .map(({ requirement, reason }) => `${requirement} ${reason}`)
  );
};

describe('what is proposed', () => {
  it.each(golden)('passes a check where %s', async (_what, records, imap, file) => {
    pages = file === undefined ? {} : { 'autoconfig.golden.test': file };
    const found = await find(records(), 'rep@golden.test');
    expect(found.imap).toBe(imap);
    expect(found.ms).toBeLessThan(3_300);
    const { imap: proposed } = found.proposal;
    expect(proposed && (await blockers(proposed, found))).toEqual([]);
  });

  it('passes for SMTP just the same', async () => {
    pages = {};
    const found = await find(
      [...a('smtp.golden.test', hosters), ...a('mail.golden.test', fits)],
      'rep@golden.test',
    );
    expect([found.smtp, found.imap]).toEqual(['mail.golden.test:465/tls', 'mail.golden.test:993/tls']);
  });

  it.each([1_200, 2_200])('is found though it greets only after %i ms', async (afterMs) => {
    const slow = await servers.start(
      startListener((socket) => void setTimeout(() => socket.write('* OK ready\r\n'), afterMs), {
        address: ownAddress(),
        port: 143,
      }),
    );
    const found = await find(a('mail.golden.test', slow.host), 'rep@golden.test');
    expect(found.imap).toBe('mail.golden.test:143/starttls');
    expect(found.ms).toBeLessThan(3_300);
  });

  it('keeps the usual order where nothing would pass', async () => {
    const records = [...a('imap.golden.test', expired), ...a('mail.golden.test', hosters)];
    expect((await find(records, 'rep@golden.test')).imap).toBe('imap.golden.test:993/tls');
  });

  it('is the domain’s own word where a certificate of its own making only needs to be allowed', async () => {
    const records = [
      srv('imaps', 'first.golden.test', 993),
      ...a('first.golden.test', selfSigned),
      ...a('imap.golden.test', fits),
    ];
    const { imap, proposal } = await find(records, 'rep@golden.test');
    expect([imap, proposal.source]).toEqual(['first.golden.test:993/tls', 'srv']);
  });

  it('is to be compared where it was only found to be the same machine', async () => {
    const records: DnsRecord[] = [
      ...a('srv7.hoster.test', hosters),
      { type: 'CNAME', name: 'imap.golden.test', target: 'srv7.hoster.test' },
    ];
    expect((await find(records, 'rep@golden.test')).proposal.hints).toEqual(['unconfirmed']);
  });
});
