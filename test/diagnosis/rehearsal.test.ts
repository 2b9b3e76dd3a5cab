/** What each thing that a rehearsal can show means, and how its steps stand meanwhile. */
import { describe, expect, it } from 'vitest';
import { assess } from '../../src/diagnosis/assess.ts';
import type { Observation } from '../../src/diagnosis/observed/observation.ts';
import { progressOf } from '../../src/diagnosis/progress.ts';
import type { Policy } from '../../src/diagnosis/target/hubspot/index.ts';
import { accountOf } from '../journeys/login-cases.ts';

const account = accountOf({ imap: { port: 993 }, smtp: { port: 465 } });
const context = { now: 0, policy: 'hubspot-2017', provider: null } as const;
type Seen<O = Observation> = O extends Observation ? Omit<O, 'at'> : never;

const loggedIn = (service: 'imap' | 'smtp'): Seen => ({
  ...{ type: 'login', service, outcome: 'accepted', username: account.username, mechanism: 'PLAIN' },
  ...{ code: null, reply: '', meaning: null, passedOver: null },
});
const inbox: Seen = { type: 'inbox', service: 'imap', outcome: 'opened', reply: '' };
const sent: Seen = {
  ...{ type: 'sent-folder', service: 'imap', outcome: 'listed', marked: 'Gesendet', named: [] },
  ...{ opened: 'opened', reply: '' },
};
const envelope: Seen = {
  ...{ type: 'envelope', service: 'smtp', outcome: 'accepted', code: null, reply: '', meaning: null },
};
const session = (service: 'imap' | 'smtp', number: number): Seen => ({
  ...{ type: 'session', service, number, outcome: 'opened', othersStood: true, reply: '', meaning: null },
});
const five: readonly Seen[] = [
  ...[1, 2, 3].map((number) => session('imap', number)),
  ...[1, 2].map((number) => session('smtp', number)),
];
const id = 'an-id';
const taken: Seen = { type: 'test-mail', service: 'smtp', id, phase: 'taken' };
const arrived: Seen<Extract<Observation, { type: 'arrival' }>> = {
  ...{ type: 'arrival', service: 'imap', outcome: 'arrived', afterMs: 640, by: 'idle' },
  ...{ folder: 'INBOX', place: 'inbox', rewrittenFrom: null },
};
const begun: Seen = { type: 'rehearsal', service: 'imap', phase: 'begun' };
const ended: Seen = { type: 'rehearsal', service: 'imap', phase: 'ended' };

const judged = (within: readonly Seen[], policy: Policy = 'hubspot-2017') => {
  const all = [loggedIn('imap'), inbox, sent, loggedIn('smtp'), envelope, ...within];
  const observations = all.map((seen, at): Observation => ({ ...seen, at }));
  const { findings } = assess(account, observations, { ...context, policy });
  const of = (requirement: string) => {
    const own = findings.filter((one) => one.requirement === requirement);
    return own.find(({ verdict }) => verdict !== 'not-applicable') ?? own[0];
  };
  return { of, said: (name: string) => `${of(name)?.verdict} ${of(name)?.reason}` };
};
const rehearsed = (...within: readonly Seen[]): Seen[] => [begun, ...five, inbox, taken, ...within, ended];

describe('Given no rehearsal', () => {
  it('what only it shows is not tested, whatever else is', () => {
    const { said } = judged([]);
    expect(said('test-mail-arrives')).toBe('not-applicable not-tested');
    expect(said('concurrent-connections')).toBe('not-applicable not-tested');
    expect(said('smtp-send-as')).toBe('pass null');
  });
});

