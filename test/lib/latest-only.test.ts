import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLatestOnly } from '../../src/lib/latest-only.ts';

/** Notes what is run, each taking `takesMs`. */
const recorder = (takesMs = 0) => {
  const runs: { what: string; at: number }[] = [];
  const task = (what: string) => async (): Promise<void> => {
    await sleep(takesMs);
    runs.push({ what, at: performance.now() });
  };
  return { runs, task, whats: () => runs.map(({ what }) => what) };
};

describe('of tasks that come faster than they may run', () => {
  test('the newest is run, and all who asked learn how it went', async () => {
    const { whats, task } = recorder();
    const latest = createLatestOnly({ gapMs: 80 });
    await latest.run('m', task('1'));
    await Promise.all([latest.run('m', task('2')), latest.run('m', task('3')), latest.run('m', task('4'))]);
    expect(whats()).toEqual(['1', '4']);
    const failing = [1, 2].map(() =>
      latest.run('m', async () => {
        throw new Error('refused');
      }),
    );
    expect(await Promise.allSettled(failing)).toMatchObject([
      { reason: { message: 'refused' } },
      { reason: { message: 'refused' } },
    ]);
    await latest.run('m', task('5'));
    expect(whats()).toEqual(['1', '4', '5']);
  });

  test('the next does not run before the gap, which begins when the one before has come back', async () => {
    const { runs, task } = recorder(60);
    const latest = createLatestOnly({ gapMs: 100 });
    const slow = latest.run('m', task('1'));
    await sleep(20);
    await Promise.all([slow, latest.run('m', task('2')), latest.run('m', task('3'))]);
    expect(runs.map(({ what }) => what)).toEqual(['1', '3']);
    expect((runs[1]?.at ?? 0) - (runs[0]?.at ?? 0)).toBeGreaterThanOrEqual(99);
  });

  test('those of one key hold up none of another', async () => {
    const { whats, task } = recorder();
    const latest = createLatestOnly({ gapMs: 10_000 });
    await latest.run('m', task('of m'));
    await latest.run('n', task('of n'));
    expect(whats()).toEqual(['of m', 'of n']);
  });
});

describe('a key that is ended', () => {
  test('runs nothing more, and what ran has come back', async () => {
    const { whats, task } = recorder(30);
    const latest = createLatestOnly({ gapMs: 20 });
    const first = latest.run('m', task('1'));
    await sleep(10);
    const dropped = latest.run('m', task('2'));
    await latest.end('m');
    expect(whats()).toEqual(['1']);
    await Promise.all([first, dropped, sleep(60)]);
    expect(whats()).toEqual(['1']);
  });

  test('before its first task ran, does not run it', async () => {
    const { whats, task } = recorder();
    const latest = createLatestOnly({ gapMs: 20, firstMs: 20 });
    const dropped = latest.run('m', task('1'));
    await latest.end('m');
    await Promise.all([dropped, sleep(40)]);
    expect(whats()).toEqual([]);
  });
});
