/** The rehearsal as somebody asks for it in a terminal: by a word of its own, and ended by Ctrl-C. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authority,
  type Certificate,
  type Mailbox,
  REP,
  scope,
  startMailbox,
} from '../mail-servers/index.ts';
import { connectEmail, report } from './terminal-cases.ts';

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

const words = ({ imap, smtp }: Mailbox): string[] => [
  ...['check', REP.name, '--imap', `127.0.0.1:${imap.imapsPort}`, '--smtp', `127.0.0.1:${smtp.smtpsPort}`],
  ...['--imap-encryption', 'tls', '--smtp-encryption', 'tls', '--ca', ca.caFile],
  ...['--allow-network', '127.0.0.0/8', '--password-stdin'],
];
const input = `${REP.password}\n`;

describe('Given a mailbox that works, when it is checked in a terminal', () => {
  it('with --send-test-mail it is rehearsed, and the report says what that proves and what not', async () => {
    const german = await connectEmail([...words(mailbox), '--send-test-mail', '--locale', 'de'], { input });
    expect(german.code).toBe(0);
    expect(german.stdout).toMatch(/✓ Testmail kommt an/u);
    expect(german.stdout).toMatch(
      /Eine Testmail kam nach \d+,\d Sekunden an\. Fünf gleichzeitige Verbindungen/u,
    );
    expect(german.stdout).toContain('Nicht geprüft haben wir');
    const json = await connectEmail([...words(mailbox), '--send-test-mail', '--json'], { input });
    expect(report.parse(JSON.parse(json.stdout))).toMatchObject({ verdict: 'ready', rehearsed: true });
  });

  it('without it nothing of it is claimed', async () => {
    const ran = await connectEmail([...words(mailbox), '--locale', 'en'], { input });
    expect(ran.code).toBe(0);
    expect(ran.stdout).not.toMatch(/test mail arrived|Five connections|Delete the test mail/iu);
    const json = await connectEmail([...words(mailbox), '--json'], { input });
    expect(report.parse(JSON.parse(json.stdout)).rehearsed).toBe(false);
  });

  it.each([
    [{ REHEARSAL: 'maybe' }, /^REHEARSAL: [^\n]+\n$/u],
    [{ REHEARSAL_PATIENCE: '61' }, /^REHEARSAL_PATIENCE: expected a whole number from 1 to 60\n$/u],
    [{ REHEARSAL: 'off' }, /^[^\n]*REHEARSAL=off[^\n]*\n$/u],
  ])('%j: one line and status 2, before any server is asked', async (env, line) => {
    const ran = await connectEmail([...words(mailbox), '--send-test-mail'], { input, env });
    expect(ran).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(line) });
  });

  it('a wrong password is tried once per server, and that ends it', async () => {
    const ran = await connectEmail([...words(mailbox), '--send-test-mail', '--json'], { input: 'wrong\n' });
    const result = report.parse(JSON.parse(ran.stdout));
    expect(result.rehearsed).toBe(false);
    expect(result.observations.filter(({ type }) => type === 'session' || type === 'test-mail')).toEqual([]);
    expect(result.observations.filter(({ type }) => type === 'login')).toHaveLength(2);
  });
});

describe('Given a mail that is held, when Ctrl-C ends the waiting', () => {
  it('it ends within five seconds and says what may still come', async () => {
    const held = 'check_sender_access inline:{ {rep@example.test = HOLD} }';
    const slow = await servers.start(
      startMailbox({ certificate, postfix: { settings: { smtpd_sender_restrictions: held } } }),
    );
    const cli = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
    const child = spawn(process.execPath, [cli, ...words(slow), '--send-test-mail', '--locale', 'en'], {
      env: { ...process.env, REHEARSAL_PATIENCE: '60' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(input);
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, 'close');
    const isTaken = async () => (await import('node:fs/promises')).readFile(slow.smtp.logFile, 'utf8');
    while (!/NOQUEUE: hold/u.test(await isTaken())) await sleep(50);
    await sleep(1_000);
    const started = Date.now();
    child.kill('SIGINT');
    await ended;
    const [stdout, stderr] = await said;
    expect(Date.now() - started).toBeLessThan(6_000);
    expect(child.exitCode).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Stopped\. The test mail was already on its way and may still arrive[^\n]+\n$/u);
  }, 40_000);
});
