/** A rehearsal on a real Postfix that delivers into a real Dovecot, in all the ways in which that goes wrong. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Authority,
  after,
  bouncing,
  type Certificate,
  into,
  type Mailbox,
  type MailboxOptions,
  REP,
  scope,
  startMailbox,
} from '../mail-servers/index.ts';
import { tempFolder } from '../mail-servers/processes.ts';
import { beside } from '../support/side-by-side.ts';
import { check, unmet } from './login-cases.ts';
import { putDeletedMail, readOnlyFolder } from './mailbox-hands.ts';

const servers = scope();
let ca: Authority;
let certificate: Certificate;
beforeAll(async () => {
  ca = await servers.authority();
  certificate = await ca.issue();
});
afterAll(() => servers.stop());

const start = (options: Partial<MailboxOptions>): Promise<Mailbox> =>
  servers.start(startMailbox({ certificate, ...options }));

type How = { patienceMs?: number; ports?: 'tls' | 'starttls'; policy?: 'hubspot-2017' | 'hubspot-2024' };

const rehearseAt = async ({ imap, smtp }: Mailbox, { patienceMs = 6_000, ports = 'tls', policy }: How = {}) =>
  check({
    imap: { port: ports === 'tls' ? imap.imapsPort : imap.imapPort, encryption: ports },
    smtp: { port: ports === 'tls' ? smtp.smtpsPort : smtp.smtpPort, encryption: ports },
    ca,
    patienceMs,
    ...(policy ? { policy } : {}),
  });

type Result = Awaited<ReturnType<typeof check>>;
const finding = ({ assessment }: Result, requirement: string) => {
  const own = assessment.findings.filter((one) => one.requirement === requirement);
  return own.find(({ verdict }) => verdict !== 'not-applicable') ?? own[0];
};
const phases = ({ observations }: Result) =>
  observations.flatMap((seen) => (seen.type === 'test-mail' ? [seen.phase] : []));

/** Files of all messages of the mailbox, in whichever folder. */
const messagesIn = async ({ mailFolder }: Mailbox): Promise<string[]> => {
  const all = await readdir(mailFolder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && /\/(?:cur|new)$/u.test(entry.parentPath))
    .map(({ parentPath, name }) => join(parentPath, name));
};

