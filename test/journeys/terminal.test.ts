/** An account is checked from the command line, against the mail servers it meets in real life. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirementIds } from '../../src/diagnosis/policy.ts';
import {
  type Authority,
  closedPort,
  scope,
  startClosesAtOnce,
  startDovecot,
  startHttp,
  startNameServer,
  startPostfix,
  startSays,
  startSilent,
} from '../mail-servers/index.ts';
import {
  connectEmail,
  encryptionOf,
  notPassed,
  portOpen,
  realServer,
  report,
  type Seen,
  startsTlsBadly,
  type Typed,
  unmet,
  words,
} from './terminal-cases.ts';

type Name = 'imap' | 'smtp';
type Secured = 'tls' | 'starttls';
type Pair = { imap: Typed; smtp: Typed };
type Reads = (of: Name) => readonly (readonly [requirement: string, reason: string])[];
type Fault = readonly [given: string, server: (of: Name) => Promise<Typed>, reads: Reads, code?: 0 | 1 | 3];

const servers = scope();
const host = '127.0.0.1';
const loopback = ['--allow-network', '127.0.0.0/8'];
let ca: Authority;
let good: Record<Name, Awaited<ReturnType<typeof realServer>>>;

beforeAll(async () => {
  ca = await servers.authority();
  const [imap, smtp] = await Promise.all([
    realServer('imap', servers, { ca }),
    realServer('smtp', servers, { ca }),
  ]);
  good = { imap, smtp };
});
afterAll(() => servers.stop());

const line = ({ imap, smtp }: Pair) => [
  ...['check', 'rep@example.test', ...words('imap', imap), ...words('smtp', smtp)],
  ...['--ca', ca.caFile],
];

const asJson = async (typed: readonly string[], npm = false) => {
  const { code, stdout, stderr } = await connectEmail([...typed, '--json'], { npm });
  expect(stderr).toBe('');
  const read = report.parse(JSON.parse(stdout));
  expect([...new Set(read.findings.map(({ requirement }) => requirement))]).toEqual(requirementIds);
  return { code, read };
};

const verdicts = { 0: 'ready-with-warnings', 1: 'blocked', 3: 'inconclusive' } as const;

const expectSeen = async (typed: readonly string[], code: 0 | 1 | 3, seen: readonly Seen[]) => {
  const ran = await asJson(typed);
  const got = { code: ran.code, verdict: ran.read.verdict, unmet: unmet(ran.read) };
  expect(got).toEqual({ code, verdict: verdicts[code], unmet: seen });
  return ran.read;
};

const healthy = (of: Name, encryption: Secured = 'tls'): Typed => ({
  host,
  port: good[of][encryption],
  encryption,
});
type Special = Omit<Parameters<typeof realServer>[2], 'ca'>;
const real =
  (special: Special, encryption: Secured = 'tls') =>
  async (of: Name): Promise<Typed> => {
    const ports = await realServer(of, servers, { ca, ...special });
    return { host, port: ports[encryption], encryption };
  };
const swapped = (port: Secured, encryption: Secured) => async (of: Name) => ({
  ...healthy(of, port),
  encryption,
});
const at = async (one: Promise<{ port: number }>, encryption: Secured = 'starttls'): Promise<Typed> => ({
  host,
  port: (await one).port,
  encryption,
});
const says = (imap: string, smtp: string) => (of: Name) =>
  at(servers.start(startSays(of === 'imap' ? imap : smtp, { thenClose: true })));
const no = { imap: '{tag} NO not now\r\n', smtp: '454 4.7.0 not now\r\n' };
const injected = async (of: Name) => {
  const certificate = await ca.issue();
  const inject = of === 'imap' ? '* OK injected\r\n' : '250 injected\r\n';
  return at(startsTlsBadly(of, servers, (say) => ({ say, next: 'tls', certificate, inject })));
};
const cut = (of: Name) => at(startsTlsBadly(of, servers, (say) => ({ say, next: 'close' })));

const one = (requirement: string, reason: string) => (): ReturnType<Reads> => [[requirement, reason]];
const encryption = (reason: string) => (of: Name) => [[encryptionOf[of], reason]] as const;
const port = (reason: string) => (of: Name) => [[portOpen[of], reason]] as const;
const protocol = (name: string) => one('imap-smtp-supported', `wrong-protocol-${name}`);
const sentAway = (sign: string) => (): ReturnType<Reads> => [
  ['ip-allowlist', sign],
  ['imap-smtp-supported', 'refused-from-here'],
];
const busy = says('* BYE Too many connections\r\n', '421 4.7.0 Too many connections\r\n');
const denied = says('* BYE Your address is not allowed\r\n', '554 5.7.1 Your address is not allowed\r\n');
const old: Special = { versions: ['TLSv1'] };

const faults: readonly Fault[] = [
  ['speaks only TLS 1.0', real(old), one('tls-min-version', 'legacy-only')],
  ['speaks only TLS 1.0 after STARTTLS', real(old, 'starttls'), one('tls-min-version', 'legacy-only')],
  ['offers no STARTTLS', real({ starttls: false }, 'starttls'), encryption('starttls-not-offered')],
  ['shows an expired certificate', real({ kind: 'expired' }), one('cert-validity', 'expired')],
  ['signed its certificate itself', real({ kind: 'self-signed' }), one('cert-trusted', 'self-signed'), 0],
  ["shows another name's certificate", real({ kind: 'wrong-name' }), one('cert-name', 'name-mismatch')],
  [
    'leaves out the intermediate certificate',
    real({ kind: 'missing-intermediate' }),
    one('cert-chain-complete', 'missing-intermediate'),
  ],
  ['is not running', () => at(closedPort(), 'tls'), port('refused')],
  ['is a web server', () => at(servers.start(startHttp()), 'tls'), protocol('http')],
  ['is a POP3 server', () => at(servers.start(startSays('+OK POP3 ready\r\n'))), protocol('pop3')],
  ['expects STARTTLS, not TLS', swapped('starttls', 'tls'), encryption('plain-on-tls-port')],
  ['expects TLS, not STARTTLS', swapped('tls', 'starttls'), encryption('tls-on-plain-port')],
  ['refuses STARTTLS', (of) => at(startsTlsBadly(of, servers, () => no[of])), encryption('starttls-refused')],
  ['adds clear text to its yes to STARTTLS', injected, encryption('starttls-injected')],
  ['hangs up after its yes to STARTTLS', cut, encryption('starttls-broken')],
  ['stays silent', () => at(servers.start(startSilent())), one('imap-smtp-supported', 'no-greeting'), 3],
  ['has too many connections', busy, port('too-many-connections'), 3],
  ['sends us away', denied, sentAway('refused-by-banner'), 3],
  ['hangs up at once', () => at(servers.start(startClosesAtOnce())), sentAway('dropped'), 3],
];

describe('Given one server with a fault and a healthy other one, when an admin checks', () => {
  const both = faults.flatMap((fault) => (['imap', 'smtp'] as const).map((of) => ({ of, fault })));
  it.each(both)('$of $fault.0: exactly that is found', async ({ of, fault }) => {
    const [, server, reads, code = 1] = fault;
    const pair = { imap: healthy('imap'), smtp: healthy('smtp'), [of]: await server(of) };
    // Only the silent server needs the short limit; the others must be settled as without it.
    const limit = reads(of).some(([, reason]) => reason === 'no-greeting') ? ['--timeout', '2'] : [];
    const seen = reads(of).map((found): Seen => [of, ...found]);
    const read = await expectSeen([...line(pair), ...loopback, ...limit], code, seen);
    expect(notPassed(read, of === 'imap' ? 'smtp' : 'imap')).toEqual([]);
    if (code === 1) expect(read.settings).toBeNull();
  });
});

describe('Given healthy servers', () => {
  it.each(['tls', 'starttls', 'auto'] as const)('%s: all is met, nothing else is printed', async (how) => {
    const used = how === 'tls' ? 'tls' : 'starttls';
    const typed = (of: Name): Typed =>
      how === 'auto' ? { host, port: good[of].starttls } : healthy(of, used);
    const both = { imap: typed('imap'), smtp: typed('smtp') };
    const { code, read } = await asJson([...line(both), ...loopback], how === 'tls');
    const all = { code, verdict: read.verdict, unmet: unmet(read) };
    expect(all).toEqual({ code: 0, verdict: 'ready', unmet: [] });
    expect([...notPassed(read, 'imap'), ...notPassed(read, 'smtp')]).toEqual([]);
    expect(read.account.imap).toEqual({ host, port: good.imap[used], encryption: used });
    expect(read.settings).toMatchObject({ smtpPort: good.smtp[used], smtpEncryption: used });
  });

  it('encryption none is advised against, not forbidden', async () => {
    const none = (of: Name): Typed => ({ ...healthy(of, 'starttls'), encryption: 'none' });
    await expectSeen([...line({ imap: none('imap'), smtp: none('smtp') }), ...loopback], 0, [
      ['imap', 'imap-encryption', 'tls-not-chosen'],
      ['smtp', 'smtp-tls', 'tls-not-chosen'],
    ]);
  });

  it('a network nobody allowed is no public address', async () => {
    await expectSeen(line({ imap: healthy('imap'), smtp: healthy('smtp') }), 1, [
      ['imap', 'public-address', 'private-address'],
      ['smtp', 'public-address', 'private-address'],
    ]);
  });

  it.each(['imap', 'smtp'] as const)('%s has a name that the asked name server does not know', async (of) => {
    const records = [{ type: 'A', name: 'mail.example.test', address: host }] as const;
    const dns = await servers.start(startNameServer(records));
    const named = (name: Name): Typed => ({
      ...healthy(name),
      host: name === of ? 'gone.example.test' : 'mail.example.test',
    });
    const typed = [...line({ imap: named('imap'), smtp: named('smtp') }), ...loopback];
    const asked = [...typed, '--dns', `${dns.address}:${dns.port}`];
    const read = await expectSeen(asked, 1, [[of, portOpen[of], 'name-unknown']]);
    expect(notPassed(read, of === 'imap' ? 'smtp' : 'imap')).toEqual([]);
  });

  it('leads inside, as this machine sees it: others may see another address, so that is not settled', async () => {
    const certificate = await ca.issue({ hosts: ['localhost'] });
    const [imap, smtp] = await Promise.all([
      servers.start(startDovecot({ certificate })),
      servers.start(startPostfix({ certificate })),
    ]);
    const typed = line({
      imap: { host: 'localhost', port: imap.imapsPort, encryption: 'tls' },
      smtp: { host: 'localhost', port: smtp.smtpsPort, encryption: 'tls' },
    });
    const read = await expectSeen(typed, 3, [
      ['imap', 'public-address', 'private-answer-here'],
      ['smtp', 'public-address', 'private-answer-here'],
    ]);
    expect(read.findings.find(({ reason }) => reason === 'private-answer-here')?.verdict).toBe('unknown');
  });
});

describe('What a person reads in a pipe', () => {
  const read = (imap: Typed, locale: 'de' | 'en') =>
    connectEmail([...line({ imap, smtp: healthy('smtp') }), ...loopback, '--locale', locale]);

  it.each([
    ['de', 'Der Server erfüllt alle Anforderungen. Ihre Anmeldung haben wir noch nicht geprüft.'],
    ['en', "The server meets all requirements. We haven't tested your login yet."],
  ] as const)('%s: no account is called ready before its login was tested', async (locale, sentence) => {
    const { code, stdout, stderr } = await read(healthy('imap'), locale);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.replace(/\s+/gu, ' ')).toContain(sentence);
    expect(stdout).not.toMatch(/\bbereit\b|\bready\b/iu);
    expect(stdout).not.toContain('\u001b');
  });

  it('TLS 1.0 only: blocked in both languages, a warning under the newer page', async () => {
    const imap = await real(old)('imap');
    const german = await read(imap, 'de');
    expect([german.code, german.stdout]).toEqual([
      1,
      expect.stringContaining('✗ Der IMAP-Server unterstützt nur TLS 1.0\n'),
    ]);
    const english = await read(imap, 'en');
    expect([english.code, english.stdout]).toEqual([
      1,
      expect.stringContaining('✗ The IMAP server only supports TLS 1.0\n'),
    ]);
    const newer = [...line({ imap, smtp: healthy('smtp') }), ...loopback, '--policy', 'hubspot-2024'];
    const judged = await expectSeen(newer, 0, [['imap', 'tls-min-version', 'legacy-only']]);
    expect(judged.findings.find(({ reason }) => reason === 'legacy-only')).toMatchObject({ verdict: 'warn' });
  });
});
