/** A server that hides signs in what it lists: the terminal shows none, JSON holds none, and no verdict rests on them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acting } from '../adapters/script.ts';
import { type Certificate, REP, scope, startNameServer, startTlsDialogue } from '../mail-servers/index.ts';
import { connectEmail, report } from './terminal-cases.ts';

const servers = scope();
let certificate: Certificate;
beforeAll(async () => {
  certificate = await (await servers.authority()).issue();
});
afterAll(() => servers.stop());

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
/** PLAIN with a backspace in it shows as PLIN on a terminal, and is no PLAIN. */
const mechanisms = ['PLA\bIN', '\u001b[31mLOGIN', 'X\u0000Y', 'X\u009b2J', utf8('\u202eNIALP'), 'CRAM-MD5'];
const many = Array.from({ length: 250 }, (_, index) => `X-MECHANISM-${index}`);

const answersOf = (service: 'imap' | 'smtp', names: readonly string[]) =>
  service === 'imap'
    ? {
        greeting: '* OK ready\r\n',
        answers: [
          [
            / CAPABILITY$/iu,
            `* CAPABILITY IMAP4rev1 X-\u001b]0;title\u0007Y LOGINDISABLED ${names.map((name) => `AUTH=${name}`).join(' ')}\r\n{tag} OK done\r\n`,
          ],
        ] as const,
      }
    : {
        greeting: `220 mail.example.test ${utf8('\u202e')}ESMTP\r\n`,
        answers: [
          [
            /^EHLO /iu,
            `250-mail.example.test\r\n250-X\u001b[2JY\r\n250-AUTH ${names.join(' ')}\r\n250 SIZE\r\n`,
          ],
        ] as const,
      };

const start = async (names: readonly string[]) => {
  const [imap, smtp] = await Promise.all(
    (['imap', 'smtp'] as const).map((service) =>
      servers.start(startTlsDialogue({ certificate, dialogue: answersOf(service, names) })),
    ),
  );
  return [
    ...['check', REP.name, '--expect-untrusted-certificate', '--allow-network', '127.0.0.0/8'],
    ...['--imap', `127.0.0.1:${imap?.port}`, '--imap-encryption', 'tls'],
    ...['--smtp', `127.0.0.1:${smtp?.port}`, '--smtp-encryption', 'tls'],
  ];
};

describe('Given a server whose mechanisms have signs in them that act', () => {
  it.each(['de', 'en'])('the terminal shows none of them (%s)', async (locale) => {
    const { stdout, stderr } = await connectEmail([...(await start(mechanisms)), '--locale', locale]);
    expect(stdout).toContain('PLA?IN');
    expect(`${stdout}${stderr}`).not.toMatch(acting);
  });

  it('JSON holds none, and what is not PLAIN is not taken for it', async () => {
    const { stdout } = await connectEmail([...(await start(mechanisms)), '--json']);
    expect(stdout).not.toMatch(acting);
    const { findings, observations } = report.parse(JSON.parse(stdout));
    const judged = findings.filter(({ requirement }) => requirement === 'auth-mechanism');
    expect(judged.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['fail', 'challenge-only'],
      ['fail', 'challenge-only'],
    ]);
    const strings = JSON.stringify([judged, observations], (_, value: unknown) =>
      typeof value === 'string' && /\p{C}/u.test(value) ? `control sign in ${JSON.stringify(value)}` : value,
    );
    expect(strings).not.toContain('control sign');
  });

  it('of hundreds one hundred are kept, and those that count among them', async () => {
    const { stdout } = await connectEmail([...(await start([...many, 'x'.repeat(500), 'PLAIN'])), '--json']);
    const { findings, observations } = report.parse(JSON.parse(stdout));
    const judged = findings.filter(({ requirement }) => requirement === 'auth-mechanism');
    expect(judged.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    for (const { evidence } of judged) {
      expect(evidence.mechanisms).toHaveLength(101);
      expect(evidence.mechanisms).toContain('PLAIN');
    }
    const listed = observations.flatMap(({ names }) => (Array.isArray(names) ? [names.length] : []));
    expect(Math.max(...listed)).toBeLessThanOrEqual(102);
    expect(Math.max(...judged.map(({ text }) => text.explanation.length))).toBeLessThan(1_000);
  });
});

describe('Given a name with far more addresses than anybody needs', () => {
  it('the evidence names some of them', async () => {
    const name = 'many.example.test';
    const records = Array.from(
      { length: 300 },
      (_, index) => ({ type: 'A', name, address: `10.${index >> 8}.${index & 255}.1` }) as const,
    );
    const dns = await servers.start(startNameServer(records));
    const { stdout } = await connectEmail([
      ...['check', REP.name, '--imap', `${name}:993`, '--smtp', `${name}:465`, '--json'],
      ...['--dns', `${dns.address}:${dns.port}`, '--timeout', '5'],
    ]);
    const { findings } = report.parse(JSON.parse(stdout));
    const inside = findings.filter(({ reason }) => reason === 'private-address');
    expect(inside.map(({ evidence }) => evidence.addresses)).toEqual([
      expect.toSatisfy((addresses: unknown) => Array.isArray(addresses) && addresses.length === 128),
      expect.toSatisfy((addresses: unknown) => Array.isArray(addresses) && addresses.length === 128),
    ]);
    expect(Math.max(...inside.map(({ text }) => text.explanation.length))).toBeLessThan(600);
  });
});

describe('Given words of a person that act', () => {
  it.each([
    [['check', 'a@d.test', `--\u001b[31m\u202ex`], 2],
    [['check', 'a@d.test', '\u009b2Jtwo@d.test'], 2],
    [['\u001b]0;title\u0007'], 2],
    [['check', 'a@d.test', '--ca', '/nowhere/\u202e\u001b[2J'], 2],
  ] as const)('what is complained of is shown without them: %j', async (typed, code) => {
    const ran = await connectEmail([...typed]);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).not.toMatch(acting);
  });
});
