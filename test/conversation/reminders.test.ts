import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/conversation/events/effect.ts';
import { step } from '../../src/conversation/step.ts';
import { blocked, createTale, ines, omar, rules, start, type Tale } from './fixtures.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** The tale begins on a Friday at 10 in Berlin. */
const until = (moment: string): number => Date.parse(moment) - start;

const handedOver = (options: { reminders?: boolean } = {}): { tale: Tale } => {
  const tale = createTale({ rules: { ...rules, reminders: options.reminders ?? true } });
  tale.checkRunning();
  tale.finish(blocked);
  tale.handOver();
  return { tale };
};

const theCase = (tale: Tale) => {
  const escalation = tale.now.escalations.at(-1);
  if (!escalation) throw new Error('there is no case');
  return escalation;
};
const planned = (effects: readonly Effect[]) => effects.filter(({ type }) => type === 'remind');
const due = (tale: Tale, number = theCase(tale).reminder?.number ?? 0): Effect[] =>
  tale.tell({ type: 'reminder-due', escalationId: tale.newestCaseId(), number });
const ask = (tale: Tale, question = 'Seit wann?'): Effect[] =>
  tale.tell({
    type: 'submitted',
    form: 'ask-rep',
    about: tale.newestCaseId(),
    values: { question },
    by: omar,
    inItChannel: true,
  });
const newNotices = (tale: Tale, act: () => unknown): string[] => {
  const before = tale.notices().length;
  act();
  return tale.notices().slice(before);
};

describe('given a case that nobody has claimed', () => {
  test('when half a working day is over, then one line says so in its thread, and the message of the case that it is late', () => {
    const { tale } = handedOver();
    expect(theCase(tale).reminder).toEqual({ about: 'unclaimed', number: 1, told: 0, isLast: false });
    tale.later(4 * hour);
    expect(newNotices(tale, () => due(tale))).toEqual(['thread: unclaimed']);
    expect(tale.shown.at(-1)).toBe(`it-root:${tale.newestCaseId()}`);
    expect(theCase(tale).reminder).toMatchObject({ told: 1, isLast: true });
    expect(
      newNotices(tale, () => due(tale)),
      'once',
    ).toEqual([]);
  });

  test('when somebody claims it before, then nothing is said', () => {
    const { tale } = handedOver();
    tale.pressAsIt('claim', tale.newestCaseId());
    expect(newNotices(tale, () => due(tale, 1))).toEqual([]);
    expect(theCase(tale).reminder?.about).toBeNull();
  });

  test('when it was resolved and is opened again, then it is waited for anew, and what was planned before says nothing', () => {
    const { tale } = handedOver();
    tale.pressAsIt('resolve', tale.newestCaseId());
    const effects = tale.pressAsIt('reopen', tale.newestCaseId(), ines);
    expect(planned(effects)).toMatchObject([{ number: 2, afterMs: 4 * hour }]);
    expect(newNotices(tale, () => due(tale, 1))).toEqual([]);
    expect(newNotices(tale, () => due(tale, 2))).toEqual(['thread: unclaimed']);
  });

  test('when the rep withdraws it, then nothing is said', () => {
    const { tale } = handedOver();
    tale.press('withdraw', tale.newestCaseId());
    expect(newNotices(tale, () => due(tale, 1))).toEqual([]);
  });
});

describe('given a question that the rep has not answered', () => {
  test('then she is reminded after one working day and after three, with the question, and the case is late', () => {
    const { tale } = handedOver();
    tale.pressAsIt('claim', tale.newestCaseId());
    expect(planned(ask(tale))).toMatchObject([{ number: 2, afterMs: until('2026-11-23T10:00+01:00') }]);
    tale.later(until('2026-11-23T10:00+01:00'));
    let effects: Effect[] = [];
    expect(
      newNotices(tale, () => {
        effects = due(tale);
      }),
    ).toEqual(['rep: question-reminder']);
    expect(tale.now.notices.at(-1)).toMatchObject({ by: omar.name, text: 'Seit wann?' });
    expect(planned(effects)).toMatchObject([{ number: 3, afterMs: 2 * day }]);
    expect(
      newNotices(tale, () => due(tale, 2)),
      'the same job once more',
    ).toEqual([]);
    tale.later(2 * day);
    expect(newNotices(tale, () => due(tale))).toEqual(['rep: question-reminder']);
    expect(theCase(tale).reminder).toMatchObject({ about: 'waiting', isLast: true });
    expect(newNotices(tale, () => due(tale))).toEqual([]);
  });

  test('when she answers, then nothing more is said', () => {
    const { tale } = handedOver();
    tale.pressAsIt('claim', tale.newestCaseId());
    ask(tale);
    tale.say('Seit Montag');
    expect(newNotices(tale, () => due(tale, 2))).toEqual([]);
  });

  test('when IT asks something else, then it is counted from then', () => {
    const { tale } = handedOver();
    ask(tale);
    tale.later(2 * hour);
    const effects = tale.tell({
      type: 'replied-in-thread',
      escalationId: tale.newestCaseId(),
      text: 'Und welcher Server?',
      by: omar,
    });
    expect(planned(effects)).toMatchObject([{ number: 3, afterMs: until('2026-11-23T10:00+01:00') }]);
    expect(newNotices(tale, () => due(tale, 2))).toEqual([]);
  });
});

test('office hours are those of the place where she works', () => {
  const { tale } = handedOver();
  const away = { ...tale.now, timeZone: 'America/New_York' };
  const event = {
    type: 'submitted',
    form: 'ask-rep',
    about: tale.newestCaseId(),
    values: { question: 'Seit wann?' },
    by: omar,
    inItChannel: true,
  } as const;
  const [, effects] = step(away, { ...event, at: start, id: 'asked' }, { ...rules, reminders: true });
  // At 10 in Berlin nobody is at work in New York yet.
  expect(planned(effects)).toMatchObject([{ afterMs: until('2026-11-20T17:00-05:00') }]);
});

test('where the operator wants none, none is planned, and none is said that was', () => {
  const off = handedOver({ reminders: false }).tale;
  expect(theCase(off).reminder).toBeNull();
  const { tale } = handedOver();
  const [after] = step(
    tale.now,
    { type: 'reminder-due', escalationId: tale.newestCaseId(), number: 1, at: start, id: 'due' },
    rules,
  );
  expect(after.notices).toEqual(tale.now.notices);
});
