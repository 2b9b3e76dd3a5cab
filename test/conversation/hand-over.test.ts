import { describe, expect, test } from 'vitest';
import { buttonsOf } from '../../src/conversation/view/buttons.ts';
import { escalationInWords } from '../../src/wording/messages/escalation.ts';
import { blocked, createTale, handedOver, start, type Tale } from './fixtures.ts';

const buttons = (tale: Tale, slot: string, now = start) =>
  buttonsOf(tale.now, slot, { now, itChannel: true }).map(({ action }) => action);
const theCase = (tale: Tale) => tale.now.escalations.at(-1);
const rootOf = (tale: Tale) => `it-root:${tale.newestCaseId()}`;
const reportOf = (tale: Tale) => `report:${tale.newestCheckId()}`;
const lastNotice = (tale: Tale) => `notice:${tale.now.notices.at(-1)?.id}`;

describe('handing over', () => {
  test('given a blocked account, when she escalates it, then a form opens and nothing is sent yet', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    expect(tale.press('escalate', tale.newestCheckId())).toEqual([
      { type: 'open-form', form: 'escalate', about: tale.newestCheckId() },
    ]);
    expect(tale.now.escalations).toEqual([]);
  });

  test('given the form, when she submits it, then she is not told before it has arrived', () => {
    const tale = createTale({ holds: (slot) => slot.startsWith('it-root') });
    tale.checkRunning();
    tale.finish(blocked);
    const effects = tale.handOver('Bitte bis Freitag');
    expect(effects).toContainEqual({ type: 'show', slot: rootOf(tale) });
    expect(theCase(tale)).toMatchObject({ state: 'open', delivery: 'pending', comment: 'Bitte bis Freitag' });
    expect(tale.notices()).toEqual([]);

    const arrived = tale.tell({
      type: 'posted',
      slot: rootOf(tale),
      ref: { platform: 'recording', id: 'm1' },
    });
    const shown = arrived.flatMap((effect) => (effect.type === 'show' ? [effect.slot] : []));
    expect(shown).toContain(`it-evidence:${tale.newestCaseId()}.imap`);
    expect(shown).toContain(`it-evidence:${tale.newestCaseId()}.smtp`);
    expect(tale.notices()).toEqual(['rep: handed-over']);
    expect(theCase(tale)?.delivery).toBe('arrived');
    expect(tale.now.draft.comment).toBeUndefined();
  });

  test('given it cannot be delivered, then she is told that it did not arrive, it is kept, and the same button tries again', () => {
    const tale = createTale({ holds: (slot) => slot.startsWith('it-root') });
    tale.checkRunning();
    tale.finish(blocked);
    tale.handOver('Bitte bis Freitag');
    tale.tell({ type: 'undelivered', slot: rootOf(tale) });
    expect(tale.notices()).toEqual(['rep: hand-over-failed']);
    expect(theCase(tale)).toMatchObject({ delivery: 'failed', comment: 'Bitte bis Freitag' });
    expect(tale.now.draft.comment).toBe('Bitte bis Freitag');
    expect(buttons(tale, reportOf(tale))).toContain('escalate');
    expect(buttons(tale, lastNotice(tale))).toEqual(['escalate', 'withdraw']);

    tale.press('escalate', tale.newestCheckId());
    tale.handOver('Bitte bis Montag');
    expect(tale.now.escalations).toHaveLength(1);
    expect(theCase(tale)).toMatchObject({ delivery: 'pending', comment: 'Bitte bis Montag' });
    tale.tell({ type: 'posted', slot: rootOf(tale), ref: { platform: 'recording', id: 'm1' } });
    expect(tale.notices()).toEqual(['rep: hand-over-failed', 'rep: handed-over']);
  });

  test('given 10,000 characters of markup, then the error stands under the comment and the text is kept', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    const comment = '<!channel> '.repeat(1000).slice(0, 10_000);
    expect(tale.handOver(comment)).toEqual([
      {
        type: 'answer',
        answer: {
          type: 'errors',
          errors: { comment: { code: 'comment-too-long', params: { max: 3000, length: 10_000 } } },
        },
      },
    ]);
    expect(tale.now.draft.comment).toBe(comment);
    expect(tale.now.escalations).toEqual([]);
  });

  test('given markup in a short comment, then it goes through as it is, as plain text', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    tale.handOver('<!channel> [x](http://e.test)');
    expect(theCase(tale)?.comment).toBe('<!channel> [x](http://e.test)');
  });

  test('given a case that IT has, when she submits the form a second time, then there is still one case', () => {
    const tale = handedOver();
    tale.handOver('noch einmal');
    expect(tale.now.escalations).toHaveLength(1);
    expect(tale.notices()).toEqual(['rep: handed-over', 'rep: already-handed-over']);
  });

  test('when she checks the same account again, then the new report still belongs to the open case', () => {
    const tale = handedOver();
    tale.press('check-again', tale.newestCheckId());
    tale.finish(blocked);
    expect(buttons(tale, reportOf(tale))).toEqual(['edit', 'check-again', 'details', 'withdraw']);
  });
});

