import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createAnsweredOnce, exactlyOnce } from '../../src/lib/answered-once.ts';

describe('a request', () => {
  test('is answered with what is given first', async () => {
    const once = createAnsweredOnce<string>({ ms: 20, late: () => 'late' });
    expect([once.give('first'), once.give('second'), once.fail(new Error('third'))]).toEqual([
      true,
      false,
      false,
    ]);
    await sleep(30);
    expect(await once.answer).toBe('first');
  });

  test('is answered with what is said late when the time is over, and with nothing after that', async () => {
    const once = createAnsweredOnce<string>({ ms: 10, late: () => 'late' });
    expect(await once.answer).toBe('late');
    expect(once.give('too late')).toBe(false);
  });

  test('fails as it is told, or as what is said late fails', async () => {
    const once = createAnsweredOnce<string>({ ms: 1000, late: () => 'late' });
    expect(once.fail(new Error('refused'))).toBe(true);
    await expect(once.answer).rejects.toThrow('refused');
    const slow = createAnsweredOnce<string>({
      ms: 1,
      late: () => {
        throw new Error('too slow');
      },
    });
    await expect(slow.answer).rejects.toThrow('too slow');
  });
});

test('what may be called once remembers with what it was, and throws when it is called again', () => {
  const once = exactlyOnce(
    ({ text }: { text: string }) => text.length,
    () => new Error('called twice'),
  );
  expect(once.given()).toBeNull();
  expect(once.call({ text: 'four' })).toBe(4);
  expect(once.given()).toEqual({ text: 'four' });
  expect(() => once.call({ text: 'again' })).toThrow('called twice');
});