beside('Given a mailbox that works', () => {
  it.each(['tls', 'starttls'] as const)('over %s: all is proven, and nothing of it stays', async (ports) => {
    const mailbox = await start({});
    const result = await rehearseAt(mailbox, { ports });
    expect(unmet(result.assessment.findings)).toEqual([]);
    expect(result.assessment.verdict).toBe('ready');
    expect(result.rehearsed).toBe(true);
    expect(finding(result, 'test-mail-arrives')).toMatchObject({
      verdict: 'pass',
      evidence: { folder: 'INBOX', by: 'idle', afterMs: expect.any(Number) },
    });
    expect(finding(result, 'concurrent-connections')).toMatchObject({ evidence: { opened: 5 } });
    expect(phases(result)).toEqual(['sending', 'taken', 'cleared']);
    expect(await messagesIn(mailbox)).toEqual([]);
    const log = await readFile(mailbox.imap.logFile, 'utf8');
    expect(log.match(/Disconnected: Logged out/gu)?.length).toBeGreaterThanOrEqual(4);
  });

  it('without consent nothing is sent, stored or marked', async () => {
    const mailbox = await start({});
    const { imap, smtp } = mailbox;
    const result = await check({ imap: { port: imap.imapsPort }, smtp: { port: smtp.smtpsPort }, ca });
    expect(result.rehearsed).toBe(false);
    expect(finding(result, 'test-mail-arrives')).toMatchObject({
      verdict: 'not-applicable',
      reason: 'not-tested',
    });
    expect(finding(result, 'concurrent-connections')).toMatchObject({ reason: 'not-tested' });
    expect(await readFile(smtp.logFile, 'utf8')).not.toMatch(/cleanup\[|qmgr\[\d+\]: [0-9A-F]+: from=/u);
    expect(await messagesIn(mailbox)).toEqual([]);
  });

  it('without IDLE: it is asked, and found', async () => {
    const capability = 'imap_capability = IMAP4rev1 SASL-IR LOGIN-REFERRALS LITERAL+ SPECIAL-USE UIDPLUS';
    const result = await rehearseAt(await start({ dovecot: { settings: capability } }));
    expect(unmet(result.assessment.findings)).toEqual([]);
    expect(finding(result, 'test-mail-arrives')).toMatchObject({ evidence: { by: 'asked' } });
  });
});

beside('Given a mail that does not arrive where it should', () => {
  it.each([
    ['in the folder for junk, which is born with it', into('Junk'), 'in-junk', { folder: 'Junk' }],
    ['in a folder of a rule', into('Kunden'), 'moved-by-rule', { folder: 'Kunden' }],
  ] as const)('it is found %s, and removed there', async (_, delivery, reason, evidence) => {
    const mailbox = await start({ delivery });
    const result = await rehearseAt(mailbox, { patienceMs: 15_000 });
    expect(unmet(result.assessment.findings)).toEqual([`imap test-mail-arrives ${reason}`]);
    expect(finding(result, 'test-mail-arrives')).toMatchObject({ verdict: 'warn', evidence });
    expect(result.assessment.verdict).toBe('ready-with-warnings');
    expect(phases(result).at(-1)).toBe('cleared');
    expect(await messagesIn(mailbox)).toEqual([]);
  });

  it('the wait is shorter than the time between two looks: all folders are looked into when it ends', async () => {
    const result = await rehearseAt(await start({ delivery: into('Junk') }), { patienceMs: 2_000 });
    expect(unmet(result.assessment.findings)).toEqual(['imap test-mail-arrives in-junk']);
    expect(phases(result).at(-1)).toBe('cleared');
  });

  it.each([
    ['5.2.2', '5.2.2 Mailbox is full'],
    ['5.7.1', '5.7.1 Rejected by our rules'],
  ])('a report of non-delivery says %s: bounced, at once and in its words', async (status, words) => {
    const result = await rehearseAt(await start({ delivery: bouncing(words) }), { patienceMs: 15_000 });
    expect(unmet(result.assessment.findings)).toEqual(['imap test-mail-arrives bounced']);
    expect(finding(result, 'test-mail-arrives')).toMatchObject({
      verdict: 'fail',
      severity: 'blocker',
      evidence: { status, reply: expect.stringContaining(words.slice(6)) },
    });
    expect(result.assessment.verdict).toBe('blocked');
    expect(result.durationMs).toBeLessThan(10_000);
  });

  it('it is held: not seen, never guessed, and the copy is removed all the same', async () => {
    const smtpd_sender_restrictions = 'check_sender_access inline:{ {rep@example.test = HOLD} }';
    const mailbox = await start({ postfix: { settings: { smtpd_sender_restrictions } } });
    const result = await rehearseAt(mailbox, { patienceMs: 2_000 });
    expect(finding(result, 'test-mail-arrives')).toMatchObject({
      ...{ verdict: 'unknown', reason: 'not-seen', severity: 'warning', evidence: { seconds: 2 } },
    });
    expect(result.assessment.verdict).toBe('ready-with-warnings');
    expect(phases(result)).toEqual(['sending', 'taken']);
    expect(await messagesIn(mailbox)).toEqual([]);
  });

  it('it takes longer than ten seconds: late', async () => {
    const result = await rehearseAt(await start({ delivery: after(11) }), { patienceMs: 20_000 });
    expect(unmet(result.assessment.findings)).toEqual(['imap test-mail-arrives late']);
  }, 40_000);

  it('the mailbox is full: over-quota by what the copy is told, and nothing else is blamed', async () => {
    const settings = `
mail_plugins = quota
plugin {
  quota = count:Mailbox
  quota_vsizes = yes
  quota_rule = *:bytes=1
  quota_grace = 0
}`;
    const result = await rehearseAt(await start({ dovecot: { settings }, delivery: 'exit 75' }), {
      patienceMs: 2_000,
    });
    expect(unmet(result.assessment.findings)).toEqual(['smtp smtp-send-as over-quota']);
    expect(finding(result, 'smtp-send-as')).toMatchObject({
      evidence: { reply: expect.stringContaining('OVERQUOTA') },
    });
    expect(finding(result, 'test-mail-arrives')).toMatchObject({
      ...{ reason: 'not-reached', evidence: { because: 'smtp-send-as' } },
    });
  });
});

beside('Given a mail that is not sent as it should', () => {
  it('a filter refuses its content: a warning, by the newer rules a failure; the mail is not waited for', async () => {
    const headerCheck = '/^Auto-Submitted:/ REJECT 5.7.1 Message blocked by content filter';
    const mailbox = await start({ headerCheck });
    const result = await rehearseAt(mailbox, { patienceMs: 20_000 });
    expect(finding(result, 'smtp-send-as')).toMatchObject({
      ...{ verdict: 'warn', reason: 'content-refused' },
      evidence: { reply: '550 5.7.1 Message blocked by content filter' },
    });
    expect(finding(result, 'test-mail-arrives')).toMatchObject({ reason: 'not-reached' });
    expect(result.durationMs).toBeLessThan(8_000);
    expect(await messagesIn(mailbox)).toEqual([]);
    const newer = await rehearseAt(mailbox, { policy: 'hubspot-2024' });
    expect(finding(newer, 'smtp-send-as')).toMatchObject({ verdict: 'fail', reason: 'content-refused' });
  });

  it('a gateway writes another sender: sender-rewritten names it', async () => {
    const settings = {
      sender_canonical_classes: 'header_sender',
      sender_canonical_maps: 'inline:{ {rep@example.test = vertrieb@example.test} }',
    };
    const result = await rehearseAt(await start({ postfix: { settings } }));
    expect(unmet(result.assessment.findings)).toEqual(['smtp smtp-send-as sender-rewritten']);
    expect(finding(result, 'smtp-send-as')).toMatchObject({ evidence: { from: 'vertrieb@example.test' } });
  });
});

beside('Given limits on connections', () => {
  it('two for IMAP: the third is refused, which is quoted, and the mail arrives', async () => {
    const result = await rehearseAt(
      await start({ dovecot: { settings: 'protocol imap {\n  mail_max_userip_connections = 2\n}' } }),
    );
    expect(unmet(result.assessment.findings)).toEqual(['imap concurrent-connections limit-reached']);
    expect(finding(result, 'concurrent-connections')).toMatchObject({
      ...{ verdict: 'warn' },
      evidence: { opened: 4, wanted: 5, reply: expect.stringContaining('Maximum number of connections') },
    });
    expect(finding(result, 'test-mail-arrives')).toMatchObject({ verdict: 'pass' });
  });

  it('one for IMAP: it looks for the mail in every folder, and removes no mail but its own two', async () => {
    const settings = 'protocol imap {\n  mail_max_userip_connections = 1\n}';
    const mailbox = await start({ dovecot: { settings }, delivery: into('Junk') });
    await putDeletedMail(mailbox, REP);
    const before = (await messagesIn(mailbox)).length;
    const result = await rehearseAt(mailbox, { patienceMs: 10_000 });
    expect(unmet(result.assessment.findings).toSorted()).toEqual([
      'imap concurrent-connections limit-reached',
      'imap test-mail-arrives in-junk',
    ]);
    expect(phases(result).at(-1)).toBe('cleared');
    expect((await messagesIn(mailbox)).length).toBe(before);
    const arrives = await start({ dovecot: { settings } });
    expect(phases(await rehearseAt(arrives)).at(-1)).toBe('cleared');
    expect(await messagesIn(arrives)).toEqual([]);
  });

  it('one for SMTP: the second is refused', async () => {
    const settings = { smtpd_client_connection_count_limit: '1' };
    const result = await rehearseAt(await start({ postfix: { settings } }));
    expect(unmet(result.assessment.findings)).toEqual(['smtp concurrent-connections limit-reached']);
    expect(finding(result, 'concurrent-connections')).toMatchObject({
      evidence: { opened: 4, wanted: 5, reply: expect.stringContaining('too many connections') },
    });
  });
});

beside('Given a mailbox of its own habits', () => {
  const withoutUidplus =
    'imap_capability = IMAP4rev1 SASL-IR LOGIN-REFERRALS LITERAL+ IDLE SPECIAL-USE LIST-EXTENDED';

  it('without UIDPLUS both messages stay, the report says where, and what others have marked survives', async () => {
    const mailbox = await start({ dovecot: { settings: withoutUidplus } });
    await putDeletedMail(mailbox, REP);
    const result = await rehearseAt(mailbox);
    expect(finding(result, 'test-mail-arrives')).toMatchObject({
      ...{ verdict: 'pass' },
      evidence: { leftBehind: [{ folder: 'INBOX' }, { folder: 'Sent' }] },
    });
    expect(phases(result)).not.toContain('cleared');
    expect(await messagesIn(mailbox)).toHaveLength(3);
  });

  it('a foreign mail that is marked as deleted survives where ours are removed', async () => {
    const mailbox = await start({});
    await putDeletedMail(mailbox, REP);
    const result = await rehearseAt(mailbox);
    expect(phases(result).at(-1)).toBe('cleared');
    const [left, ...more] = await messagesIn(mailbox);
    expect(more).toEqual([]);
    expect(await readFile(left ?? '', 'utf8')).toContain('Subject: from somebody else');
  });

  it('that refuses a copy: copy-refused, quoted', async () => {
    const folder = await tempFolder('acl');
    const settings = await readOnlyFolder(join(folder.path, 'acl'), 'Sent');
    const mailbox = await start({ dovecot: { settings } });
    const result = await rehearseAt(mailbox);
    expect(unmet(result.assessment.findings)).toEqual(['imap sent-folder copy-refused']);
    expect(finding(result, 'sent-folder')).toMatchObject({
      verdict: 'warn',
      evidence: { folders: ['Sent'] },
    });
  });

  it('without a sent folder: no copy is tried, and the mail arrives', async () => {
    const result = await rehearseAt(await start({ dovecot: { sentMailbox: false } }));
    expect(unmet(result.assessment.findings)).toEqual(['imap sent-folder no-sent-folder']);
    expect(result.observations.filter(({ type }) => type === 'copy')).toEqual([]);
    expect(phases(result).at(-1)).toBe('cleared');
  });
});
