/** What a person sees on a terminal, and what she types there unseen. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { closedPort } from '../mail-servers/index.ts';
import { commandLine, onTerminal } from './pseudo-terminal.ts';

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
    const wentUp = shown.split('\u001b[').flatMap((part) => Number(/^(\d+)A/u.exec(part)?.[1] ?? []) || []);
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
