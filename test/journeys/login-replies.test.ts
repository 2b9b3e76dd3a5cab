/** What servers of every make say to a login, word by word, and what of it becomes the one cause that is shown. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import type { OverallVerdict } from '../../src/diagnosis/finding.ts';
import { isLogin, type StepProgress } from '../../src/diagnosis/progress.ts';
import { findingText } from '../../src/wording/findings/findings.ts';
import { stepsAfter } from '../../src/wording/messages/checklist.ts';
import { type Action, type Authority, type Certificate, REP, scope } from '../mail-servers/index.ts';
import {
  accountOf,
  attempts,
  check,
  imapAccepts,
  notPassed,
  smtpAccepts,
  startAnswering,
  unmet,
  withProvider,
} from './login-cases.ts';

const servers = scope();
let ca: Authority;
let certificate: Certificate;
beforeAll(async () => {
  ca = await servers.authority();
  certificate = await ca.issue();
});
afterAll(() => servers.stop());

type Row = readonly [of: Service, says: string, answer: Action, verdict: OverallVerdict, cause: string];

const imapNo = (words: string): string => `{tag} NO ${words}\r\n`;
const busy = '[LIMIT] Maximum number of connections from user+IP exceeded';
const imapOther = 'account same-credentials imap-refuses-smtp-login';
const smtpOther = 'account same-credentials smtp-refuses-imap-login';
const google = 'https://support.google.com/accounts/answer/185833';

const rows: readonly Row[] = [
  ['imap', 'Dovecot: wrong', imapNo('[AUTHENTICATIONFAILED] Authentication failed.'), 'blocked', imapOther],
  ['imap', 'Courier: wrong', imapNo('Login failed.'), 'blocked', imapOther],
  ['imap', 'Cyrus: wrong', imapNo('Login failed: authentication failure'), 'blocked', imapOther],
  ['imap', 'Exchange: wrong', imapNo('AUTHENTICATE failed.'), 'blocked', imapOther],
  ['imap', 'WEB.DE: wrong, or off', imapNo('authentication failed'), 'blocked', imapOther],
  [
    'imap',
    'Yandex: wrong, or off, and SMTP takes the pair',
    imapNo('[AUTHENTICATIONFAILED] LOGIN Invalid credentials or IMAP is disabled'),
    'blocked',
    'imap imap-enabled-account imap-disabled',
  ],
  [
    'imap',
    'Google: IMAP off',
    imapNo('[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings. (Failure)'),
    'blocked',
    'imap imap-enabled-account imap-disabled',
  ],
  [
    'imap',
    'Zoho: IMAP off',
    imapNo('[ALERT] You are yet to enable IMAP for your account. Please contact your administrator'),
    'blocked',
    'imap imap-enabled-account imap-disabled',
  ],
  [
    'imap',
    'Google: IMAP off for the domain',
    imapNo(
      '[ALERT] IMAP access is disabled for your domain. Please contact your domain administrator (Failure)',
    ),
    'blocked',
    'imap imap-enabled-account disabled-for-domain',
  ],
  [
    'imap',
    'not from here',
    imapNo('Login from your country is not allowed'),
    'inconclusive',
    'imap login-accepted our-address-refused',
  ],
  [
    'imap',
    'German: a password made for e-mail',
    imapNo('[AUTHENTICATIONFAILED] Bitte verwenden Sie das E-Mail-Passwort.'),
    'blocked',
    'imap app-password required',
  ],
  [
    'imap',
    'a rate limit',
    imapNo('Authentication rate limit from one source exceeded'),
    'inconclusive',
    'imap login-accepted unavailable',
  ],
  [
    'imap',
    'not locked, not off, but wrong',
    imapNo('Your account is not locked and IMAP is not disabled. The password is incorrect.'),
    'blocked',
    imapOther,
  ],
  [
    'imap',
    'Google: app password',
    imapNo(`[ALERT] Application-specific password required: ${google} (Failure)`),
    'blocked',
    'imap app-password required',
  ],
  [
    'imap',
    'Google: browser',
    `* NO [WEBALERT https://accounts.google.com/x] Web login required.\r\n${imapNo('[ALERT] Please log in via your web browser (Failure)')}`,
    'blocked',
    'imap login-accepted web-login-required',
  ],
  [
    'imap',
    'Dovecot: locked',
    imapNo('[CONTACTADMIN] Login disabled for this user'),
    'blocked',
    'imap login-accepted locked',
  ],
  [
    'imap',
    'expired',
    imapNo('[EXPIRED] Password expired'),
    'blocked',
    'imap login-accepted password-expired',
  ],
  [
    'imap',
    'out of order',
    imapNo('[UNAVAILABLE] Temporary authentication failure.'),
    'inconclusive',
    'imap login-accepted unavailable',
  ],
  [
    'imap',
    'without its login daemon (Cyrus)',
    imapNo('Login failed: generic failure'),
    'inconclusive',
    'imap login-accepted unavailable',
  ],
  [
    'imap',
    'a farewell',
    { say: '* BYE [UNAVAILABLE] Try later\r\n', next: 'close' },
    'inconclusive',
    'imap login-accepted unavailable',
  ],
  [
    'imap',
    'unknown words',
    imapNo('The moon is in the wrong house'),
    'blocked',
    'imap login-accepted refused',
  ],
  ['imap', 'nothing, and hangs up', { next: 'close' }, 'inconclusive', 'imap login-accepted unanswered'],
  [
    'smtp',
    'Postfix: wrong',
    '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6\r\n',
    'blocked',
    smtpOther,
  ],
  ['smtp', 'Exim: wrong', '535 Incorrect authentication data\r\n', 'blocked', smtpOther],
  [
    'smtp',
    'Google: wrong',
    '535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials x - gsmtp\r\n',
    'blocked',
    smtpOther,
  ],
  [
    'smtp',
    'Microsoft: wrong',
    '535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.\r\n',
    'blocked',
    smtpOther,
  ],
  [
    'smtp',
    'Google: app password',
    '534-5.7.9 Application-specific password required. For more information, go to\r\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor x - gsmtp\r\n',
    'blocked',
    'smtp app-password required',
  ],
  [
    'smtp',
    'Google: browser',
    '534-5.7.14 <https://accounts.google.com/x> Please log in via your web browser\r\n534 5.7.14 and then try again.\r\n',
    'blocked',
    'smtp login-accepted web-login-required',
  ],
  [
    'smtp',
    'Microsoft: off for the company',
    '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.\r\n',
    'blocked',
    'smtp login-accepted basic-auth-disabled',
  ],
  [
    'smtp',
    'Microsoft: off altogether',
    '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.\r\n',
    'blocked',
    'smtp login-accepted basic-auth-disabled',
  ],
  [
    'smtp',
    "Microsoft: by the organisation's policy",
    "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.\r\n",
    'blocked',
    'smtp login-accepted basic-auth-disabled',
  ],
  [
    'smtp',
    'Yandex: no robot',
    '535 5.7.8 Error: authentication failed: You need to use web for sending or prove you are not a robot using the following link http://example.test/8\r\n',
    'blocked',
    'smtp login-accepted web-login-required',
  ],
  [
    'smtp',
    'Tiscali: right and too simple',
    '535 5.7.0 authentication rejected: your password is too simple\r\n',
    'blocked',
    'smtp login-accepted refused',
  ],
  [
    'smtp',
    'Google: too many for now',
    '454 4.7.0 Too many login attempts, please try again later.\r\n',
    'inconclusive',
    'smtp login-accepted unavailable',
  ],
  [
    'smtp',
    'Yahoo: too many attempts, of which none is a lock',
    '535 5.7.0 (#AUTH005) Too many bad auth attempts.\r\n',
    'inconclusive',
    'smtp login-accepted unavailable',
  ],
  [
    'smtp',
    'expired',
    '432 4.7.12 A password transition is needed\r\n',
    'blocked',
    'smtp login-accepted password-expired',
  ],
  [
    'smtp',
    'unable at present (Exim)',
    '435 Unable to authenticate at present\r\n',
    'inconclusive',
    'smtp login-accepted unavailable',
  ],
  [
    'smtp',
    'out of order',
    '454 4.7.0 Temporary authentication failure: Connection lost\r\n',
    'inconclusive',
    'smtp login-accepted unavailable',
  ],
  [
    'smtp',
    'unknown words',
    '550 5.7.1 The moon is in the wrong house\r\n',
    'blocked',
    'smtp login-accepted refused',
  ],
  ['smtp', 'nothing, and hangs up', { next: 'close' }, 'inconclusive', 'smtp login-accepted unanswered'],
];

const start = async (of: Service, answer: Action) => {
  const [imap, smtp] = await Promise.all([
    startAnswering('imap', servers, { certificate, answer: of === 'imap' ? answer : imapAccepts }),
    startAnswering('smtp', servers, { certificate, answer: of === 'smtp' ? answer : smtpAccepts }),
  ]);
  return { imap, smtp, ca };
};

describe('Given a server that answers the login in its own words, when the login is tested', () => {
  it.each(rows)('%s says %s: one cause, one attempt', async (of, _, answer, verdict, cause) => {
    const given = await start(of, answer);
    const { assessment, transcripts } = await check(given);
    expect({ verdict: assessment.verdict, unmet: unmet(assessment.findings) }).toEqual({
      verdict,
      unmet: [cause],
    });
    expect(assessment.loginTested).toBe(true);
    expect(notPassed(assessment.findings, of === 'imap' ? 'smtp' : 'imap')).toEqual([]);
    expect([attempts('imap', given.imap.received), attempts('smtp', given.smtp.received)]).toEqual([1, 1]);
    expect(given.smtp.received.filter((line) => /^DATA/iu.test(line))).toEqual([]);
    expect(transcripts).toHaveLength(2);
    for (const finding of assessment.findings)
      for (const locale of ['de', 'en'] as const) {
        const text = findingText(finding, accountOf(given), locale);
        expect(`${text.title} ${text.explanation} ${text.remedy}`).not.toMatch(/\{\{|undefined/u);
      }
  });

  it.each([
    ['imap', imapNo('[AUTHENTICATIONFAILED] no')],
    ['smtp', '535 5.7.8 no\r\n'],
  ] as const)('%s alone refuses the pair: its own step is bad, on paper and live', async (of, answer) => {
    const given = await start(of, answer);
    let live: readonly StepProgress[] = [];
    const { assessment } = await check({ ...given, onProgress: (steps) => (live = steps) });
    const states = (steps: readonly StepProgress[]) =>
      steps.filter(({ step }) => isLogin(step)).map(({ step, state }) => `${step} ${state}`);
    const expected =
      of === 'imap'
        ? ['imap-login bad', 'smtp-login good', 'test-mail good']
        : ['imap-login good', 'smtp-login bad', 'test-mail skipped'];
    expect(states(stepsAfter(assessment))).toEqual(expected);
    expect(states(live)).toEqual(expected);
    const cause = assessment.findings.find(({ requirement }) => requirement === 'same-credentials');
    expect(cause?.hubspotStep).toBe(`${of}-login`);
  });

  it.each([
    ['imap', imapNo(busy)],
    ['smtp', '421 4.7.0 Too many concurrent connections from your address\r\n'],
  ] as const)('%s counts connections: the login stays open, and the limit is named', async (of, answer) => {
    const { assessment } = await check(await start(of, answer));
    expect(unmet(assessment.findings)).toEqual([
      `${of} login-accepted too-many-connections`,
      `${of} concurrent-connections limit-reached`,
    ]);
    expect(assessment.verdict).toBe('inconclusive');
  });

  it.each([
    '[AUTHENTICATIONFAILED] no',
    '[AUTHENTICATIONFAILED] LOGIN Invalid credentials or IMAP is disabled',
  ])('both refuse the pair (%s): each is named, and neither is set against the other', async (words) => {
    const [imap, smtp] = await Promise.all([
      startAnswering('imap', servers, { certificate, answer: imapNo(words) }),
      startAnswering('smtp', servers, { certificate, answer: '535 5.7.8 no\r\n' }),
    ]);
    const given = { imap, smtp, ca };
    const result = await check(given);
    expect(unmet(result.assessment.findings)).toEqual([
      'imap login-accepted wrong-credentials',
      'smtp login-accepted wrong-credentials',
    ]);
    const ofProvider = (password: 'app-only' | 'none') => unmet(withProvider(given, result, password));
    expect(ofProvider('app-only')).toContain('imap app-password may-be-required');
    expect(ofProvider('none')).toContain('imap login-accepted basic-auth-disabled');
  });
});

const plus = '+ \r\n';

describe('Given a server that asks for a password in its own way', () => {
  it.each([
    ['no initial response', 'AUTH=PLAIN', 'PLAIN'],
    ['only the LOGIN command', 'AUTH=CRAM-MD5', 'LOGIN command'],
    ['only AUTHENTICATE LOGIN', 'LOGINDISABLED AUTH=LOGIN', 'LOGIN'],
  ] as const)('imap, %s: it works, also with letters that are no ASCII', async (_, offers, mechanism) => {
    const rest: Action = 'a3 OK [CAPABILITY IMAP4rev1 SPECIAL-USE] in\r\n';
    const literal: Action = mechanism === 'PLAIN' ? rest : plus;
    const given = await start('smtp', smtpAccepts);
    const imap = await startAnswering('imap', servers, {
      certificate,
      offers,
      answer: plus,
      // The user name goes ahead of the password, in the clear or in base64.
      before: [
        [/^(?:rep@|cmVwQ|AHJlc)/u, literal],
        [/^(?:Vögel|Vsi|VsO2Z2Vs|VsODw)/u, rest],
        [/^VsO|^V\u00c3/u, rest],
      ],
    });
    const { assessment, observations } = await check({ ...given, imap, password: 'Vögel "am" \\See' });
    expect(unmet(assessment.findings)).toEqual([]);
    const words = 'Vögel "am" \\See';
    const sent = [
      Buffer.from(words).toString('latin1'),
      Buffer.from(words).toString('base64'),
      Buffer.from(`\0rep@example.test\0${words}`).toString('base64'),
    ];
    expect(sent).toContain(imap.received.find((line) => sent.includes(line)));
    expect(observations).toContainEqual(
      expect.objectContaining({ type: 'login', service: 'imap', outcome: 'accepted', mechanism }),
    );
  });

  it.each([
    ['imap', 'SASL-IR AUTH=PLAIN', plus],
    ['smtp', undefined, '334 \r\n'],
  ] as const)(
    '%s, for the message that went along already: it gets it once more',
    async (of, offers, asks) => {
      const accepts = of === 'imap' ? 'a3 OK [CAPABILITY IMAP4rev1 SPECIAL-USE] in\r\n' : smtpAccepts;
      const given = await start(of === 'imap' ? 'smtp' : 'imap', of === 'imap' ? smtpAccepts : imapAccepts);
      const asking = await startAnswering(of, servers, {
        ...{ certificate, answer: asks, ...(offers === undefined ? {} : { offers }) },
        before: [[/^AHJlc/u, accepts]],
      });
      const { assessment } = await check({ ...given, [of]: asking });
      expect(unmet(assessment.findings)).toEqual([]);
      const message = Buffer.from(`\0${REP.name}\0${REP.password}`).toString('base64');
      expect(asking.received.filter((line) => line.includes(message))).toEqual([
        expect.stringMatching(/^(?:a3 AUTHENTICATE|AUTH) PLAIN /u),
        message,
      ]);
    },
  );

  it('offers a challenge only and refuses the rest: the mechanism is the cause', async () => {
    const given = await start('smtp', smtpAccepts);
    const imap = await startAnswering('imap', servers, {
      certificate,
      offers: 'AUTH=CRAM-MD5',
      answer: imapNo('no mechanism available'),
    });
    const { assessment } = await check({ ...given, imap });
    expect(unmet(assessment.findings)).toEqual(['imap auth-mechanism challenge-only']);
    expect(assessment.verdict).toBe('blocked');
  });

  it('whose own silence outlasts our time: nobody is blamed', async () => {
    const { assessment } = await check({ ...(await start('imap', { next: 'silence' })), timeoutMs: 1_500 });
    expect(unmet(assessment.findings)).toContain('imap login-accepted not-measured');
    expect(assessment.verdict).toBe('inconclusive');
  });
});