const undelivered = () => {
  const tale = createTale({ holds: (slot) => slot.startsWith('it-root') });
  tale.checkRunning();
  tale.finish(blocked);
  tale.handOver();
  tale.tell({ type: 'undelivered', slot: rootOf(tale) });
  return tale;
};

describe('withdrawing before it has arrived', () => {
  test('given it did not arrive and is tried again, then she can call it off, and nothing is tried any more', () => {
    const tale = undelivered();
    const failed = lastNotice(tale);
    expect(buttons(tale, reportOf(tale))).toEqual(['escalate', 'edit', 'check-again', 'details', 'withdraw']);

    tale.press('withdraw', tale.newestCaseId());
    expect(tale.notices().at(-1)).toBe('rep: withdrawn');
    expect(buttons(tale, failed)).toEqual([]);
    expect(buttons(tale, reportOf(tale))).not.toContain('withdraw');
    expect(theCase(tale)).toMatchObject({ state: 'withdrawn', retry: null });
    const due = { type: 'hand-over-due', escalationId: tale.newestCaseId(), count: 1 } as const;
    expect(tale.tell(due)).toEqual([]);
  });

  test('given it is given up, then there is nothing left to call off', () => {
    const tale = undelivered();
    tale.later(7 * 24 * 3_600_000);
    tale.tell({ type: 'hand-over-due', escalationId: tale.newestCaseId(), count: 1 });
    tale.tell({ type: 'undelivered', slot: rootOf(tale) });
    expect(tale.notices().at(-1)).toBe('rep: hand-over-given-up');
    expect(buttons(tale, lastNotice(tale))).toEqual(['escalate']);
    expect(buttons(tale, reportOf(tale))).not.toContain('withdraw');
    const escalation = theCase(tale);
    expect(escalation && escalationInWords(escalation, 'de')).toContain('wir versuchen es nicht weiter');
  });

  const withdrawnInFlight = () => {
    const tale = createTale({ holds: (slot) => slot.startsWith('it-root') });
    tale.checkRunning();
    tale.finish(blocked);
    tale.handOver();
    const effects = tale.press('withdraw', tale.newestCaseId());
    return { tale, effects };
  };

  test('given IT has not seen it, then nothing is posted for it any more', () => {
    const { tale, effects } = withdrawnInFlight();
    expect(effects).not.toContainEqual({ type: 'show', slot: rootOf(tale) });
    expect(tale.notices()).toEqual(['rep: withdrawn']);
  });

  test('given it was on its way all the same, then the message in the IT channel says that it is withdrawn', () => {
    const { tale } = withdrawnInFlight();
    const effects = tale.tell({
      type: 'posted',
      slot: rootOf(tale),
      ref: { platform: 'recording', id: 'm1' },
    });
    expect(effects).toEqual([{ type: 'show', slot: rootOf(tale) }]);
    expect(tale.notices()).toEqual(['rep: withdrawn']);
  });
});
