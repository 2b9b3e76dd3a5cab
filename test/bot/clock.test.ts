/** The clock of a machine is set, and a process is held up: neither makes a check longer, nor runs it twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Diagnose } from '../../src/bot/ports.ts';
import { blocked } from '../conversation/fixtures.ts';
import { createRecorder, found, openStore, report, reports, startBot, startCheck } from './stage.ts';

const hour = 60 * 60_000;

/** Checks that take a second and a half, during which `meanwhile` happens once. */
const countingCheck = (meanwhile: () => void): { diagnose: Diagnose; runs(): number } => {
  let runs = 0;
  const diagnose: Diagnose = async (_, { onProgress }) => {
    runs += 1;
    onProgress([]);
    await sleep(300);
    if (runs === 1) meanwhile();
    onProgress([]);
    await sleep(1_200);
    return found(blocked);
  };
  return { diagnose, runs: () => runs };
};

const run = async (meanwhile: () => void, now = Date.now) => {
  const recorder = createRecorder();
  const check = countingCheck(meanwhile);
  const bot = startBot(await openStore(), recorder, { diagnose: check.diagnose, clock: { now } });
  await startCheck(bot);
  await report(recorder);
  await sleep(800);
  return { runs: check.runs(), reports: reports(recorder).length };
};

afterEach(() => vi.restoreAllMocks());

describe('given a check that is running', () => {
  test.each([
    ['back', -hour],
    ['on', hour],
  ])('when the clock is set %s by an hour, then it runs once and is reported once', async (_, step) => {
    const real = Date.now.bind(Date);
    let offset = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => real() + offset);
    const set = (): void => {
      offset = step;
    };
    expect(await run(set, () => Date.now())).toEqual({ runs: 1, reports: 1 });
  });

  test('when its process is held up for longer than its lease lasts, then it is not begun anew beside itself', async () => {
    const holdUp = (): void => {
      const end = performance.now() + 1_500;
      while (performance.now() < end);
    };
    expect(await run(holdUp)).toEqual({ runs: 1, reports: 1 });
  });
});
