import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { codeOf } from '../../src/lib/error-code.ts';
import { errorFields, startLine } from '../../src/telemetry/log.ts';
import { createRefusalLog } from '../../src/telemetry/refusals.ts';
import { freePort } from '../mail-servers/processes.ts';

describe('refused requests in the log', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const open = () => {
    const lines: string[] = [];
    const refused = createRefusalLog({
      warn: ({ door, reason, count }, message) => lines.push(`${door} ${reason} ${count} ${message}`),
    });
    return { lines, refused };
  };

  test('the first stands there at once, and says what is most likely wrong', () => {
    const { lines, refused } = open();
    refused('slack', 'bad-signature');
    refused('metrics', 'bad-token');
    expect(lines).toEqual([
      'slack bad-signature 1 refused a request; if people get no answer, the signing secret is wrong',
      'metrics bad-token 1 refused a request',
    ]);
  });

  test('a thousand more make one line a minute, with their number', () => {
    const { lines, refused } = open();
    for (let n = 0; n < 1000; n += 1) refused('slack', 'bad-signature');
    refused('slack', 'stale-timestamp');
    expect(lines).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    expect(lines.slice(2)).toEqual([expect.stringMatching(/^slack bad-signature 999 /u)]);
    refused('slack', 'bad-signature');
    vi.advanceTimersByTime(60_000);
    expect(lines.slice(3)).toEqual([expect.stringMatching(/^slack bad-signature 1 /u)]);
    vi.advanceTimersByTime(600_000);
    expect(lines).toHaveLength(4);
    refused('slack', 'bad-signature');
    expect(lines).toHaveLength(5);
  });
});

describe('what is told of an error', () => {
  test('where a request to another machine fails, why it failed', async () => {
    const port = await freePort();
    const error: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((reason: unknown) => reason);
    expect(errorFields(error)).toMatchObject({ error: 'TypeError', code: 'ECONNREFUSED' });
    const unknown: unknown = await fetch('http://nobody.invalid/').catch((reason: unknown) => reason);
    expect(codeOf(unknown)).toMatch(/^(?:ENOTFOUND|EAI_AGAIN)$/u);
  });

  test('is never a sentence, wherever it stands', () => {
    const told = Object.assign(new Error('anna@firma.test'), { code: 'no such user anna@firma.test' });
    expect(codeOf(told)).toBe('Error');
    expect(errorFields(new Error('outer', { cause: told }))).toMatchObject({ error: 'Error', code: null });
  });
});

test('the start is a sentence on a terminal, and JSON to whatever collects the log', () => {
  const said = 'connect-email: listening on http://127.0.0.1:3978';
  expect(startLine({ store: 'sqlite' }, said, true)).toBe(said);
  expect(JSON.parse(startLine({ store: 'sqlite' }, said, false))).toMatchObject({
    ...{ level: 30, store: 'sqlite', msg: said, time: expect.stringMatching(/^\d{4}-/u) },
  });
});
