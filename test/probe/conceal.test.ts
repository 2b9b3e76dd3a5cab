/** A server repeats the password in any way it likes: no line that does may be shown, and honest answers stay readable. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConcealment } from '../../src/probe/session/conceal.ts';

const username = 'anna.beck@firma.test';
const carriers = (password: string) => [`\0${username}\0${password}`];
const concealing = (password: string) =>
  createConcealment(password, { carriers: carriers(password), names: [username] });

const bytesOf = (text: string): number[] => [...Buffer.from(text, 'utf8')];
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
/** As Node hands on what came over the wire: a character for each byte. */
const wire = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const each = (text: string, write: (byte: number) => string, between = ''): string =>
  bytesOf(text).map(write).join(between);
const swapCase = (text: string): string =>
  [...text].map((one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())).join('');

/** How a server, a proxy or a log in between may write what it was sent. */
const encodings: Readonly<Record<string, (password: string) => string>> = {
  plain: wire,
  'in quotes': (text) => wire(`"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`),
  'in capitals': (text) => wire(text.toUpperCase()),
  'with the case turned round': (text) => wire(swapCase(text)),
  backwards: (text) => wire([...text].reverse().join('')),
  'percent-encoded': encodeURIComponent,
  'form-encoded': (text) => new URLSearchParams({ '': text }).toString().slice(1),
  'percent-encoded byte by byte': (text) => each(text, (byte) => `%${hex(byte)}`),
  'percent-encoded twice': (text) => encodeURIComponent(each(text, (byte) => `%${hex(byte)}`)),
  'as HTML entities': (text) => [...text].map((one) => `&#${one.codePointAt(0)};`).join(''),
  'as HTML entities in hex': (text) =>
    [...text].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join(''),
  'escaped for HTML': (text) =>
    wire(
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ),
  'quoted-printable': (text) => each(text, (byte) => `=${hex(byte).toUpperCase()}`),
  'quoted-printable where it must be': (text) =>
    each(text, (byte) =>
      byte > 32 && byte < 127 && byte !== 61 ? String.fromCharCode(byte) : `=${hex(byte).toUpperCase()}`,
    ),
  xtext: (text) =>
    each(text, (byte) =>
      byte > 32 && byte < 127 && byte !== 43 && byte !== 61
        ? String.fromCharCode(byte)
        : `+${hex(byte).toUpperCase()}`,
    ),
  'xtext byte by byte': (text) => each(text, (byte) => `+${hex(byte).toUpperCase()}`),
  'in modified UTF-7': (text) =>
    `&${utf16be(text).toString('base64').replace(/=+$/u, '').replaceAll('/', ',')}-`,
  'in octal': (text) => each(text, (byte) => `\\${byte.toString(8).padStart(3, '0')}`),
  'in decimal with a backslash': (text) => each(text, (byte) => `\\${String(byte).padStart(3, '0')}`),
  'as JSON escapes': (text) =>
    Array.from(
      { length: text.length },
      (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  'as C escapes': (text) => each(text, (byte) => `\\x${hex(byte)}`),
  'in hex': (text) => each(text, hex),
  'in hex with spaces': (text) => each(text, hex, ' '),
  'in hex with colons': (text) => each(text, (byte) => hex(byte).toUpperCase(), ':'),
  'in hex with 0x': (text) => each(text, (byte) => `0x${hex(byte)}`, ', '),
  'in hex as UTF-16': (text) => utf16be(text).toString('hex'),
  'as numbers': (text) => each(text, String, ' '),
  'in base64': base64,
  'in base64 for addresses': (text) => Buffer.from(text, 'utf8').toString('base64url'),
  'in base64 behind one more sign': (text) => base64(`x${text}`),
  'in base64 behind two more signs': (text) => base64(`\u0001,${text}y`),
  'in base64 twice': (text) => base64(base64(text)),
  'in base64 three times': (text) => base64(base64(base64(text))),
  'in base64 in hex': (text) => each(base64(text), hex, ' '),
  'in base64, percent-encoded': (text) => encodeURIComponent(base64(text)),
  'as it was sent for PLAIN': (text) => base64(`\0${username}\0${text}`),
  'as it was sent for PLAIN, in lower case': (text) => base64(`\0${username}\0${text}`).toLowerCase(),
  'as it was sent for PLAIN, with NULs': (text) => wire(`\0${username}\0${text}`),
  'as it was sent for PLAIN, in hex': (text) => each(`\0${username}\0${text}`, hex),
  'with its user name': (text) => wire(`${username}:${text}`),
  'with its user name, in base64': (text) => base64(`${username}:${text}`),
  'as a literal': (text) => wire(`{${Buffer.byteLength(text)}} ${text}`),
};

/** Some leave a password of few signs in a form in which it cannot be told from anything else. */
const onlyOfLong: readonly string[] = [
  'in base64 behind one more sign',
  'in base64 behind two more signs',
  'as it was sent for PLAIN, in lower case',
];

const openings = [
  '535 5.7.8 Error: ',
  'a3 NO [AUTHENTICATIONFAILED] got ',
  '* BYE ',
  '501 5.5.2 cannot decode ',
];
const runs = { seed: 20_261_126, numRuns: 120 };
const printable = fc.string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 24 });
const unicode = fc
  .array(fc.constantFrom(...('abcXYZ0189äöüßÄéñçñøłžшпарольπασ密码パス🔑🐦!"$&/()=?'.match(/./gu) ?? [])), {
    minLength: 6,
    maxLength: 16,
  })
  .map((signs) => signs.join(''));
