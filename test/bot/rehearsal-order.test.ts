/** What the bot orders of a check with a test mail: whom it hears, and when it is called off. */
import { describe, expect, test } from 'vitest';
import { createTestMailNotes } from '../../src/bot/jobs/test-mail.ts';
import type { TestMailSeen } from '../../src/bot/ports.ts';
import type { Observation } from '../../src/diagnosis/observed/observation.ts';
import { rehearsedMsOf, watchOf } from '../../src/rehearsal-order.ts';

const begun: Observation = { type: 'rehearsal', phase: 'begun', service: 'imap', at: 400 };
const ended: Observation = { type: 'rehearsal', phase: 'ended', service: 'imap', at: 1600 };
const mail = (phase: 'sending' | 'taken' | 'cleared'): Observation => ({
  type: 'test-mail',
  id: 'd3b07384',
  phase,
  service: 'smtp',
  at: 900,
});

const ordered = (onTestMail: (seen: TestMailSeen) => Promise<void> = async () => {}) => {
  const closed = new AbortController();
  const stopped = new AbortController();
  const order = { patienceMs: 20_000, cancelled: closed.signal, onTestMail };
  const watch = watchOf(order, stopped.signal);
  return { closed, stopped, watch, see: (seen: Observation) => watch.onObservation?.(seen) };
};

describe('a page that is closed', () => {
  test('before anything of a test mail has begun leaves the login test alone, and keeps the mail from being sent', async () => {
    const { closed, watch, see } = ordered();
    closed.abort();
    expect(watch.signal?.aborted).toBe(false);
    await see(begun);
    expect(watch.signal?.aborted).toBe(true);
  });

  test('meanwhile calls it off', async () => {
    const { closed, watch, see } = ordered();
    await see(begun);
    expect(watch.signal?.aborted).toBe(false);
    closed.abort();
    expect(watch.signal?.aborted).toBe(true);
  });
});

test('the end of the process ends the check at any time', () => {
  const { stopped, watch } = ordered();
  stopped.abort();
  expect(watch.signal?.aborted).toBe(true);
});

describe('where our own mail is', () => {
  test('is told before it goes and when it is gone, and of nothing in between', async () => {
    const told: TestMailSeen[] = [];
    const { see } = ordered(async (seen) => void told.push(seen));
    for (const phase of ['sending', 'taken', 'cleared'] as const) await see(mail(phase));
    expect(told).toEqual([
      { header: 'd3b07384', phase: 'sending' },
      { header: 'd3b07384', phase: 'cleared' },
    ]);
  });

  test('given a store that does not keep it, then it is called off before anything is sent', async () => {
    const { see, watch } = ordered(() => Promise.reject(new Error('the disk is full')));
    await see(begun);
    await see(mail('sending'));
    expect(watch.signal?.aborted).toBe(true);
  });

  test('is kept in its order, and what cannot be kept holds up nothing behind it', async () => {
    const kept: string[] = [];
    const logged: string[] = [];
    const note = (_fields: object, message: string): void => void logged.push(message);
    const notes = createTestMailNotes({
      keep: async ({ phase }) => {
        if (phase === 'sending') throw new Error('away');
        kept.push(phase);
      },
      log: { debug: note, info: note, warn: note, error: note },
    });
    const first = notes.note({ header: 'x', phase: 'sending' });
    const second = notes.note({ header: 'x', phase: 'cleared' });
    await expect(first).rejects.toThrow('away');
    await second;
    await notes.settled();
    expect(kept).toEqual(['cleared']);
    expect(logged).toEqual(['where a test mail is could not be kept']);
  });
});

test('how long it took is known from its first to its last sight, and of one that was cut off to the end', () => {
  const result = (observations: Observation[], rehearsed = true) => ({
    observations,
    rehearsed,
    durationMs: 3000,
  });
  expect(rehearsedMsOf(result([begun, ended]))).toBe(1200);
  expect(rehearsedMsOf(result([begun]))).toBe(2600);
  expect(rehearsedMsOf(result([], false))).toBeNull();
});
