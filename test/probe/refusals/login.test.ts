/** What servers say when they refuse a login, each with what it means: `login.tsv`, which anybody may correct. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meaningOfLogin } from '../../../src/probe/refusals/login.ts';

const rows = readFileSync(join(import.meta.dirname, 'login.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
  .map(([protocol = '', meaning = '', reply = '', server = '', source = '', date = '']) => ({
    protocol: protocol === 'imap' ? ('imap' as const) : ('smtp' as const),
    meaning,
    reply,
    server,
    source,
    date,
  }));

/** As they come over the wire: with our tag before what IMAP answers to it. */
const linesOf = ({ protocol, reply }: (typeof rows)[number]): string[] =>
  reply.split(String.raw`\n`).map((line) => {
    if (protocol === 'smtp' || line.startsWith('* ')) return line;
    return line.startsWith('BYE') ? `* ${line}` : `a3 ${line}`;
  });

describe('Given a reply of a mail server to a login', () => {
  it.each(rows)('$protocol “$reply” means $meaning', (row) => {
    const bytes = linesOf(row).map((line) => Buffer.from(line, 'utf8').toString('latin1'));
    expect(meaningOfLogin(row.protocol, bytes) ?? 'unknown').toBe(row.meaning);
  });

  it('the table holds enough of them, each with its source and date', () => {
    expect(rows.filter(({ source }) => !/^(?:own$|worded)/u.test(source)).length).toBeGreaterThanOrEqual(150);
    expect(
      rows.filter(
        ({ date, source, server }) => !/^\d{4}-\d\d-\d\d$/u.test(date) || source === '' || server === '',
      ),
    ).toEqual([]);
  });
});
