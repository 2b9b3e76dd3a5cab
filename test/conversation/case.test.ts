import { describe, expect, test } from 'vitest';
import { reopenPeriodMs } from '../../src/conversation/state/escalation-states.ts';
import { buttonsOf } from '../../src/conversation/view/buttons.ts';
import {
  allMet,
  blocked,
  createTale,
  finding,
  handedOver,
  ines,
  loginPossible,
  omar,
  start,
  type Tale,
} from './fixtures.ts';

const buttons = (tale: Tale, slot: string, now = start) =>
  buttonsOf(tale.now, slot, { now, itChannel: true, loginPage: true }).map(({ action }) => action);
const theCase = (tale: Tale) => tale.now.escalations.at(-1);
const rootOf = (tale: Tale) => `it-root:${tale.newestCaseId()}`;
const reportOf = (tale: Tale) => `report:${tale.newestCheckId()}`;
const lastNotice = (tale: Tale) => `notice:${tale.now.notices.at(-1)?.id}`;

const ask = (tale: Tale, question: string) =>
  tale.tell({
    type: 'submitted',
    form: 'ask-rep',
    about: tale.newestCaseId(),
    values: { question },
    by: omar,
    inItChannel: true,
  });

describe('IT', () => {
  test('given two members who claim at once, then one has it and the other learns who', () => {
    const tale = handedOver();
    tale.pressAsIt('claim', tale.newestCaseId(), omar);
    tale.pressAsIt('claim', tale.newestCaseId(), ines);
    expect(theCase(tale)).toMatchObject({ state: 'claimed', claimedBy: omar });
    expect(tale.now.notices.at(-1)).toMatchObject({
      to: 'thread',
      kind: 'already-claimed',
      by: 'Omar Haddad',
      text: 'Ines Kraft',
    });
    tale.pressAsIt('claim', tale.newestCaseId(), omar);
    expect(tale.notices()).toEqual(['rep: handed-over', 'rep: claimed', 'thread: already-claimed']);
  });

  test.each(['claim', 'resolve', 'ask-rep'] as const)(
    'given a rep who presses %s outside the IT channel, then she is told that only IT can',
    (action) => {
      const tale = handedOver();
      tale.press(action, tale.newestCaseId());
      expect(theCase(tale)?.state).toBe('open');
      expect(tale.notices().at(-1)).toBe('rep: not-allowed');
    },
  );

  test('given two members who ask at once, then the second keeps her words in her form, and they stand in no other', () => {
    const tale = handedOver();
    ask(tale, 'Seit wann?');
    const [answered] = ask(tale, 'Meine lange Frage');
    expect(answered).toEqual({
      type: 'answer',
      answer: { type: 'errors', errors: { question: { code: 'question-too-late' } } },
    });
    expect(JSON.stringify(tale.now)).not.toContain('Meine lange Frage');
    expect(theCase(tale)?.question).toBe('Seit wann?');
  });

  test('when IT asks, then the rep gets the question with a button; her plain message is the answer and goes into the thread', () => {
    const tale = handedOver();
    tale.pressAsIt('claim', tale.newestCaseId());
    expect(tale.pressAsIt('ask-rep', tale.newestCaseId())).toEqual([
      { type: 'open-form', form: 'ask-rep', about: tale.newestCaseId() },
    ]);
    ask(tale, 'Welche Adresse nutzt Outlook?');
    expect(theCase(tale)).toMatchObject({
      state: 'waiting-for-rep',
      question: 'Welche Adresse nutzt Outlook?',
    });
    const question = lastNotice(tale);
    expect(buttons(tale, question)).toEqual(['answer']);

    tale.say('anna@firma.example');
    expect(theCase(tale)?.state).toBe('claimed');
    expect(buttons(tale, question)).toEqual([]);
    expect(tale.shown.filter((slot) => slot === question)).toHaveLength(2);
    expect(tale.notices().slice(-2)).toEqual(['thread: answer', 'rep: answer-arrived']);
    expect(tale.now.notices.at(-2)?.text).toBe('anna@firma.example');
  });

  test('given a login that was refused, when IT says it is done, then she is asked to test the login again', () => {
    const tale = createTale();
    tale.checkRunning();
    const refused = finding('login-accepted', 'locked', { evidence: { reply: 'NO [CONTACTADMIN]' } });
    const findings = [...loginPossible.findings, refused];
    tale.finish({ ...loginPossible, verdict: 'blocked', loginTested: true, findings, settings: null });
    tale.handOver();
    tale.pressAsIt('resolve', tale.newestCaseId());
    const notice = lastNotice(tale);
    expect(buttons(tale, notice)).toEqual(['test-login', 'check-again', 'it-worked', 'it-failed', 'reopen']);
    expect(tale.press('test-login', tale.newestCheckId())).toMatchObject([{ type: 'offer-login' }]);
  });

  test('given an open question, when she asks for help, then that is no answer', () => {
    const tale = handedOver();
    ask(tale, 'Seit wann?');
    tale.say('Hilfe');
    expect(theCase(tale)?.state).toBe('waiting-for-rep');
    expect(tale.notices().at(-1)).toBe('rep: help');
  });

  test('given an open question, when she answers by the form, then an empty answer is refused and a full one arrives', () => {
    const tale = handedOver();
    ask(tale, 'Seit wann?');
    const [refused] = tale.submit('answer', { reply: '   ' }, tale.newestCaseId());
    expect(refused).toMatchObject({ answer: { errors: { reply: { code: 'text-missing' } } } });
    tale.submit('answer', { reply: 'Seit Montag' }, tale.newestCaseId());
    expect(theCase(tale)?.state).toBe('open');
    expect(tale.now.draft.reply).toBeUndefined();
  });

  test('given an answer that cannot be delivered, then she is told, the question is open again and her text is kept', () => {
    const tale = createTale({ holds: (slot) => slot.includes('-answer-thread') });
    tale.checkRunning();
    tale.finish(blocked);
    tale.handOver();
    ask(tale, 'Seit wann?');
    tale.say('Seit Montag');
    tale.tell({ type: 'undelivered', slot: lastNotice(tale) });
    expect(tale.notices().at(-1)).toBe('rep: answer-failed');
    expect(theCase(tale)?.state).toBe('waiting-for-rep');
    expect(tale.now.draft.reply).toBe('Seit Montag');
    expect(buttons(tale, lastNotice(tale))).toEqual(['answer']);
  });

  test('given an answer that is too long, then nothing is sent and she can shorten it', () => {
    const tale = handedOver();
    ask(tale, 'Seit wann?');
    tale.say('x'.repeat(3001));
    expect(tale.notices().at(-1)).toBe('rep: answer-too-long');
    expect(theCase(tale)?.state).toBe('waiting-for-rep');
    expect(buttons(tale, lastNotice(tale))).toEqual(['answer']);
  });

  test('given a question that does not reach the rep, then the thread says so', () => {
    const tale = createTale({ holds: (slot) => slot.endsWith('-question') });
    tale.checkRunning();
    tale.finish(blocked);
    tale.handOver();
    ask(tale, 'Seit wann?');
    tale.tell({ type: 'undelivered', slot: lastNotice(tale) });
    expect(tale.notices().at(-1)).toBe('thread: rep-not-reached');
  });

  test('when a member mentions the bot in the thread, then that is a question to the rep', () => {
    const tale = handedOver();
    tale.tell({ type: 'replied-in-thread', escalationId: tale.newestCaseId(), text: 'Seit wann?', by: ines });
    expect(theCase(tale)).toMatchObject({ state: 'waiting-for-rep', question: 'Seit wann?', before: 'open' });
    expect(tale.now.notices.at(-1)).toMatchObject({ kind: 'question', by: 'Ines Kraft' });
  });

  test('when IT checks again, then the result goes into the thread and to the rep, and only one check runs', () => {
    const tale = handedOver();
    const report = reportOf(tale);
    tale.pressAsIt('check-again', tale.newestCaseId());
    expect(tale.now.checks.at(-1)).toMatchObject({ forCase: tale.newestCaseId(), state: 'running' });
    expect(buttons(tale, report)).toContain('withdraw');
    tale.pressAsIt('check-again', tale.newestCaseId());
    expect(tale.notices().at(-1)).toBe('thread: busy');
    const effects = tale.finish(allMet);
    expect(effects).toContainEqual({ type: 'show', slot: reportOf(tale) });
    expect(effects).toContainEqual({ type: 'show', slot: rootOf(tale) });
    expect(tale.notices().at(-1)).toBe('thread: checked-again');
    expect(buttons(tale, report)).toEqual([]);
  });

  test('when IT resolves it, then the rep is asked to check again, and may reopen it for fourteen days', () => {
    const tale = handedOver();
    tale.pressAsIt('resolve', tale.newestCaseId());
    expect(theCase(tale)).toMatchObject({ state: 'resolved', resolvedBy: 'Omar Haddad' });
    const notice = lastNotice(tale);
    expect(buttons(tale, notice)).toEqual(['check-again', 'it-worked', 'it-failed', 'reopen']);
    expect(buttons(tale, notice, start + reopenPeriodMs)).toEqual(['check-again']);

    tale.later(60_000);
    tale.press('check-again', tale.newestCaseId());
    expect(buttons(tale, notice)).toEqual(['it-worked', 'it-failed']);
    tale.finish(blocked);
    expect(buttons(tale, reportOf(tale))).toContain('reopen');
    tale.press('reopen', tale.newestCaseId());
    expect(theCase(tale)).toMatchObject({ state: 'open', claimedBy: null });
    expect(tale.notices().slice(-2)).toEqual(['thread: reopened-by-rep', 'rep: reopen-arrived']);
  });

  test('given more than fourteen days, when she reopens it, then she is told that the button no longer fits', () => {
    const tale = handedOver();
    tale.pressAsIt('resolve', tale.newestCaseId());
    tale.later(reopenPeriodMs);
    tale.press('reopen', tale.newestCaseId());
    expect(theCase(tale)?.state).toBe('resolved');
    expect(tale.notices().at(-1)).toBe('rep: stale');
  });

  test('given a resolved case, when IT presses resolve again, then nothing is told twice', () => {
    const tale = handedOver();
    tale.pressAsIt('resolve', tale.newestCaseId());
    const told = tale.notices();
    tale.pressAsIt('resolve', tale.newestCaseId(), ines);
    expect(tale.notices()).toEqual(told);
  });

  test('when IT reopens it, then the rep is told', () => {
    const tale = handedOver();
    tale.pressAsIt('resolve', tale.newestCaseId());
    tale.pressAsIt('reopen', tale.newestCaseId());
    expect(tale.notices().at(-1)).toBe('rep: reopened-by-it');
    expect(theCase(tale)?.state).toBe('open');
  });

  test('when the rep withdraws it, then IT is told, its buttons go, and she could hand it over anew', () => {
    const tale = handedOver();
    tale.press('withdraw', tale.newestCaseId());
    expect(tale.notices().slice(-2)).toEqual(['rep: withdrawn', 'thread: withdrawn']);
    expect(buttons(tale, rootOf(tale))).toEqual([]);
    expect(buttons(tale, reportOf(tale))).toContain('escalate');
    tale.press('withdraw', tale.newestCaseId());
    expect(tale.notices().filter((one) => one === 'thread: withdrawn')).toHaveLength(1);
    tale.pressAsIt('claim', tale.newestCaseId());
    expect(tale.notices().at(-1)).toBe('thread: stale');
  });

  test('given a fault of ours in IT’s check, then the thread says so and the rep sees no failed check', () => {
    const tale = handedOver();
    const report = reportOf(tale);
    tale.pressAsIt('check-again', tale.newestCaseId());
    tale.tell({ type: 'check-failed', checkId: tale.newestCheckId() });
    expect(tale.notices().at(-1)).toBe('thread: check-failed');
    expect(buttons(tale, report)).toContain('check-again');
  });
});
