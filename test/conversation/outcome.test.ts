/** After IT has resolved a case: whether it worked in HubSpot, and what becomes of it if not. */
import { describe, expect, test } from 'vitest';
import { reopenPeriodMs } from '../../src/conversation/state/escalation-states.ts';
import { buttonsOf } from '../../src/conversation/view/buttons.ts';
import { createWording } from '../../src/wording/index.ts';
import { allMet, blocked, createTale, handedOver, omar, start, type Tale } from './fixtures.ts';

const theCase = (tale: Tale) => tale.now.escalations.at(-1);
const noticeOf = (tale: Tale, kind: string) =>
  `notice:${tale.now.notices.findLast((one) => one.to === 'rep' && one.kind === kind)?.id}` as const;
const buttons = (tale: Tale, slot: string, now = start) =>
  buttonsOf(tale.now, slot, { now, itChannel: true, loginPage: true }).map(({ action }) => action);
const choices = [
  'said-imap-settings',
  'said-imap-login',
  'said-smtp-settings',
  'said-unauthorized',
  'said-other',
];

const resolved = (): Tale => {
  const tale = handedOver();
  tale.pressAsIt('claim', tale.newestCaseId());
  tale.pressAsIt('resolve', tale.newestCaseId());
  return tale;
};
const failed = (): Tale => {
  const tale = resolved();
  tale.press('it-failed', tale.newestCaseId());
  return tale;
};

describe('a case that IT has resolved', () => {
  test.each([
    ['de', 'Hat es in HubSpot geklappt?'],
    ['en', 'Did it work in HubSpot?'],
  ] as const)('asks her in %s whether it worked in HubSpot', (locale, question) => {
    const tale = resolved();
    const wording = createWording({ itLocale: locale, now: () => start, itChannel: true });
    const message = wording.message({ ...tale.now, locale }, noticeOf(tale, 'resolved'));
    expect(message.blocks).toContainEqual({ type: 'text', text: question });
    expect(message.buttons.map(({ action }) => action)).toEqual([
      'check-again',
      'it-worked',
      'it-failed',
      'reopen',
    ]);
  });

  test('still asks after she has checked again, and no longer after fourteen days', () => {
    const tale = resolved();
    const notice = noticeOf(tale, 'resolved');
    tale.later(60_000);
    tale.press('check-again', tale.newestCaseId());
    tale.finish(allMet);
    expect(buttons(tale, notice)).toEqual(['it-worked', 'it-failed']);
    expect(buttons(tale, notice, start + reopenPeriodMs)).toEqual([]);
    tale.later(reopenPeriodMs);
    tale.press('it-failed', tale.newestCaseId());
    expect(theCase(tale)?.state).toBe('resolved');
    expect(tale.notices().at(-1)).toBe('rep: stale');
  });

  test('when it worked, IT reads so in the thread, once', () => {
    const tale = resolved();
    tale.press('it-worked', tale.newestCaseId());
    expect(tale.notices().slice(-2)).toEqual(['rep: it-worked', 'thread: it-worked']);
    expect(theCase(tale)).toMatchObject({ state: 'resolved', outcome: { worked: true } });
    const told = tale.notices();
    tale.press('it-worked', tale.newestCaseId());
    expect(tale.notices()).toEqual(told);
    expect(buttons(tale, noticeOf(tale, 'resolved'))).toEqual(['check-again', 'reopen']);
  });

  test('when it did not, it is open again, IT reads so, and she is asked what HubSpot shows, once', () => {
    const tale = failed();
    expect(tale.notices().slice(-2)).toEqual(['thread: it-failed', 'rep: it-failed']);
    expect(theCase(tale)).toMatchObject({ state: 'open', claimedBy: null, thread: { state: 'open' } });
    expect(theCase(tale)?.thread?.history.at(-1)?.act).toBe('reopened');
    expect(theCase(tale)?.watch).not.toBeNull();
    expect(buttons(tale, noticeOf(tale, 'it-failed'))).toEqual(choices);
    const told = tale.notices();
    tale.press('it-failed', tale.newestCaseId());
    expect(tale.notices()).toEqual(told);
  });

  test('given an IT channel that cannot be reached, then it stays resolved and she can say it again', () => {
    const tale = createTale({ holds: (slot) => slot.endsWith('it-failed-thread') });
    tale.checkRunning();
    tale.finish(blocked);
    tale.handOver();
    tale.pressAsIt('resolve', tale.newestCaseId());
    tale.press('it-failed', tale.newestCaseId());
    const line = tale.now.notices.find(({ to, kind }) => to === 'thread' && kind === 'it-failed');
    tale.tell({ type: 'undelivered', slot: `notice:${line?.id}` });
    expect(tale.notices().at(-1)).toBe('rep: reopen-failed');
    expect(theCase(tale)).toMatchObject({ state: 'resolved', outcome: null });
    expect(buttons(tale, noticeOf(tale, 'resolved'))).toContain('it-failed');
  });
});

