import { describe, expect, test } from 'vitest';
import { questionToWatch } from '../../src/conversation/check/watch.ts';
import type { Effect } from '../../src/conversation/events/effect.ts';
import type { Assessment } from '../../src/diagnosis/finding.ts';
import { allMet, blocked, createTale, finding, gone, handedOver, type Tale, unsettled } from './fixtures.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const theCase = (tale: Tale) => {
  const escalation = tale.now.escalations.at(-1);
  if (!escalation) throw new Error('there is no case');
  return escalation;
};
const planned = (effects: readonly Effect[]) => effects.filter(({ type }) => type === 'watch');
const look = (tale: Tale, assessment: Assessment) =>
  tale.tell({
    type: 'watched',
    escalationId: tale.newestCaseId(),
    look: theCase(tale).watch?.look ?? 0,
    assessment,
  });
const soon = { type: 'watch', afterMs: minute };
const usual = { type: 'watch', afterMs: 15 * minute };
const quiet = (tale: Tale, act: () => void) => {
  const before = tale.notices();
  act();
  expect(tale.notices()).toEqual(before);
};

describe('given a case that IT has', () => {
  test('then what stands in the way is watched, and only its own server is probed', () => {
    const tale = handedOver();
    expect(theCase(tale).watch).toMatchObject({
      look: 1,
      told: 'nothing',
      causes: [{ requirement: 'tls-min-version', service: 'imap', host: 'imap.firma.example', port: 993 }],
    });
    const due = questionToWatch(tale.now, { escalationId: tale.newestCaseId(), look: 1 });
    expect(due?.account.imap?.host).toBe('imap.firma.example');
    expect(due?.question).toEqual({ requirements: { imap: ['tls-min-version'] }, isProofSought: false });
    expect(questionToWatch(tale.now, { escalationId: tale.newestCaseId(), look: 0 })).toBeNull();
  });

  test('when the cause is gone once, then nobody hears of it and the second look comes soon', () => {
    const tale = handedOver();
    quiet(tale, () => expect(planned(look(tale, gone))).toMatchObject([soon]));
    expect(theCase(tale).state).toBe('open');
  });

  test('when it is gone twice in a row, then both sides are told, the rep gets a new report, and the case stays for IT', () => {
    const tale = handedOver();
    look(tale, gone);
    tale.later(minute);
    const effects = look(tale, gone);
    expect(effects).toContainEqual({ type: 'show', slot: `it-root:${tale.newestCaseId()}` });
    expect(tale.notices().slice(-2).sort()).toEqual(['rep: gone', 'thread: gone']);
    expect(tale.now.checks.at(-1)).toMatchObject({ state: 'running', byWatch: true });
    quiet(tale, () => tale.finish(gone));
    expect(tale.shown).toContain(`report:${tale.newestCheckId()}`);
    expect(theCase(tale)).toMatchObject({ state: 'open', reportDue: false });
  });

  test('given a server that flaps, then there is no noise', () => {
    const tale = handedOver();
    quiet(tale, () => {
      for (let count = 0; count < 5; count += 1) {
        expect(planned(look(tale, gone))).toMatchObject([soon]);
        expect(planned(look(tale, blocked))).toMatchObject([usual]);
      }
    });
  });

  test.each([
    ['absent', allMet],
    ['unknown', unsettled],
    [
      'not applicable',
      { ...allMet, findings: [{ ...finding('tls-min-version', 'not-reached'), verdict: 'not-applicable' }] },
    ],
    ['only better', { ...allMet, findings: [finding('tls-min-version', 'tls11-only')] }],
    [
      'met on another port',
      {
        ...allMet,
        findings: [
          {
            ...finding('tls-min-version', null),
            endpoint: { service: 'imap', host: 'imap.firma.example', port: 143, encryption: 'starttls' },
          },
        ],
      },
    ],
  ] satisfies [string, Assessment][])(
    'given a cause that is %s, then it is not gone',
    (_name, assessment) => {
      const tale = handedOver();
      quiet(tale, () => {
        look(tale, gone);
        look(tale, assessment);
        look(tale, gone);
        look(tale, assessment);
        look(tale, assessment);
      });
    },
  );

  test('when it comes back after that was told, then it is said once, and a second time gone is the last word', () => {
    const tale = handedOver();
    look(tale, gone);
    look(tale, gone);
    tale.finish(gone);
    quiet(tale, () => {
      expect(planned(look(tale, blocked))).toMatchObject([soon]);
      look(tale, gone);
      look(tale, unsettled);
      look(tale, blocked);
    });
    look(tale, blocked);
    expect(tale.notices().slice(-2).sort()).toEqual(['rep: back', 'thread: back']);
    quiet(tale, () => look(tale, blocked));
    look(tale, gone);
    const effects = look(tale, gone);
    expect(tale.notices().slice(-2).sort()).toEqual(['rep: gone', 'thread: gone']);
    expect(planned(effects)).toEqual([]);
  });

  test('given days on which nothing changes, then the looks come less often, up to six hours', () => {
    const tale = handedOver();
    const after: number[] = [];
    for (let days = 0; days < 8; days += 1) {
      const [next] = planned(look(tale, blocked));
      after.push(next?.type === 'watch' ? next.afterMs / minute : 0);
      tale.later(day);
    }
    expect(after).toEqual([15, 30, 60, 120, 240, 360, 360, 360]);
  });

  test('given a fault of ours, then nothing is concluded and the next look is planned', () => {
    const tale = handedOver();
    look(tale, gone);
    const failed = tale.tell({
      type: 'watch-failed',
      escalationId: tale.newestCaseId(),
      look: theCase(tale).watch?.look ?? 0,
    });
    expect(planned(failed)).toHaveLength(1);
    look(tale, gone);
    expect(tale.notices()).toContain('rep: gone');
  });

  test('when it is resolved or withdrawn, then nothing is looked at any more; reopened, it begins anew', () => {
    const tale = handedOver();
    const due = { escalationId: tale.newestCaseId(), look: 1 };
    tale.pressAsIt('resolve', tale.newestCaseId());
    expect(questionToWatch(tale.now, due)).toBeNull();
    expect(planned(look(tale, gone))).toEqual([]);
    const reopened = tale.pressAsIt('reopen', tale.newestCaseId());
    expect(planned(reopened)).toMatchObject([{ ...usual, look: 2 }]);
    tale.press('withdraw', tale.newestCaseId());
    expect(questionToWatch(tale.now, { ...due, look: 2 })).toBeNull();
  });

  test('when IT checks again and something else stands in the way now, then that is watched instead', () => {
    const tale = handedOver();
    tale.pressAsIt('check-again', tale.newestCaseId());
    const expired = finding('cert-validity', 'expired', {
      evidence: { notAfter: '2026-11-01T00:00:00Z', days: 19 },
    });
    tale.finish({ ...blocked, findings: [finding('tls-min-version', null), expired] });
    expect(theCase(tale).watch).toMatchObject({ causes: [{ requirement: 'cert-validity' }] });
  });

  test('when IT checks again and it is gone, then that counts as the first of two looks', () => {
    const tale = handedOver();
    tale.pressAsIt('check-again', tale.newestCaseId());
    expect(planned(tale.finish(gone))).toMatchObject([soon]);
    look(tale, gone);
    expect(tale.notices().slice(-2).sort()).toEqual(['rep: gone', 'thread: gone']);
  });

  test('given the rep is just checking, then her promised report comes after that', () => {
    const tale = handedOver();
    look(tale, gone);
    tale.later(hour);
    tale.press('check-again', tale.newestCheckId());
    look(tale, gone);
    expect(theCase(tale).reportDue).toBe(true);
    tale.finish(blocked);
    expect(tale.now.checks.at(-1)).toMatchObject({ byWatch: true, state: 'running' });
  });
});

test('given a cause that only a login shows, then nothing is watched', () => {
  const tale = createTale();
  tale.checkRunning();
  const different = { ...finding('same-credentials', 'stated-different'), endpoint: null };
  tale.finish({ ...blocked, findings: [different] });
  tale.handOver();
  expect(theCase(tale)).toMatchObject({ delivery: 'arrived', watch: null });
});
