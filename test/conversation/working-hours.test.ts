import { describe, expect, test } from 'vitest';
import { afterWork, isTimeZone, workingDayMs } from '../../src/conversation/escalation/working-hours.ts';

const hour = 3_600_000;
const berlin = 'Europe/Berlin';
const at = (text: string): number => Date.parse(text);

describe('after so much work', () => {
  test.each([
    ['within one day', '2026-11-26T10:00+01:00', 4 * hour, berlin, '2026-11-26T14:00+01:00'],
    ['over an evening', '2026-11-26T15:30+01:00', 4 * hour, berlin, '2026-11-27T11:30+01:00'],
    ['over a weekend', '2026-11-27T15:00+01:00', 4 * hour, berlin, '2026-11-30T11:00+01:00'],
    ['begun at night', '2026-11-26T03:00+01:00', hour, berlin, '2026-11-26T10:00+01:00'],
    ['begun on a Sunday', '2026-11-29T12:00+01:00', hour, berlin, '2026-11-30T10:00+01:00'],
    ['a whole day', '2026-11-26T10:00+01:00', workingDayMs, berlin, '2026-11-27T10:00+01:00'],
    ['three days', '2026-11-26T10:00+01:00', 3 * workingDayMs, berlin, '2026-12-01T10:00+01:00'],
    ['to the end of a day', '2026-11-26T09:00+01:00', workingDayMs, berlin, '2026-11-26T17:00+01:00'],
    ['over the change to summer time', '2026-03-27T16:00+01:00', 2 * hour, berlin, '2026-03-30T10:00+02:00'],
    ['over the change to winter time', '2026-10-23T16:00+02:00', 2 * hour, berlin, '2026-10-26T10:00+01:00'],
    ['by another clock', '2026-11-26T16:00-05:00', 2 * hour, 'America/New_York', '2026-11-27T10:00-05:00'],
    ['far from Greenwich', '2026-11-27T08:00+14:00', hour, 'Pacific/Kiritimati', '2026-11-27T10:00+14:00'],
    ['none at all', '2026-11-26T10:00+01:00', 0, berlin, '2026-11-26T10:00+01:00'],
  ])('%s', (_, from, work, zone, until) => {
    expect(new Date(afterWork(at(from), work, zone)).toISOString()).toBe(new Date(until).toISOString());
  });
});

test('only what the time zone database knows is a time zone', () => {
  expect(['Europe/Berlin', 'UTC', 'America/New_York'].map(isTimeZone)).toEqual([true, true, true]);
  expect(['', 'Mars/Olympus', 'Berlin; drop table'].map(isTimeZone)).toEqual([false, false, false]);
});