describe('Given a rehearsal', () => {
  it('in which the mail arrived: a pass with how, where and when', () => {
    const { of } = judged(rehearsed(arrived));
    expect(of('test-mail-arrives')).toMatchObject({
      verdict: 'pass',
      evidence: { afterMs: 640, by: 'idle', folder: 'INBOX' },
    });
    expect(of('concurrent-connections')).toMatchObject({ verdict: 'pass', evidence: { opened: 5 } });
  });

  it.each([
    [
      'fail bounced',
      { type: 'arrival', service: 'imap', outcome: 'bounced', status: '5.2.2', reply: 'full' },
    ],
    ['warn in-junk', { ...arrived, folder: 'Spam', place: 'junk' }],
    ['warn moved-by-rule', { ...arrived, folder: 'Kunden', place: 'other' }],
    ['warn late', { ...arrived, afterMs: 12_300 }],
    ['unknown not-seen', { type: 'arrival', service: 'imap', outcome: 'not-seen', waitedMs: 20_000 }],
  ] as const)('its mail: %s', (expected, seen) => {
    expect(judged(rehearsed(seen)).said('test-mail-arrives')).toBe(expected);
  });

  it('names one entry for each message that lies there still, whatever else it says', () => {
    const left = (what: 'test-mail' | 'copy', folder: string): Seen => ({
      ...{ type: 'left-behind', service: 'imap', what, folder },
    });
    const late: Seen = { ...arrived, afterMs: 12_300 };
    const { of } = judged(rehearsed(late, left('test-mail', 'INBOX'), left('copy', 'Gesendet')));
    expect(of('test-mail-arrives')).toMatchObject({
      reason: 'late',
      evidence: { seconds: 12, leftBehind: [{ folder: 'INBOX' }, { folder: 'Gesendet' }] },
    });
  });

  it('whose content is refused: a warning by the older rules, a failure by the newer, and the mail is not waited for', () => {
    const refused: Seen = {
      ...{ type: 'test-mail', service: 'smtp', id, phase: 'refused', stage: 'content' },
      ...{ code: '550 5.7.1', reply: '550 5.7.1 Blocked', meaning: null },
    };
    const within = [begun, ...five, inbox, refused, ended];
    expect(judged(within).said('smtp-send-as')).toBe('warn content-refused');
    expect(judged(within, 'hubspot-2024').said('smtp-send-as')).toBe('fail content-refused');
    expect(judged(within).of('test-mail-arrives')).toMatchObject({
      reason: 'not-reached',
      evidence: { because: 'smtp-send-as' },
    });
  });

  it('whose sender is another on arrival: sender-rewritten, with the one that arrived', () => {
    const { of } = judged(rehearsed({ ...arrived, rewrittenFrom: 'other@example.test' }));
    expect(of('smtp-send-as')).toMatchObject({
      reason: 'sender-rewritten',
      evidence: { from: 'other@example.test' },
    });
  });

  it('whose copy is refused: copy-refused; a full mailbox is over-quota and no fault of the folder', () => {
    const copy = (isOverQuota: boolean): Seen => ({
      ...{ type: 'copy', service: 'imap', outcome: 'refused', folder: 'Gesendet' },
      ...{ reply: 'NO no', isOverQuota },
    });
    expect(judged(rehearsed(arrived, copy(false))).said('sent-folder')).toBe('warn copy-refused');
    const unseen: Seen = { type: 'arrival', service: 'imap', outcome: 'not-seen', waitedMs: 20_000 };
    const full = judged(rehearsed(copy(true), unseen));
    expect(full.said('smtp-send-as')).toBe('warn over-quota');
    // HubSpot's own test mail goes to another mailbox.
    expect(judged(rehearsed(copy(true), unseen), 'hubspot-2024').said('smtp-send-as')).toBe(
      'warn over-quota',
    );
    expect(full.said('sent-folder')).toBe('pass null');
    expect(full.said('test-mail-arrives')).toBe('not-applicable not-reached');
  });

  it('in which a connection too many is refused: limit-reached where it was, said once', () => {
    const third: Seen = {
      ...{ type: 'session', service: 'imap', number: 3, outcome: 'refused', othersStood: true },
      ...{ reply: 'Maximum number of connections', meaning: null },
    };
    const sessions = [...five.filter((_, at) => at !== 2), third];
    const { of } = judged([begun, ...sessions, inbox, taken, arrived, ended]);
    expect(of('concurrent-connections')).toMatchObject({
      reason: 'limit-reached',
      evidence: { opened: 4, wanted: 5, reply: 'Maximum number of connections' },
    });
    const unseen: Seen = { type: 'arrival', service: 'imap', outcome: 'not-seen', waitedMs: 20_000 };
    expect(judged([begun, ...sessions, inbox, taken, unseen, ended]).said('test-mail-arrives')).toBe(
      'unknown not-seen',
    );
  });

  it('in which the whole server goes away: no limit is blamed', () => {
    const gone: Seen = {
      ...{ type: 'session', service: 'imap', number: 3, outcome: 'closed', othersStood: false },
      ...{ reply: '', meaning: null },
    };
    expect(judged([begun, ...five.slice(0, 2), gone, ended]).said('concurrent-connections')).toBe(
      'unknown not-measured',
    );
  });
});

describe('The steps of a rehearsal', () => {
  const states = (within: readonly Seen[]) => {
    const all = [loggedIn('imap'), inbox, sent, loggedIn('smtp'), envelope, ...within];
    const observations = all.map((seen, at): Observation => ({ ...seen, at }));
    return Object.fromEntries(
      progressOf(account, observations, { ...context, login: true, rehearsal: true }).map(
        ({ step, state }) => [step, state] as const,
      ),
    );
  };

  it('wait until it begins, run in order, and end as it was found', () => {
    expect(states([]).connections).toBe('waiting');
    const sending: Seen = { type: 'test-mail', service: 'smtp', id, phase: 'sending' };
    expect(states([begun, ...five, inbox, sending])).toMatchObject({
      ...{ connections: 'good', inbox: 'good', 'test-mail-sent': 'running', 'test-mail-arrived': 'waiting' },
    });
    expect(states([begun, ...five, inbox, sending, taken])).toMatchObject({
      ...{ 'test-mail-sent': 'good', 'test-mail-arrived': 'running', 'cleared-up': 'waiting' },
    });
    expect(states(rehearsed(arrived))).toMatchObject({ 'test-mail-arrived': 'good', 'cleared-up': 'good' });
  });
});
