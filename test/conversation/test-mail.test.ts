/** What the conversation knows of a test mail: her consent, what became of it, and whether one of ours may still lie there. */
import { expect, test } from 'vitest';
import { createWording } from '../../src/wording/index.ts';
import { createTale, loginPossible, rules, start, transcripts } from './fixtures.ts';

const wording = createWording({ itLocale: 'en', now: () => start, itChannel: true, loginPage: true });

/** Her password has come, with the box as it was. */
const submitted = (sendTestMail: boolean | undefined, around = rules) => {
  const tale = createTale({ rules: around });
  tale.checkRunning();
  tale.finish(loginPossible);
  tale.press('test-login', tale.newestCheckId());
  const noticeId = tale.now.openLogin ?? '';
  const about = { checkId: tale.newestCheckId(), noticeId };
  const given = sendTestMail === undefined ? {} : { sendTestMail };
  const effects = tale.tell({ type: 'login-submitted', ...about, ...given });
  const checkId = tale.newestCheckId();
  return {
    tale,
    checkId,
    effects,
    check: () => tale.now.checks.find(({ id }) => id === checkId),
    move: (phase: 'sending' | 'cleared') =>
      tale.tell({ type: 'test-mail', checkId, header: 'd3b07384', phase }),
    said: () => JSON.stringify(tale.shown.map((slot) => wording.message(tale.now, slot as 'welcome').blocks)),
  };
};

test.each([
  ['ticked', true, rules, true],
  ['not ticked', false, rules, false],
  ['not there', undefined, rules, false],
  ['ticked, and the operator wants none', true, { ...rules, rehearsal: false }, false],
] as const)('given a box that was %s', (_, ticked, around, rehearse) => {
  const { effects, check, checkId } = submitted(ticked, around);
  expect(effects).toContainEqual({ type: 'try-login', checkId, rehearse });
  expect(check()?.rehearsal).toBe(rehearse ? 'asked' : undefined);
});

test('where it was cleared away, its name is forgotten, and nothing is said of it', () => {
  const { tale, check, move, checkId, said } = submitted(true);
  move('sending');
  expect(check()?.testMail).toBe('d3b07384');
  expect(move('sending')).toEqual([]);
  move('cleared');
  expect(check()?.testMail).toBeNull();
  tale.tell({ type: 'check-failed', checkId });
  expect(said()).not.toContain('unsere Testmail');
});

test('given a check that never ended, then what says so also says where the mail may lie, once', () => {
  const { tale, move, checkId, said } = submitted(true);
  move('sending');
  tale.tell({ type: 'check-failed', checkId });
  expect(tale.tell({ type: 'check-failed', checkId })).toEqual([]);
  expect(said().match(/liegt vielleicht noch unsere Testmail/gu)).toHaveLength(1);
  expect(tale.notices().filter((notice) => notice === 'rep: check-failed')).toHaveLength(1);
});

test('what comes after the end changes nothing', () => {
  const { tale, move, checkId, check } = submitted(true);
  const assessment = { ...loginPossible, loginTested: true };
  const finished = { type: 'check-finished', checkId, assessment, transcripts, durationMs: 1 } as const;
  tale.tell({ ...finished, rehearsal: 'held' });
  expect(move('sending')).toEqual([]);
  expect(check()).toMatchObject({ rehearsal: 'held' });
  expect(check()?.testMail).toBeUndefined();
});
