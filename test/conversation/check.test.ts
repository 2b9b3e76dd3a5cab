import { describe, expect, test } from 'vitest';
import { buttonsOf } from '../../src/conversation/view/buttons.ts';
import { allMet, anna, blocked, createTale, rules, servers, start } from './fixtures.ts';

const around = { now: start, itChannel: true };
const actions = (tale: ReturnType<typeof createTale>, slot: string) =>
  buttonsOf(tale.now, slot, around).map(({ action }) => action);

describe('a check', () => {
  test('given good values, when she submits them, then the form closes, the progress is shown and the check begins', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example' });
    const effects = tale.submit('servers', servers);
    const checkId = tale.newestCheckId();
    expect(effects).toEqual([
      { type: 'answer', answer: { type: 'close' } },
      { type: 'diagnose', checkId },
      { type: 'show', slot: `progress:${checkId}` },
    ]);
  });

  test('when it ends, then the report goes out before the progress is finished, once', () => {
    const tale = createTale();
    tale.checkRunning();
    const checkId = tale.newestCheckId();
    expect(tale.finish(blocked)).toEqual([
      { type: 'show', slot: `report:${checkId}` },
      { type: 'show', slot: `progress:${checkId}` },
    ]);
    expect(tale.finish(allMet)).toEqual([]);
    expect(tale.now.checks[0]?.assessment?.verdict).toBe('blocked');
  });

  test('given a report, when she checks again, then the old report loses its buttons and a new check runs', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    const first = tale.newestCheckId();
    expect(actions(tale, `report:${first}`)).toEqual(['escalate', 'edit', 'check-again', 'details']);
    const effects = tale.press('check-again', first);
    expect(effects).toContainEqual({ type: 'show', slot: `report:${first}` });
    expect(actions(tale, `report:${first}`)).toEqual([]);
    expect(tale.now.checks).toHaveLength(2);
    expect(tale.now.checks[1]?.account).toEqual(tale.now.checks[0]?.account);
  });

  test('given a check that is running, when she clicks check-again a second time, then no second check runs and she is told', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    const first = tale.newestCheckId();
    tale.press('check-again', first);
    tale.press('check-again', first);
    expect(tale.now.checks).toHaveLength(2);
    expect(tale.notices()).toEqual(['rep: busy']);
  });

  test('given a check that is running, when she submits other values, then they are kept and she is told', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.submit('servers', { ...servers, imapHost: 'mail.firma.example' });
    expect(tale.now.checks).toHaveLength(1);
    expect(tale.now.draft.imapHost).toBe('mail.firma.example');
    expect(tale.notices()).toEqual(['rep: busy-values-kept']);
  });

  test('given a newer report, when she clicks on an old one, then she is pointed to the newest', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    const old = tale.newestCheckId();
    tale.press('check-again', old);
    tale.finish(blocked);
    tale.press('check-again', old);
    expect(tale.now.checks).toHaveLength(2);
    expect(tale.notices()).toEqual(['rep: stale']);
  });

  test('given a fault of ours, then she is told whose it is, gets no verdict, and can check again', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.tell({ type: 'check-failed', checkId: tale.newestCheckId() });
    expect(tale.now.checks[0]).toMatchObject({ state: 'failed', assessment: null });
    const [notice] = tale.now.notices;
    expect(notice?.kind).toBe('check-failed');
    expect(actions(tale, `notice:${notice?.id}`)).toEqual(['check-again', 'edit']);
    tale.press('check-again', tale.newestCheckId());
    expect(tale.now.checks.map(({ state }) => state)).toEqual(['failed', 'running']);
    expect(actions(tale, `notice:${notice?.id}`)).toEqual([]);
  });

  test('when she asks for the details, then all findings are shown and the button goes', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    const checkId = tale.newestCheckId();
    expect(tale.press('details', checkId)).toEqual([
      { type: 'show', slot: `report:${checkId}` },
      { type: 'show', slot: `details:${checkId}` },
    ]);
    expect(actions(tale, `report:${checkId}`)).not.toContain('details');
  });

  test('when she wants to change something, then the form opens with what she typed last', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    expect(tale.press('edit', tale.newestCheckId())).toEqual([
      { type: 'discover', address: 'anna@firma.example' },
      { type: 'open-form', form: 'servers', about: tale.newestCheckId() },
    ]);
    expect(tale.now.draft).toMatchObject(servers);
  });

  test('given everything is met, then there is nothing to hand over', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(allMet);
    expect(actions(tale, `report:${tale.newestCheckId()}`)).toEqual(['edit', 'check-again', 'details']);
  });

  test('given no IT channel at all, then no button offers it, and an old one is answered', () => {
    const tale = createTale({ rules: { ...rules, itChannel: false } });
    tale.checkRunning();
    tale.finish(blocked);
    const slot = `report:${tale.newestCheckId()}`;
    const offered = buttonsOf(tale.now, slot, { now: start, itChannel: false });
    expect(offered.map(({ action }) => action)).not.toContain('escalate');
    tale.press('escalate', tale.newestCheckId());
    expect(tale.notices()).toEqual(['rep: no-it-channel']);
  });

  test('given years of checks, then only the newest are remembered and their messages with them', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(allMet);
    for (let count = 0; count < 30; count += 1) {
      tale.press('check-again', tale.newestCheckId());
      tale.finish(allMet);
    }
    expect(tale.now.checks.length).toBeLessThanOrEqual(22);
    const remembered = new Set(tale.now.checks.map(({ id }) => id));
    const reports = Object.keys(tale.now.messages).filter((slot) => slot.startsWith('report:'));
    expect(reports.every((slot) => remembered.has(slot.slice('report:'.length)))).toBe(true);
  });

  test('given a click of somebody who is neither the rep nor IT, then nothing changes', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    const before = tale.now;
    const by = { ...anna, id: 'U9' };
    expect(
      tale.tell({
        type: 'pressed',
        action: 'check-again',
        about: tale.newestCheckId(),
        by,
        inItChannel: false,
      }),
    ).toEqual([]);
    expect(tale.now).toBe(before);
  });
});