describe('what HubSpot shows', () => {
  test('chosen by its name: IT reads the name, she what it means, and the choice is gone', () => {
    const tale = failed();
    tale.press('said-imap-login', tale.newestCaseId());
    expect(tale.notices().slice(-2)).toEqual(['rep: said-imap-login', 'thread: hubspot-said']);
    expect(buttons(tale, noticeOf(tale, 'it-failed'))).toEqual([]);
    const told = tale.notices();
    tale.press('said-imap-login', tale.newestCaseId());
    tale.press('said-unauthorized', tale.newestCaseId());
    expect(tale.notices()).toEqual(told);

    const line = tale.now.notices.find(({ kind }) => kind === 'hubspot-said');
    const wording = (itLocale: 'de' | 'en') =>
      createWording({ itLocale, now: () => start, itChannel: true }).message(
        tale.now,
        `notice:${line?.id ?? ''}`,
      );
    expect(wording('de').summary).toBe('Anna Vogt sieht in HubSpot: „IMAP authentication error“');
    expect(wording('en').summary).toBe('Anna Vogt sees this in HubSpot: “IMAP authentication error”');
  });

  test('written as an error’s name, that counts as the choice', () => {
    const tale = failed();
    tale.say('Da steht „Falsche SMTP-Einstellungen“');
    expect(tale.now.notices.at(-1)).toMatchObject({
      to: 'thread',
      kind: 'hubspot-said',
      text: 'smtp-settings',
    });
  });

  test('written in other words, IT reads these, and words of command keep their meaning', () => {
    const tale = failed();
    tale.say('Status');
    expect(tale.notices().at(-1)).toBe('rep: status');
    tale.say('Etwas ist schiefgegangen');
    expect(tale.notices().slice(-2)).toEqual(['thread: hubspot-said-else', 'rep: answer-arrived']);
    expect(tale.now.notices.at(-2)?.text).toBe('Etwas ist schiefgegangen');
    tale.say('Noch etwas');
    expect(tale.notices().at(-1)).toBe('rep: help');
  });

  test('written a day later, it is no answer any more', () => {
    const tale = failed();
    tale.later(25 * 60 * 60_000);
    tale.say('Etwas ist schiefgegangen');
    expect(tale.notices().at(-1)).toBe('rep: help');
  });

  test('typed into the form behind “something else”, IT reads it', () => {
    const tale = failed();
    const about = tale.newestCaseId();
    expect(tale.press('said-other', about)).toEqual([{ type: 'open-form', form: 'answer', about }]);
    expect(tale.submit('answer', { reply: ' ' }, about)).toMatchObject([
      { type: 'answer', answer: { type: 'errors', errors: { reply: { code: 'text-missing' } } } },
    ]);
    tale.submit('answer', { reply: 'Fehler 500' }, about);
    expect(tale.notices().slice(-2)).toEqual(['thread: hubspot-said-else', 'rep: answer-arrived']);
    tale.submit('answer', { reply: 'Fehler 500' }, about);
    expect(tale.notices().at(-1)).toBe('rep: stale');
  });

  test('is asked anew when IT has resolved it once more', () => {
    const tale = failed();
    tale.press('said-unauthorized', tale.newestCaseId());
    tale.pressAsIt('resolve', tale.newestCaseId(), omar);
    expect(theCase(tale)?.outcome).toBeNull();
    expect(buttons(tale, noticeOf(tale, 'resolved'))).toContain('it-failed');
  });
});
