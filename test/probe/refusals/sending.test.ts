/** What servers say when they take no mail from the account, each with what it means: `sending.tsv`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meaningOfSending } from '../../../src/probe/refusals/sending.ts';

const rows = readFileSync(join(import.meta.dirname, 'sending.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
  .map(([meaning = '', reply = '']) => ({ meaning, reply }));

describe('Given a reply of a mail server to a mail from the account to itself', () => {
  it.each(rows)('“$reply” means $meaning', ({ meaning, reply }) => {
    const code = /^\d{3}(?: \d\.\d{1,3}\.\d{1,3})?/u.exec(reply)?.[0] ?? null;
    const bytes = Buffer.from(reply, 'utf8').toString('latin1');
    expect(meaningOfSending(code, [bytes]) ?? 'unknown').toBe(meaning);
  });
});
