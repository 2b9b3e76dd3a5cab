/** What lies behind an accepted login: the inbox and the folder for sent mail, on Dovecot and on servers of odd habits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Action,
  type Authority,
  type Certificate,
  type Postfix,
  scope,
  startDovecot,
  startPostfix,
} from '../mail-servers/index.ts';
import { check, imapAccepts, startAnswering, unmet } from './login-cases.ts';

const servers = scope();
let ca: Authority;
let certificate: Certificate;
let smtp: Postfix;
beforeAll(async () => {
  ca = await servers.authority();
  certificate = await ca.issue();
  smtp = await servers.start(startPostfix({ certificate }));
});
afterAll(() => servers.stop());

const behind = async (before: readonly (readonly [RegExp, Action])[], timeoutMs?: number) => {
  const imap = await servers.start(
    startAnswering('imap', servers, { certificate, before, answer: imapAccepts }).then((one) => one),
  );
  const given = {
    imap,
    smtp: { port: smtp.smtpsPort },
    ca,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  const result = await check(given);
  return { ...result, received: imap.received };
};

const evidenceOf = ({ assessment }: Awaited<ReturnType<typeof check>>, requirement: string): unknown =>
  assessment.findings.find((one) => one.requirement === requirement)?.evidence;

describe('Given Dovecot, when the login is tested', () => {
  const onDovecot = async (settings: string, sentMailbox: string | false = 'Sent') => {
    const server = await servers.start(startDovecot({ certificate, settings, sentMailbox }));
    return check({ imap: { port: server.imapsPort }, smtp: { port: smtp.smtpsPort }, ca });
  };

  it('that may not open its store: the inbox is the one cause, quoted', async () => {
    const result = await onDovecot('mail_location = maildir:/proc/nobody/%u');
    expect(unmet(result.assessment.findings)).toEqual(['imap inbox-readable inbox-refused']);
    expect(result.assessment.verdict).toBe('blocked');
    expect(evidenceOf(result, 'inbox-readable')).toMatchObject({
      reply: expect.stringMatching(/SERVERBUG|Internal error/u),
    });
  });

  it.each(['Éléments envoyés', 'Wysłane', 'Отправленные', 'Odeslaná pošta', 'Skickat', 'Απεσταλμένα'])(
    'whose sent folder is called %s: it is known by that name, as people read it',
    async (name) => {
      const box = `namespace inbox {\n  mailbox "${name}" {\n    auto = create\n  }\n}`;
      const result = await onDovecot(box, false);
      expect(unmet(result.assessment.findings)).toEqual(['imap sent-folder not-marked']);
      expect(evidenceOf(result, 'sent-folder')).toEqual({ folders: [name] });
    },
  );
});

describe('Given a server of odd habits, when the login is tested', () => {
  it('refuses the inbox: blocked, and its words are quoted', async () => {
    const result = await behind([[/ EXAMINE INBOX/iu, '{tag} NO Unsafe Login. Please ask for help\r\n']]);
    expect(unmet(result.assessment.findings)).toEqual(['imap inbox-readable inbox-refused']);
    expect(evidenceOf(result, 'inbox-readable')).toEqual({ reply: 'NO Unsafe Login. Please ask for help' });
  });

  it('hangs up at the inbox: open, and no fault of ours', async () => {
    const { assessment } = await behind([[/ EXAMINE INBOX/iu, { next: 'close' }]]);
    expect(unmet(assessment.findings)).toEqual(['imap inbox-readable unanswered']);
    expect(assessment.verdict).toBe('inconclusive');
  });

  it('announces SPECIAL-USE and refuses it: the plain question finds the folder', async () => {
    const { assessment } = await behind([
      [/ LIST \(SPECIAL-USE\)/iu, '{tag} BAD Missing arguments\r\n'],
      [/ LIST ""/iu, '* LIST (\\HasNoChildren \\Sent) "/" "Sent"\r\n{tag} OK done\r\n'],
    ]);
    expect(unmet(assessment.findings)).toEqual([]);
    expect(assessment.verdict).toBe('ready');
  });

  it('refuses every list: a warning that quotes it', async () => {
    const result = await behind([[/ LIST /iu, '{tag} NO [NOPERM] Permission denied\r\n']]);
    expect(unmet(result.assessment.findings)).toEqual(['imap sent-folder list-refused']);
    expect(result.assessment.verdict).toBe('ready-with-warnings');
    expect(evidenceOf(result, 'sent-folder')).toEqual({ reply: 'NO [NOPERM] Permission denied' });
  });

  it('refuses the sent folder: a warning that names it', async () => {
    const result = await behind([[/ EXAMINE "Sent"/iu, '{tag} NO [NOPERM] Access denied\r\n']]);
    expect(unmet(result.assessment.findings)).toEqual(['imap sent-folder folder-refused']);
    expect(evidenceOf(result, 'sent-folder')).toEqual({
      folders: ['Sent'],
      reply: 'NO [NOPERM] Access denied',
    });
  });

  it('knows three thousand keywords in its inbox: it is open all the same', async () => {
    const flags = Array.from({ length: 3_000 }, (_, at) => `keyword${at}`).join(' ');
    const says = `* FLAGS (\\Seen ${flags})\r\n* 7 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n`;
    const { assessment } = await behind([[/ EXAMINE INBOX/iu, says]]);
    expect(unmet(assessment.findings)).toEqual([]);
  });

  it('ends no line of its answer: not one byte more is read than of any session', async () => {
    const { assessment } = await behind([[/ EXAMINE INBOX/iu, `* FLAGS (${'keyword '.repeat(50_000)}`]]);
    expect(unmet(assessment.findings)).toEqual(['imap inbox-readable unanswered']);
  });

  it('breaks off in its list: not seen, so not ready without a word', async () => {
    const { assessment } = await behind([
      [/ LIST /iu, { say: '* LIST () "/" "Archive"\r\n', next: 'close' }],
    ]);
    expect(unmet(assessment.findings)).toEqual(['imap sent-folder unanswered']);
    expect(assessment.verdict).toBe('ready-with-warnings');
  });

  it('has a hundred thousand folders: all are read, and the one for sent mail is found', async () => {
    const many = Array.from(
      { length: 100_000 },
      (_, at) => `* LIST (\\HasNoChildren) "/" "Archive/${at}"\r\n`,
    );
    const before = process.memoryUsage().rss;
    const { assessment } = await behind([
      [/ LIST \(SPECIAL-USE\)/iu, '{tag} OK none\r\n'],
      [
        / LIST ""/iu,
        `${many.join('')}* LIST () "/" {6}\r\nGesend\r\n* LIST () "/" {8}\r\nGesendet\r\n{tag} OK done\r\n`,
      ],
    ]);
    expect(unmet(assessment.findings)).toEqual(['imap sent-folder not-marked']);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});
