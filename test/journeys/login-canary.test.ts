/** A known password is run through every outcome of a login and then searched for in everything that comes out. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuthorities, runCheck } from '../../src/check.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { Secret } from '../../src/secret.ts';
import { type Action, type Authority, type Certificate, REP, scope } from '../mail-servers/index.ts';
import { accountOf, attempts, imapAccepts, smtpAccepts, startAnswering } from './login-cases.ts';
import { connectEmail } from './terminal-cases.ts';

const servers = scope();
let ca: Authority;
let certificate: Certificate;
beforeAll(async () => {
  ca = await servers.authority();
  certificate = await ca.issue();
});
afterAll(() => servers.stop());

const canary = 'Kanarienvogel-Ü73"x';
const quoted = String.raw`Kanarienvogel-Ü73\"x`;
const plain = Buffer.from(`\0${REP.name}\0${canary}`).toString('base64');
const encoded = Buffer.from(canary).toString('base64');
const latin1 = Buffer.from(canary).toString('latin1');
const bytes = [...Buffer.from(canary)];
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
/** What servers, proxies and their logs make of it. */
const encodings = {
  'byte by byte in percent': bytes.map((byte) => `%${hex(byte)}`).join(''),
  'form-encoded': new URLSearchParams({ '': canary }).toString().slice(1),
  'as HTML entities': [...canary].map((one) => `&#${one.codePointAt(0)};`).join(''),
  'quoted-printable': bytes.map((byte) => `=${hex(byte).toUpperCase()}`).join(''),
  'in octal': bytes.map((byte) => `\\${byte.toString(8)}`).join(''),
  'in xtext': 'Kanarienvogel-+C3+9C73"x',
  'in modified UTF-7': 'Kanarienvogel-&ANw-73"x',
  'as JSON escapes': [...canary]
    .map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join(''),
  'in hex with spaces': bytes.map(hex).join(' '),
  'in base64 of another alignment': Buffer.from(`x${canary}`).toString('base64'),
  'in base64 twice': Buffer.from(encoded).toString('base64'),
  'without its first letter': 'anarienvogel-Ü73"x',
  'without its last letter': 'Kanarienvogel-Ü73"',
  'in colours': 'Kanar\u001b[31mienvogel-Ü73"x',
} as const;
const traces = [
  ...[canary, 'Kanarienvogel', latin1, quoted, encoded, plain, plain.slice(-20), encoded.slice(4, 20)],
  ...Object.values(encodings),
  ...[encodeURIComponent(canary), Buffer.from(canary).toString('hex'), canary.toUpperCase()],
].map((trace) => trace.toLowerCase());

