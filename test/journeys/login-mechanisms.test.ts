/** Servers that list a mechanism and do not know it, and servers that take an encrypted line for an open one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import { type Action, type Authority, type Certificate, scope } from '../mail-servers/index.ts';
import { attempts, check, imapAccepts, smtpAccepts, startAnswering, unmet } from './login-cases.ts';

const servers = scope();
let ca: Authority;
let certificate: Certificate;
beforeAll(async () => {
  ca = await servers.authority();
  certificate = await ca.issue();
});
afterAll(() => servers.stop());

type Ways = { offers?: string; before?: readonly (readonly [RegExp, Action])[]; answer: Action };

const start = async (of: Service, ways: Ways) => {
  const accepts = { imap: imapAccepts, smtp: smtpAccepts };
  const [imap, smtp] = await Promise.all(
    (['imap', 'smtp'] as const).map((service) =>
      startAnswering(service, servers, {
        certificate,
        ...(service === of ? ways : { answer: accepts[service] }),
      }),
    ),
  );
  if (!imap || !smtp) throw new Error('expected two servers');
  return { imap, smtp, ca };
};

describe('Given a server that lists PLAIN and does not know it, when the login is tested', () => {
  it.each([
    [
      'imap',
      'SASL-IR AUTH=PLAIN AUTH=LOGIN',
      /AUTHENTICATE PLAIN/iu,
      '{tag} BAD Mate, try AUTHENTICATE <mechanism>\r\n',
      imapAccepts,
    ],
    [
      'imap',
      'SASL-IR AUTH=PLAIN',
      /AUTHENTICATE PLAIN/iu,
      '{tag} NO AUTHENTICATE unsupported authentication mechanism\r\n',
      imapAccepts,
    ],
    [
      'smtp',
      undefined,
      /^AUTH PLAIN/iu,
      '535 5.7.8 Error: authentication failed: Invalid authentication mechanism\r\n',
      smtpAccepts,
    ],
    ['smtp', undefined, /^AUTH PLAIN/iu, '504 5.5.4 Unrecognized authentication type\r\n', smtpAccepts],
  ] as const)(
    '%s: the other way is tried once and leads in; that is a warning',
    async (of, offers, first, says, accepts) => {
      const login: Action = of === 'smtp' ? '334 VXNlcm5hbWU6\r\n' : accepts;
      const given = await start(of, {
        ...(offers === undefined ? {} : { offers }),
        before: [
          [first, says],
          [/^cmVwQ/u, '334 UGFzc3dvcmQ6\r\n'],
          [/^a29s/u, accepts],
        ],
        answer: login,
      });
      const { assessment } = await check(given);
      expect(unmet(assessment.findings)).toEqual([`${of} auth-mechanism listed-but-refused`]);
      expect(assessment.verdict).toBe('ready-with-warnings');
      expect(attempts(of, given[of].received)).toBe(2);
    },
  );

  it.each([
    ['imap', 'AUTH=PLAIN LOGINDISABLED', '{tag} NO AUTHENTICATE unsupported authentication mechanism\r\n', 1],
    ['smtp', undefined, '504 5.5.4 Unrecognized authentication type\r\n', 2],
  ] as const)(
    '%s: where no other way leads in it fails, and the password is not blamed',
    async (of, offers, answer, tries) => {
      const given = await start(of, { ...(offers === undefined ? {} : { offers }), answer });
      const { assessment } = await check(given);
      expect(unmet(assessment.findings)).toEqual([`${of} auth-mechanism listed-but-refused`]);
      expect(assessment.verdict).toBe('blocked');
      expect(attempts(of, given[of].received)).toBe(tries);
    },
  );

  it('imap: the other way refuses the password: both are said', async () => {
    const given = await start('imap', {
      before: [[/AUTHENTICATE PLAIN/iu, '{tag} BAD Unknown command\r\n']],
      answer: '{tag} NO [UNAVAILABLE] Try later\r\n',
    });
    const { assessment } = await check(given);
    expect(unmet(assessment.findings)).toEqual(['imap login-accepted unavailable']);
    expect(attempts('imap', given.imap.received)).toBe(2);
  });
});

describe('Given TLS that ends in front of the server, when the login is tested', () => {
  it.each([
    ['imap', 'STARTTLS AUTH=PLAIN', '{tag} NO [PRIVACYREQUIRED] Plaintext authentication disallowed\r\n'],
    ['imap', 'STARTTLS LOGINDISABLED', imapAccepts],
    ['smtp', undefined, '530 5.7.0 Must issue a STARTTLS command first\r\n'],
  ] as const)(
    '%s: the line is taken for an open one, and nothing else is blamed',
    async (of, offers, answer) => {
      const given = await start(of, { ...(offers === undefined ? {} : { offers }), answer });
      const { assessment } = await check(given);
      expect(unmet(assessment.findings)).toEqual([`${of} auth-mechanism tls-ends-in-front`]);
      expect(assessment.verdict).toBe('blocked');
    },
  );
});