const typical = fc.constantFrom(
  ...[
    'Passwort123!',
    'Password1',
    'Sommer2024!',
    'qwertz123',
    'correct horse battery',
    'firma.test-2024',
    '123456',
  ],
  ...[
    'Kanarienvogel-Ü73"x',
    'P@ss w0rd+%',
    '"\\"\\\\""',
    'a&b<c>d"e',
    'anna.beck1',
    '(Login)=1',
    'Müller-Straße',
  ],
);
const long = fc.oneof(printable, unicode, typical).filter((password) => password.trim().length >= 6);

describe.each(Object.entries(encodings))('Given a password that comes back %s', (_, encode) => {
  it('the line is hidden', () => {
    fc.assert(
      fc.property(long, fc.constantFrom(...openings), (password, opening) => {
        expect(concealing(password)(`${opening}${encode(password)}`)).toBe(true);
        expect(concealing(password)(`${opening}<${encode(password)}> for ${username}`)).toBe(true);
      }),
      runs,
    );
  });
});

describe('Given a password that comes back without its first or last sign', () => {
  const pieces = (password: string) => {
    const signs = [...password];
    return [signs.slice(1).join(''), signs.slice(0, -1).join('')];
  };
  /** What is left must not be what is known anyway, such as the user name. */
  const telling = long.filter(
    (password) => [...password].length > 6 && !/^(?:anna|firma|password|passwort)/iu.test(password),
  );
  it.each([
    'plain',
    'percent-encoded',
    'in hex with spaces',
    'in base64',
    'in base64 twice',
    'as HTML entities',
  ])('%s, the line is hidden', (name) => {
    fc.assert(
      fc.property(telling, (password) => {
        for (const piece of pieces(password))
          expect(concealing(password)(`535 got ${encodings[name]?.(piece)}`)).toBe(true);
      }),
      runs,
    );
  });
});

describe('Given a password of one to five signs', () => {
  const few = fc
    .string({ unit: fc.constantFrom(...'abcxyzKQ0189!#$äß'), minLength: 1, maxLength: 5 })
    .filter((password) => /[\p{L}\p{N}]/u.test(password));
  it.each(Object.entries(encodings).filter(([name]) => !onlyOfLong.includes(name)))(
    '%s, the line is hidden',
    (_, encode) => {
      fc.assert(
        fc.property(few, (password) => {
          expect(concealing(password)(`535 5.7.8 got ${encode(password)}`)).toBe(true);
        }),
        runs,
      );
    },
  );

  it('without the first or last sign of four or five, too', () => {
    for (const password of ['x9kQ', '7yKq2', 'Mai24'])
      for (const part of [password.slice(1), password.slice(0, -1)])
        expect([part, concealing(password)(`535 5.7.8 got ${part}`)]).toEqual([part, true]);
  });

  it('an honest answer is not hidden because a word holds its letters', () => {
    for (const password of [
      'log',
      'fail',
      'est',
      'ail',
      'pass',
      'cred',
      'ent',
      'tion',
      'bad',
      'x9k',
      'user1',
    ])
      for (const answer of honest)
        expect([password, answer, concealing(password)(answer)]).toEqual([password, answer, false]);
  });
});

