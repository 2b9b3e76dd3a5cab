/** Whether the server would take a mail from the account to itself, and what it says where it would not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Action,
  type Authority,
  type Certificate,
  type Dovecot,
  scope,
  startDovecot,
  startExim,
  startPostfix,
} from '../mail-servers/index.ts';
import { check, smtpAccepts, startAnswering, unmet } from './login-cases.ts';

const servers = scope();
let ca: Authority;
let certificate: Certificate;
let imap: Dovecot;
beforeAll(async () => {
  ca = await servers.authority();
  certificate = await ca.issue();
  imap = await servers.start(startDovecot({ certificate }));
});
afterAll(() => servers.stop());

/** Beside an IMAP server that lets her in. */
const checkWith = ({ smtpsPort }: { smtpsPort: number }) =>
  check({ imap: { port: imap.imapsPort }, smtp: { port: smtpsPort }, ca });

const answering = async (says: Action) => {
  const smtp = await startAnswering('smtp', servers, {
    certificate,
    before: [[/^MAIL/iu, says]],
    answer: smtpAccepts,
  });
  return (await check({ imap: { port: imap.imapsPort }, smtp, ca })).assessment;
};

describe('Given an SMTP server that takes the login, when it is asked about a test mail', () => {
  it.each([
    [
      '450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.9]',
      'our-address-refused',
      'ready-with-warnings',
    ],
    ['550 5.1.8 Access denied, bad outbound sender AS(42003)', 'sending-suspended', 'blocked'],
    [
      '421 4.7.0 Too many messages from your account. Please try later',
      'limit-reached',
      'ready-with-warnings',
    ],
    ['552 5.2.2 Mailbox full', 'over-quota', 'ready-with-warnings'],
    ['451 4.7.1 Greylisting in action, please come back later', 'try-later', 'ready-with-warnings'],
    ['550 The moon is in the wrong house', 'sender-refused', 'ready-with-warnings'],
  ] as const)('%s: %s', async (says, reason, verdict) => {
    const assessment = await answering(`${says}\r\n`);
    expect(unmet(assessment.findings)).toEqual([`smtp smtp-send-as ${reason}`]);
    expect(assessment.verdict).toBe(verdict);
  });

  it('hangs up: unanswered, and no fault of ours', async () => {
    const assessment = await answering({ next: 'close' });
    expect(unmet(assessment.findings)).toEqual(['smtp smtp-send-as unanswered']);
    expect(assessment.verdict).toBe('inconclusive');
  });

  it('Postfix that asks a block list before the login counts: it is about our address', async () => {
    const blocked =
      'inline:{ {127.0.0.1 = 554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org} }';
    const settings = {
      smtpd_recipient_restrictions: `check_client_access ${blocked}, permit_sasl_authenticated, reject_unauth_destination`,
    };
    const smtp = await servers.start(startPostfix({ certificate, settings }));
    const { assessment } = await checkWith(smtp);
    expect(unmet(assessment.findings)).toEqual(['smtp smtp-send-as our-address-refused']);
  });

  const literalRefused = 'inline:{ {[127.0.0.1] = REJECT} }';
  it('Postfix that judges the name in EHLO only at the recipient: a host name is given, and one login made', async () => {
    const settings = { smtpd_helo_restrictions: `check_helo_access ${literalRefused}` };
    const smtp = await servers.start(startPostfix({ certificate, settings }));
    const { assessment, transcripts } = await checkWith(smtp);
    expect(unmet(assessment.findings)).toEqual([]);
    const said = transcripts.flatMap(({ lines }) => lines).map(({ text }) => text);
    expect(said.filter((text) => text.includes('<[127.0.0.1]>: Helo command rejected'))).toHaveLength(1);
    expect(said.filter((text) => text.startsWith('AUTH '))).toHaveLength(1);
  });

  it('Exim that judges the name in EHLO at the login: the login is made behind a host name', async () => {
    const isLiteral = String.raw`match{$sender_helo_name}{\N^\[\N}`;
    const settings = `acl_smtp_auth = $\{if ${isLiteral}{deny message = Invalid HELO name}{accept}}`;
    const smtp = await servers.start(startExim({ certificate, settings }));
    const { assessment, transcripts } = await checkWith(smtp);
    const said = transcripts.flatMap(({ lines }) => lines).map(({ text }) => text);
    expect(said.filter((text) => text.includes('Invalid HELO name'))).toHaveLength(1);
    expect(unmet(assessment.findings)).toEqual([]);
  });

  it('Exim to which no name of ours is good enough for a login: nothing is said of the password', async () => {
    const settings = 'acl_smtp_auth = deny message = Invalid HELO name';
    const smtp = await servers.start(startExim({ certificate, settings }));
    const { assessment } = await checkWith(smtp);
    expect(unmet(assessment.findings)).toEqual(['smtp login-accepted our-address-refused']);
  });

  it('Postfix to which no name of ours is good enough: it is about us, not about the sender', async () => {
    const settings = { smtpd_helo_restrictions: 'check_helo_access static:{REJECT no such host}' };
    const smtp = await servers.start(startPostfix({ certificate, settings }));
    const { assessment } = await checkWith(smtp);
    expect(unmet(assessment.findings)).toEqual(['smtp smtp-send-as our-address-refused']);
  });
});
