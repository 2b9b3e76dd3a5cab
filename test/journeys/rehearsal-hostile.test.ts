/** A rehearsal at servers that die in the middle of it, that send more than anybody needs, or that hold more than most. */
import { link, mkdir, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuthorities } from '../../src/check.ts';
import type { Observation } from '../../src/diagnosis/observed/observation.ts';
import { Secret } from '../../src/secret.ts';
import {
  type Action,
  type Authority,
  bouncing,
  type Certificate,
  type Mailbox,
  REP,
  scope,
  startMailbox,
  startNameServer,
} from '../mail-servers/index.ts';
import { run } from '../mail-servers/processes.ts';
import { startListener } from '../mail-servers/sockets.ts';
import { insideAddress, check as look, accountOf as lookAt } from '../matrix/look.ts';
import { check, imapAccepts, smtpAccepts, startAnswering, unmet } from './login-cases.ts';

const servers = scope();
let ca: Authority;
let certificate: Certificate;
let mailbox: Mailbox;
beforeAll(async () => {
  ca = await servers.authority();
  certificate = await ca.issue();
  mailbox = await servers.start(startMailbox({ certificate }));
});
afterAll(() => servers.stop());

type Result = Awaited<ReturnType<typeof check>>;
const reasonOf = ({ assessment }: Result, requirement: string) =>
  assessment.findings
    .filter((one) => one.requirement === requirement)
    .map(({ verdict, reason }) => `${verdict} ${reason}`);
const phases = ({ observations }: Result) =>
  observations.flatMap((seen) => (seen.type === 'test-mail' ? [seen.phase] : []));
/** How long the rehearsal itself took, in milliseconds. */
const lasted = ({ observations }: Result): number => {
  const at = observations.flatMap((seen) => (seen.type === 'rehearsal' ? [seen.at] : []));
  return (at[1] ?? Infinity) - (at[0] ?? 0);
};

/** Stands in front of a port until it is told to die: then every connection ends, and none is taken any more. */
const startMortal = async (port: number) => {
  const open = new Set<Socket>();
  let isDead = false;
  const listener = await servers.start(
    startListener((socket) => {
      if (isDead) return void socket.destroy();
      const behind = connect(port, '127.0.0.1');
      behind.on('error', () => socket.destroy());
      for (const one of [socket, behind]) {
        open.add(one);
        one.on('close', () => open.delete(one));
      }
      socket.pipe(behind).pipe(socket);
    }),
  );
  return {
    port: listener.port,
    die: () => {
      isDead = true;
      for (const one of open) one.destroy();
    },
  };
};

const notOfTheMail = /^(?!EHLO|AUTH|MAIL|RCPT|RSET|QUIT)/u;
/** Takes a login and an envelope, and answers the end of the mail like this; null: never. */
const startAfterData = (answer: Action | null) =>
  startAnswering('smtp', servers, {
    ...{ certificate, answer: smtpAccepts },
    before: [
      ['DATA', '354 go on\r\n'],
      ...(answer === null ? [] : [['.', answer] as const]),
      [notOfTheMail, ''],
    ],
  });

describe('Given a server that dies', () => {
  const dyingWhen = async (of: 'imap' | 'smtp', isTime: (seen: Observation) => boolean) => {
    const { imap, smtp } = mailbox;
    const mortal = await startMortal(of === 'imap' ? imap.imapsPort : smtp.smtpsPort);
    return check({
      imap: { port: of === 'imap' ? mortal.port : imap.imapsPort },
      smtp: { port: of === 'smtp' ? mortal.port : smtp.smtpsPort },
      ...{ ca, patienceMs: 3_000 },
      onObservation: (seen) => {
        if (isTime(seen)) mortal.die();
      },
    });
  };

  it('at the third connection: no limit is blamed, and nothing is sent', async () => {
    const result = await dyingWhen('imap', (seen) => seen.type === 'session' && seen.number === 2);
    expect(reasonOf(result, 'concurrent-connections')).not.toContain('warn limit-reached');
    expect(phases(result)).toEqual([]);
    expect(result.assessment.verdict).not.toBe('ready');
    expect(lasted(result)).toBeLessThan(8_000);
  });

  it('during the wait: the mail was not seen, and the end comes', async () => {
    const result = await dyingWhen('imap', (seen) => seen.type === 'test-mail' && seen.phase === 'taken');
    expect(reasonOf(result, 'test-mail-arrives')).toEqual(['unknown not-seen']);
    expect(phases(result)).not.toContain('cleared');
    expect(lasted(result)).toBeLessThan(8_000);
  });

  it('and says nothing after DATA: the end comes soon after the patience', async () => {
    const smtp = await startAfterData(null);
    const result = await check({
      imap: { port: mailbox.imap.imapsPort },
      ...{ smtp, ca, patienceMs: 2_000 },
    });
    expect(phases(result)).toEqual(['sending', 'unanswered']);
    expect(reasonOf(result, 'smtp-send-as')).toEqual(['unknown unanswered']);
    expect(lasted(result)).toBeLessThan(16_000);
  }, 30_000);

  it('after DATA: it may have been taken, so nobody says that it was not', async () => {
    const smtp = await startAfterData({ next: 'close' });
    const result = await check({
      imap: { port: mailbox.imap.imapsPort },
      ...{ smtp, ca, patienceMs: 2_000 },
    });
    expect(phases(result)).toEqual(['sending', 'unanswered']);
    expect(reasonOf(result, 'smtp-send-as')).toEqual(['unknown unanswered']);
    expect(reasonOf(result, 'test-mail-arrives')).toEqual(['not-applicable not-reached']);
  });
});