/** Answers of Dovecot, Courier, Cyrus, Postfix, Exim, OpenSMTPD, Exchange, Microsoft 365, Google, Yahoo and others. */
const honest = [
  'a3 NO [AUTHENTICATIONFAILED] Authentication failed.',
  'a3 NO [UNAVAILABLE] Temporary authentication failure. [mail.firma.test:2026-11-26 12:00:00]',
  'a3 NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)',
  'a3 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)',
  'a3 NO LOGIN Invalid credentials or IMAP is disabled',
  'a3 NO Login failed.',
  'a3 NO [LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
  '* BYE Temporary problem, please try again later',
  'a3 NO [AUTHORIZATIONFAILED] Your account is locked, contact the administrator',
  '535 5.7.8 Error: authentication failed: authentication failure',
  '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6',
  '535 5.7.3 Authentication unsuccessful [FR3P281CA0001.DEUP281.PROD.OUTLOOK.COM]',
  '535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.',
  '535-5.7.8 Username and Password not accepted. For more information, go to',
  '535 5.7.8  https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1-42f6bd9e - gsmtp',
  '535 Incorrect authentication data',
  '535 Authentication failed',
  '454 4.7.0 Temporary authentication failure: Connection lost to authentication server',
  '* CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT THREAD=REFERENCES CONDSTORE QRESYNC LITERAL+',
  '* LIST (\\HasNoChildren \\Sent) "/" "Gesendete Elemente"',
  '550 5.7.1 <anna.beck@firma.test>: Sender address rejected: not owned by user anna.beck@firma.test',
  '250 2.1.0 Ok',
] as const;

describe('Given an honest answer', () => {
  it.each(honest)('it stays readable whatever the password is: %s', (answer) => {
    fc.assert(
      fc.property(long, (password) => {
        const said = answer.toLowerCase();
        // Whoever's password is a word of the answer is the one of whom it must not be shown.
        fc.pre(
          !said.includes(password.toLowerCase()) &&
            !said.includes([...password.toLowerCase()].reverse().join('')),
        );
        expect(concealing(password)(answer)).toBe(false);
      }),
      { ...runs, numRuns: 300 },
    );
  });

  it.each([
    'Authentication failed.',
    'Login failed.',
    'Invalid credentials (Failure)',
    'Incorrect authentication data',
  ])('what is said to everybody is shown even where a word of it is the password: %s', (sentence) => {
    for (const password of sentence.split(/[^a-z]+/iu).filter((word) => word !== '')) {
      expect(concealing(password)(`a3 NO [AUTHENTICATIONFAILED] ${sentence}`)).toBe(false);
      expect(concealing(password)(`535 5.7.8 ${sentence}`)).toBe(false);
    }
  });

  it.each(['password', 'login', 'failed', 'authentication', 'mailbox'])(
    'a password that is an ordinary word is hidden where it is repeated: %s',
    (password) => {
      expect(concealing(password)(`535 5.7.8 wrong "${password}" for ${username}`)).toBe(true);
      expect(concealing(password)(`a3 NO ${base64(password)}`)).toBe(true);
    },
  );
});

describe('Given a line that costs time to read', () => {
  const nasty = ['%', '\\', '&#', '=', '+', 'A', '61 ', 'MTI', '&a-', '{', ' '].map((piece) =>
    piece.repeat(Math.ceil(8_192 / piece.length)),
  );
  const deep = () => {
    let text = 'x'.repeat(300);
    while (text.length < 6_000) text = base64(text);
    return text;
  };
  it.each([...nasty, deep()].map((line) => [line.slice(0, 12), line] as const))(
    '%s… is judged at once',
    (_, line) => {
      const conceals = concealing('Kanarienvogel-Ü73"x'.repeat(200));
      const started = performance.now();
      conceals(line);
      expect(performance.now() - started).toBeLessThan(500);
    },
  );

  it('a conversation that costs more than any honest one is hidden from then on, an honest one never', () => {
    const conceals = concealing('Kanarienvogel-Ü73"x');
    const answers = honest.flatMap((answer) => Array.from({ length: 5 }, () => answer));
    expect(answers.map(conceals)).not.toContain(true);
    for (let line = 0; line < 200; line += 1) conceals(base64(`${line}`.repeat(100)).slice(0, 400));
    expect(conceals(honest[1])).toBe(true);
    expect(conceals(honest[0])).toBe(false);
  });
});