/** JSON and `inspect` put a backslash in front of some signs. */
const found = (output: string): string[] => {
  const lower = output.toLowerCase();
  const said = [lower, lower.replaceAll(/\\(["'\\])/gu, '$1')];
  return traces.filter((trace) => said.some((one) => one.includes(trace)));
};

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
const imapEchoes: readonly (readonly [string, Action])[] = [
  ['plain', utf8(`{tag} NO [AUTHENTICATIONFAILED] no "${canary}" here\r\n`)],
  ['quoted', utf8(`{tag} NO user rep password ${quoted}\r\n`)],
  ['shouting', utf8(`{tag} NO ${canary.toUpperCase()}\r\n`)],
  ['encoded', `{tag} BAD cannot parse ${plain}\r\n`],
  ['in pieces', `{tag} BAD cannot parse ...${plain.slice(-20)}\r\n`],
  ['in the code', '{tag} NO [KANARIENVOGEL-Ü73"X] no\r\n'.replace('Ü', utf8('Ü'))],
  ['on the way', utf8(`* NO got ${canary}\r\n{tag} NO [AUTHENTICATIONFAILED] no\r\n`)],
  ['with a farewell', { say: utf8(`* BYE ${canary}\r\n`), next: 'close' }],
  ...Object.entries(encodings).map(
    ([name, text]) => [name, utf8(`{tag} NO [AUTHENTICATIONFAILED] got ${text}\r\n`)] as const,
  ),
  ['accepted', imapAccepts],
  ['without an answer', { next: 'close' }],
];
const smtpEchoes: readonly (readonly [string, Action])[] = [
  ['plain', utf8(`535 5.7.8 bad password ${canary}\r\n`)],
  ['encoded', `535-5.7.8 cannot use\r\n535 5.7.8 ${encoded}\r\n`],
  ['whole', `500 5.5.2 Unknown command AUTH PLAIN ${plain}\r\n`],
  ...Object.entries(encodings).map(
    ([name, text]) => [name, utf8(`535-5.7.8 got\r\n535 5.7.8 ${text}\r\n`)] as const,
  ),
  ['accepted', smtpAccepts],
  ['without an answer', { next: 'close' }],
];

const network = createNetwork({
  guard: createGuard({ restricted: false, allowNetworks: ['127.0.0.0/8'], allowPorts: [] }),
  nameServers: [],
});

const startPair = async (imapAnswer: Action, smtpAnswer: Action) => {
  const [imap, smtp] = await Promise.all([
    startAnswering('imap', servers, {
      certificate,
      answer: imapAnswer,
      before: [[/ LIST \(SPECIAL/u, utf8(`* LIST (\\Sent) "/" "${quoted}"\r\n{tag} OK done\r\n`)]],
    }),
    startAnswering('smtp', servers, {
      certificate,
      answer: smtpAnswer,
      before: [[/^RCPT/u, utf8(`550 5.7.1 ${canary} may not send\r\n`)]],
    }),
  ]);
  return { imap, smtp };
};

const everything = (value: unknown): string =>
  `${JSON.stringify(value)} ${inspect(value, { depth: Infinity, showHidden: true })} ${String(value)}`;

describe('Given a password that is searched for', () => {
  it('the search finds it in all the forms in which it was sent', async () => {
    const { imap, smtp } = await startPair(imapAccepts, smtpAccepts);
    const authorities = await readAuthorities(ca.caFile);
    const parts = { network, authorities, policy: 'hubspot-2017', now: Date.now } as const;
    await runCheck(accountOf({ imap, smtp }), parts, { secret: new Secret(canary) });
    expect([attempts('imap', imap.received), attempts('smtp', smtp.received)]).toEqual([1, 1]);
    expect(found(imap.received.join('\n'))).toContain(plain.toLowerCase());
    expect(found(smtp.received.join('\n'))).toContain(plain.toLowerCase());
  });

  const pairs = imapEchoes.map(([name, answer], index) => {
    const [smtpName, smtpAnswer] = smtpEchoes[index % smtpEchoes.length] ?? ['accepted', smtpAccepts];
    return { name, answer, smtpName, smtpAnswer };
  });
  it.each(pairs)('IMAP repeats it $name, SMTP $smtpName: it comes out nowhere', async (given) => {
    const { imap, smtp } = await startPair(given.answer, given.smtpAnswer);
    const authorities = await readAuthorities(ca.caFile);
    const progress: unknown[] = [];
    const result = await runCheck(
      accountOf({ imap, smtp }),
      { network, authorities, policy: 'hubspot-2017', now: Date.now },
      { secret: new Secret(canary), onProgress: (steps) => progress.push(steps) },
    );
    expect(result.assessment.loginTested || given.name === 'without an answer').toBe(true);
    expect(
      result.transcripts.flatMap(({ lines }) => lines).some(({ text }) => text.includes('(hidden)')),
    ).toBe(true);
    expect(found(everything(result))).toEqual([]);
    expect(found(everything(progress))).toEqual([]);
  });

  it('a rehearsal that hears it in every answer lets it out nowhere, and sends it in logins alone', async () => {
    const folders = `* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent\r\n* LIST (\\Junk) "/" "${quoted}"\r\n`;
    const imap = await startAnswering('imap', servers, {
      certificate,
      answer: imapAccepts,
      before: [
        [/ LIST \(SPECIAL/u, utf8(`* LIST (\\Sent) "/" "${quoted}"\r\n{tag} OK done\r\n`)],
        [/^[0-9A-F]+ LIST "" ""/u, '* LIST (\\Noselect) "/" ""\r\n{tag} OK done\r\n'],
        [/^[0-9A-F]+ LIST /u, utf8(`${folders}{tag} OK ${canary}\r\n`)],
        [/ APPEND /u, utf8(`{tag} NO [ALERT] ${canary} is no good\r\n`)],
        [/ (?:SEARCH|LOGOUT|NOOP)/u, utf8(`{tag} BAD ${encoded}\r\n`)],
      ],
    });
    const smtp = await startAnswering('smtp', servers, {
      certificate,
      answer: smtpAccepts,
      before: [
        ['DATA', utf8(`354 ${canary}\r\n`)],
        ['.', utf8(`550 5.7.1 ${canary} and ${plain}\r\n`)],
        [/^(?!EHLO|AUTH|MAIL|RCPT|RSET|QUIT)/u, ''],
      ],
    });
    const seen: unknown[] = [];
    const result = await runCheck(
      accountOf({ imap, smtp }),
      { network, authorities: await readAuthorities(ca.caFile), policy: 'hubspot-2017', now: Date.now },
      {
        ...{ secret: new Secret(canary), rehearsal: { patienceMs: 1_000 } },
        onProgress: (steps) => seen.push(steps),
        onObservation: (one) => void seen.push(one),
      },
    );
    expect(result.observations.map(({ type }) => type)).toContain('copy');
    expect(found(everything(result))).toEqual([]);
    expect(found(everything(seen))).toEqual([]);
    // Of what was sent, the lines that hold it are those of the logins; this IMAP server lets in whoever names a way.
    const holding = (lines: readonly string[]) => lines.filter((line) => found(line).length > 0);
    expect(holding(imap.received)).toHaveLength(1);
    expect(holding(smtp.received)).toHaveLength(1 + 2);
  });

  it.each(['--json', '--locale=de', '--timeout=1'])(
    'the terminal with %s prints it nowhere',
    async (option) => {
      const [[, imapAnswer], [, smtpAnswer]] = [
        imapEchoes[0] ?? ['', imapAccepts],
        smtpEchoes[0] ?? ['', smtpAccepts],
      ];
      const { imap, smtp } = await startPair(imapAnswer, smtpAnswer);
      const ran = await connectEmail(
        [
          ...['check', REP.name, '--imap', `127.0.0.1:${imap.port}`, '--smtp', `127.0.0.1:${smtp.port}`],
          ...[
            '--imap-encryption',
            'tls',
            '--smtp-encryption',
            'tls',
            '--ca',
            ca.caFile,
            '--password-stdin',
            option,
          ],
        ],
        { input: `${canary}\n`, env: { NODE_DEBUG: 'net,tls', DEBUG: '*' } },
      );
      expect(attempts('imap', imap.received)).toBe(1);
      expect(found(ran.stdout)).toEqual([]);
      expect(found(ran.stderr)).toEqual([]);
    },
  );

  it.each([
    ['nothing', ''],
    ['only a line end', '\n'],
    ['a NUL in it', `${canary}\0\n`],
    ['no UTF-8', Buffer.concat([Buffer.from(canary), Buffer.of(0xff, 0xfe)])],
    ['far too much', `${canary.repeat(500)}\n`],
  ])('%s on standard input: one sentence, status 2, nothing repeated', async (_, input) => {
    const ran = await connectEmail(['check', REP.name, '--password-stdin'], { input });
    expect([ran.code, ran.stdout, found(ran.stderr)]).toEqual([2, '', []]);
    expect(ran.stderr).toMatch(/^[^\n]*--password-stdin[^\n]*\n$/u);
  });

  it('a fault of ours in the middle of it throws nothing that holds it', async () => {
    const { imap, smtp } = await startPair(imapAccepts, smtpAccepts);
    const secret = new Secret(canary);
    const broken = runCheck(
      accountOf({ imap, smtp }),
      { network, authorities: await readAuthorities(ca.caFile), policy: 'hubspot-2017', now: Date.now },
      {
        secret,
        onProgress: (steps) => {
          if (steps.some(({ step, state }) => step === 'imap-login' && state === 'running'))
            throw Object.assign(new Error('a fault of ours'), { code: 'ours' });
        },
      },
    );
    const error: unknown = await broken.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ours' });
    expect(found(`${everything(error)} ${everything(secret)} ${secret}`)).toEqual([]);
  });
});