describe('Given a server that sends too much', () => {
  const many = Array.from({ length: 100_000 }, (_, at) => `* LIST () "/" "Archive/${at}"\r\n`).join('');
  /** What the library asks has a tag of digits; the login test asks the same with tags of its own. */
  it.each<[string, RegExp, Action]>([
    ['an endless line', /^[0-9A-F]+ EXAMINE /u, `* OK ${'x'.repeat(16 * 1024 * 1024)}`],
    ['endless lines', /^[0-9A-F]+ EXAMINE /u, '* OK still there\r\n'.repeat(500_000)],
    ['a hundred thousand folders', /^[0-9A-F]+ LIST /u, `${many}{tag} OK done\r\n`],
    ['a literal of a gigabyte', /^[0-9A-F]+ LIST /u, '* LIST () "/" {1073741824}\r\nxxxx'],
  ])('%s: the session is ended, in a moment and little memory', async (_, question, answer) => {
    const imap = await startAnswering('imap', servers, {
      ...{ certificate, answer: imapAccepts },
      before: [[question, answer]],
    });
    // Whatever is loaded once is there before memory is measured.
    await import('../../src/mailbox/rehearsal.ts');
    const before = process.memoryUsage().rss;
    const result = await check({ imap, smtp: { port: mailbox.smtp.smtpsPort }, ca, patienceMs: 3_000 });
    expect(result.rehearsed).toBe(true);
    expect(lasted(result)).toBeLessThan(4_000);
    expect(result.assessment.verdict).not.toBe('ready');
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});

describe('Given a mailbox of its own kind', () => {
  it('that takes a password with umlauts as a literal only: all three sessions are let in', async () => {
    const imap = await startAnswering('imap', servers, {
      ...{ certificate, answer: '{tag} BAD eight bits in a string\r\n', offers: 'IDLE' },
      before: [
        [/ LOGIN \{/u, '+ go\r\n'],
        [/\{\d+\}$/u, '+ go\r\n'],
        [/^gr.{2,3}n$/u, 'a3 OK [CAPABILITY IMAP4rev1 SPECIAL-USE] in\r\n'],
      ],
    });
    const smtp = await startAnswering('smtp', servers, { certificate, answer: smtpAccepts });
    const result = await check({ imap, smtp, ca, password: 'grün', patienceMs: 500 });
    const opened = result.observations.filter((seen) => seen.type === 'session' && seen.outcome === 'opened');
    expect(opened.filter(({ service }) => service === 'imap')).toHaveLength(3);
  });

  it('that does not list its folders: the inbox is not blamed for it', async () => {
    const imap = await startAnswering('imap', servers, {
      ...{ certificate, answer: imapAccepts },
      before: [[/ LIST /u, '{tag} NO not for you\r\n']],
    });
    const result = await check({ imap, smtp: { port: mailbox.smtp.smtpsPort }, ca, patienceMs: 1_000 });
    expect(reasonOf(result, 'inbox-readable')).toEqual(['pass null']);
    expect(reasonOf(result, 'sent-folder')).toEqual(['warn list-refused']);
  });

  it('that hangs up at the copy: whether it lies there is asked over another session, and it is removed', async () => {
    const imap = await startAnswering('imap', servers, {
      ...{ certificate, answer: '{tag} OK [CAPABILITY IMAP4rev1 SPECIAL-USE UIDPLUS] in\r\n' },
      before: [
        [/ APPEND /u, { next: 'close' }],
        [/ LIST /u, '* LIST (\\Sent) "/" Sent\r\n{tag} OK done\r\n'],
        [/ EXAMINE /u, '* 0 EXISTS\r\n* OK [UIDNEXT 5] next\r\n{tag} OK [READ-ONLY] done\r\n'],
        [/ SELECT /u, '* 1 EXISTS\r\n* OK [UIDNEXT 8] next\r\n{tag} OK [READ-WRITE] done\r\n'],
        [/ UID SEARCH SINCE .* HEADER /u, '* SEARCH 7\r\n{tag} OK done\r\n'],
        [/ UID (?:SEARCH|STORE|EXPUNGE|FETCH) /u, '{tag} OK done\r\n'],
      ],
    });
    const held = await startAnswering('smtp', servers, {
      certificate,
      answer: smtpAccepts,
      before: [['DATA', '550 5.7.1 no mail today\r\n']],
    });
    const result = await check({ imap, smtp: held, ca, patienceMs: 1_000 });
    expect(result.observations).toContainEqual(expect.objectContaining({ type: 'copy', outcome: 'closed' }));
    expect(imap.received.filter((line) => / (?:SELECT|UID EXPUNGE) /u.test(line))).toEqual([
      expect.stringMatching(/ SELECT Sent$/u),
      expect.stringMatching(/ UID EXPUNGE 7$/u),
    ]);
    expect(phases(result).at(-1)).toBe('cleared');
  });

  it('that bars a sender by its code, whatever its words: sending-suspended', async () => {
    const smtp = await startAfterData('550 5.7.501 Access denied, spam abuse detected\r\n');
    const result = await check({ imap: { port: mailbox.imap.imapsPort }, smtp, ca, patienceMs: 1_000 });
    expect(reasonOf(result, 'smtp-send-as')).toEqual(['warn sending-suspended']);
  });

  it('with fifty thousand mails: only what is new is searched', async () => {
    const large = await servers.start(startMailbox({ certificate }));
    const inbox = join(large.mailFolder, 'cur');
    await mkdir(inbox, { recursive: true });
    await mkdir(join(large.mailFolder, 'new'));
    await mkdir(join(large.mailFolder, 'tmp'));
    const one = join(large.mailFolder, 'one');
    await writeFile(one, 'Subject: \u001b[31mold\u0007\r\nFrom: a@example.test\r\n\r\nold\r\n');
    for (let at = 0; at < 50; at += 1)
      await Promise.all(
        Array.from({ length: 1_000 }, (_, count) => link(one, join(inbox, `1.M${at * 1_000 + count}.x:2,S`))),
      );
    await run('chown', ['-R', '65534:65534', large.mailFolder]);
    const { imap, smtp } = large;
    const result = await check({
      ...{ imap: { port: imap.imapsPort }, smtp: { port: smtp.smtpsPort }, ca, patienceMs: 15_000 },
    });
    expect(unmet(result.assessment.findings)).toEqual([]);
    expect(phases(result).at(-1)).toBe('cleared');
  }, 90_000);

  it('with two rehearsals at once: each finds and removes its own', async () => {
    const { imap, smtp } = mailbox;
    const given = { imap: { port: imap.imapsPort }, smtp: { port: smtp.smtpsPort }, ca, patienceMs: 8_000 };
    const results = await Promise.all([check(given), check(given)]);
    for (const result of results) {
      expect(unmet(result.assessment.findings)).toEqual([]);
      expect(phases(result)).toEqual(['sending', 'taken', 'cleared']);
    }
  });

  it('whose name leads inside as well: nothing is opened there', async () => {
    const name = 'mail.example.test';
    const named = await servers.start(startMailbox({ certificate: await ca.issue({ hosts: [name] }) }));
    const ports = { imap: named.imap.imapsPort, smtp: named.smtp.smtpsPort };
    let inside = 0;
    const count = (socket: Socket) => {
      inside += 1;
      socket.destroy();
    };
    for (const port of Object.values(ports))
      await servers.start(startListener(count, { address: insideAddress, port }));
    const records = [insideAddress, '127.0.0.1'].map((address) => ({ type: 'A', name, address }) as const);
    const dns = await servers.start(startNameServer(records));
    const at = (port: number) => ({ host: name, port, encryption: 'tls' }) as const;
    const account = lookAt({ imap: at(ports.imap), smtp: at(ports.smtp) });
    const result = await look(account, {
      ...{ authorities: await readAuthorities(ca.caFile), nameServers: [`${dns.address}:${dns.port}`] },
      login: { secret: new Secret(REP.password), rehearsal: { patienceMs: 5_000 } },
    });
    expect(reasonOf(result, 'public-address')).toEqual(['fail private-address', 'fail private-address']);
    expect(inside).toBe(0);
  });

  it('whose report writes to the terminal: no control character gets out', async () => {
    const delivery = bouncing('5.7.1 \\033[31mred \\007 alert');
    const odd = await servers.start(startMailbox({ certificate, delivery }));
    const { imap, smtp } = odd;
    const result = await check({
      ...{ imap: { port: imap.imapsPort }, smtp: { port: smtp.smtpsPort }, ca, patienceMs: 8_000 },
    });
    expect(reasonOf(result, 'test-mail-arrives')).toEqual(['fail bounced']);
    expect(JSON.stringify(result)).not.toMatch(/\\u00[01][0-9a-f]|\p{Cc}/u);
  });
});
