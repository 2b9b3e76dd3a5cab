import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createInFlight } from '../../src/lib/in-flight.ts';

test('waits for all that was under way, however it ends', async () => {
  const inFlight = createInFlight();
  const ended: string[] = [];
  const good = inFlight.track(sleep(20).then(() => void ended.push('good')));
  const bad = inFlight.track(
    sleep(10).then((): void => {
      ended.push('bad');
      throw new Error('broken');
    }),
  );
  const broken = expect(bad).rejects.toThrow('broken');
  await inFlight.settled(1000);
  expect(ended).toEqual(['bad', 'good']);
  await Promise.all([good, broken]);
});

test('but no longer than it is told to', async () => {
  const inFlight = createInFlight();
  void inFlight.track(new Promise(() => {}));
  const began = performance.now();
  await inFlight.settled(30);
  expect(performance.now() - began).toBeLessThan(1000);
});
