import { getEventListeners } from 'node:events';
import { setImmediate as round, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { untilAborted } from '../../src/lib/until-aborted.ts';

const never = new Promise<string>(() => {});
const late = (): string => 'late';

test('what the task gives, or throws, leaves no listener behind', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(signal, Promise.resolve('done'), late)).toBe('done');
  await expect(untilAborted(signal, Promise.reject(new Error('broken')), late)).rejects.toThrow('broken');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('once aborted, what is said then; it may throw', async () => {
  const calledOff = new AbortController();
  const waiting = untilAborted(calledOff.signal, never, late);
  const refused = untilAborted(calledOff.signal, never, () => {
    throw new Error('called off');
  });
  setTimeout(() => calledOff.abort(), 10);
  expect(await waiting).toBe('late');
  await expect(refused).rejects.toThrow('called off');
  expect(getEventListeners(calledOff.signal, 'abort')).toEqual([]);
});

test('aborted before it began, at once', async () => {
  expect(await untilAborted(AbortSignal.abort(), never, late)).toBe('late');
});

test('what arrives in the round in which the time ends still counts', async () => {
  const calledOff = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string>();
  const waiting = untilAborted(calledOff.signal, promise, late);
  await round();
  calledOff.abort();
  resolve('in time');
  expect(await waiting).toBe('in time');
});

test('a task that fails after the end is nobody’s unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const failing = sleep(10).then((): string => {
    throw new Error('too late');
  });
  expect(await untilAborted(AbortSignal.abort(), failing, late)).toBe('late');
  await sleep(30);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
