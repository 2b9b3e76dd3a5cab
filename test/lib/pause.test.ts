import { expect, it } from 'vitest';
import { pause } from '../../src/lib/pause.ts';

it('ends with its time, with its signal, and at once where that has ended before', async () => {
  const never = new AbortController().signal;
  await pause(1, never);
  const called = new AbortController();
  const paused = pause(3_600_000, called.signal);
  called.abort();
  await paused;
  expect(await pause(3_600_000, AbortSignal.abort())).toBeUndefined();
});
