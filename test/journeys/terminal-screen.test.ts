/** Where the output goes: what a person sees on a terminal and types there unseen, and what cannot be written at all. */
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { closedPort } from '../mail-servers/index.ts';
import { run } from '../mail-servers/processes.ts';
import { commandLine, onTerminal, quoted } from './pseudo-terminal.ts';

/** Erases from the cursor to the end of the screen (ECMA-48, ED): each drawing of the list begins so. */
const erased = '\u001b[0J';

const checkOfNobody = async (): Promise<string> => {
  const { port } = await closedPort();
  const at = `127.0.0.1:${port}`;
  return commandLine(['check', 'rep@example.test', '--imap', at, '--smtp', at, '--locale', 'de']);
};

describe('The checklist', () => {
  it('is drawn over in place, and what stood above it stays', async () => {
    const columns = 40;
    const { code, shown } = await onTerminal(await checkOfNobody(), { columns }).end();
    expect(code).toBe(1);
    const [, ...drawings] = shown.split(erased);
    expect(drawings.length).toBeGreaterThan(2);
    const rowsOf = (text: string) =>
      stripVTControlCharacters(text)
        .split('\r\n')
        .slice(0, -1)
        .reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / columns)), 0);
    /** How far the cursor went up each time (ECMA-48, CUU). */
    const wentUp = shown.split('\u001b[').flatMap((part) => {
      const [, rows] = /^(\d+)A/u.exec(part) ?? [];
      return rows === undefined ? [] : [Number(rows)];
    });
    expect(wentUp).toEqual(drawings.slice(0, -1).map(rowsOf));
    expect(drawings[0], 'a line that is longer only by its colours').toContain('\u001b[1m');
  });

  it('is left out where the terminal cannot move its cursor', async () => {
    const { code, shown } = await onTerminal(await checkOfNobody(), { term: 'dumb' }).end();
    expect(code).toBe(1);
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain('IMAP: Verbindung');
  });
});

describe('A password that is typed unseen', () => {
  /** Reads it as the command does, and tells what came of it. */
  const reader = `
    const { readPassword } = await import(${JSON.stringify(fileURLToPath(new URL('../../src/cli/password.ts', import.meta.url)))});
    const entered = await readPassword(process.stdin, (when) => when === 'before' && process.stderr.write('Password?'));
    console.log('entered=' + (entered.ok ? encodeURIComponent(entered.secret.reveal()) : entered.problem));
  `;
  const typed = async (keys: string): Promise<string> => {
    const terminal = onTerminal(quoted([process.execPath, '--input-type=module', '-e', reader]));
    await expect.poll(terminal.shown).toContain('Password?');
    terminal.type(keys);
    const { shown } = await terminal.end();
    const [, after = ''] = shown.split('Password?');
    expect(after).toMatch(/^entered=\S+\r\n$/u);
    return decodeURIComponent(after.trim().slice('entered='.length));
  };

  it.each([
    ['Enter ends it', 'geheim\r', 'geheim'],
    ['Ctrl-D too', 'geheim\u0004', 'geheim'],
    ['any letter and sign', 'pä ß€😀"\'\r', 'pä ß€😀"\''],
    ['Backspace takes the last sign away', 'geheimx😀\u007f\b\r', 'geheim'],
    ['Ctrl-U takes all of it away', 'wrong\u0015geheim\r', 'geheim'],
    [
      'arrows and other keys are no signs',
      'ge\u001b[Dh\u001b[1;5C\u001bOPeim\u001b[3~\t\u0001\u0016\r',
      'geheim',
    ],
    ['nor is what stands around pasted text', '\u001b[200~geheim\u001b[201~\r', 'geheim'],
    ['nothing typed is no password', 'x\u0015\r', 'password-missing'],
    ['Ctrl-C calls it off', 'geheim\u0003', 'interrupted'],
  ])('%s', async (_name, keys, password) => {
    expect(await typed(keys)).toBe(password);
  });

  it('Ctrl-C ends the command as it ends any other, and the terminal shows again what is typed', async () => {
    const check = commandLine(['check', 'rep@example.test', '--password-stdin', '--locale', 'de']);
    const terminal = onTerminal(`${check}; status=$?; stty -a; exit $status`);
    await expect.poll(terminal.shown).toContain('wird nicht angezeigt');
    terminal.type('geh\u0003');
    const { code, shown } = await terminal.end();
    expect(code).toBe(130);
    expect(shown).not.toContain('geh\u0003');
    expect(shown).not.toContain('kein Passwort');
    expect(shown).toMatch(/ icanon .* echo /su);
  });
});

describe('Output that cannot be written', () => {
  const sh = (line: string) =>
    run('sh', ['-c', line]).then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );

  it('is told in one line, and the status speaks of no mail server', async () => {
    const check = await checkOfNobody();
    const lost = 'Die Ausgabe ließ sich nicht schreiben (ENOSPC), das Ergebnis ist verloren.\n';
    expect(await sh(`${check} --json >/dev/full`)).toEqual({ code: 2, stderr: lost });
    expect(await sh(`${check} >/dev/full`)).toEqual({ code: 2, stderr: lost });
    const help = commandLine(['--help', '--locale', 'en']);
    expect(await sh(`${help} >/dev/full`)).toEqual({ code: 2, stderr: expect.stringContaining('ENOSPC') });
  });

  it('is no loss where nobody wants to read on', async () => {
    const check = `${await checkOfNobody()} --json`;
    expect(await sh(`{ ${check}; echo $? >&2; } | true`)).toEqual({ code: 0, stderr: '1\n' });
  });
});
