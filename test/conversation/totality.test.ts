import { describe, expect, test } from 'vitest';
import { buttonActions, formNames } from '../../src/chat/view.ts';
import { causeKey } from '../../src/conversation/check/causes.ts';
import { type Act, type Event, limitedThings } from '../../src/conversation/events/event.ts';
import { type Conversation, conversationSchema } from '../../src/conversation/state/conversation.ts';
import { escalationStates } from '../../src/conversation/state/escalation-states.ts';
import type { LookupOutcome } from '../../src/conversation/state/lookup.ts';
import { step } from '../../src/conversation/step.ts';
import { buttonsOf } from '../../src/conversation/view/buttons.ts';
import { dueSubject, subjectOf } from '../../src/conversation/view/slot.ts';
import { createWording } from '../../src/wording/index.ts';
import {
  allMet,
  anna,
  begin,
  blocked,
  gone,
  google,
  type Happening,
  ines,
  loginPossible,
  nothingFound,
  omar,
  proposed,
  proton,
  servers,
  start,
  transcripts,
  unsettled,
  rules as usual,
} from './fixtures.ts';

const wording = createWording({ itLocale: 'en', now: () => start, itChannel: true, loginPage: true });

const rules = { ...usual, reminders: true };

/** What is alike for the flow counts as one state; ids and times do not matter to it. */
const kindOf = (conversation: Conversation): string =>
  JSON.stringify([
    conversation.checks.map(({ state, assessment, forCase, detailsShown, withLogin, ...more }) => [
      state,
      assessment?.verdict,
      withLogin,
      more.rehearsal,
      more.testMail,
      forCase !== null,
      detailsShown,
    ]),
    conversation.openLogin !== null,
    conversation.lookup?.state,
    conversation.escalations.map(
      ({ state, delivery, claimedBy, before, thread, joinedTo, watch, ...more }) => [
        state,
        delivery,
        claimedBy?.id,
        before,
        joinedTo !== null,
        thread && [thread.state, thread.claimedBy?.id, thread.members.map((member) => member.state)],
        watch && [watch.told, watch.causes.map(({ passes, misses }) => [passes, misses])],
        more.retry !== null,
        more.reportDue,
        more.outcome && [more.outcome.worked, more.outcome.isExplained],
      ],
    ),
    [...new Set(conversation.notices.map(({ kind }) => kind))].sort().slice(-1),
    Object.keys(conversation.messages).filter((slot) => !slot.startsWith('notice:')).length,
  ]);

const outcomes: readonly LookupOutcome[] = [
  { type: 'failed' },
  { type: 'refused', until: start + 60_000 },
  { type: 'found', proposal: nothingFound },
  { type: 'found', proposal: proposed },
  { type: 'found', proposal: google },
  { type: 'found', proposal: proton },
];

const acts = (about: string): readonly Act[] => [
  { type: 'said', text: 'x', as: 'message' },
  { type: 'replied-in-thread', escalationId: about, text: 'x', by: omar },
  { type: 'pressed', action: 'check-again', about, by: omar, inItChannel: true },
  { type: 'submitted', form: 'servers', about: '', values: servers, by: anna, inItChannel: false },
  { type: 'login-submitted', checkId: '', noticeId: '' },
];

const everything = (conversation: Conversation): Happening[] => {
  const checkIds = conversation.checks.map(({ id }) => id);
  const caseIds = conversation.escalations.map(({ id }) => id);
  const abouts = ['', 'nobody', ...checkIds, ...caseIds];
  const slots = [
    'welcome',
    'nothing',
    'report:nobody',
    ...checkIds.flatMap((id) => [`progress:${id}`, `report:${id}`, `details:${id}`]),
    ...caseIds.flatMap((id) => [`it-root:${id}`, `it-evidence:${id}.imap`]),
    ...conversation.notices.slice(-2).map(({ id }) => `notice:${id}`),
  ];
  const people = [
    { by: anna, inItChannel: false },
    { by: omar, inItChannel: true },
    { by: ines, inItChannel: true },
    { by: ines, inItChannel: false },
  ];
  const values = [
    {},
    { ...servers, address: anna.id },
    { comment: 'x'.repeat(10_000), reply: 'ja', question: 'wann?' },
  ];
  return [
    ...[
      '',
      'Hilfe',
      'Status',
      'Sprache en',
      'vergessen',
      '„UNAUTHORIZED“',
      'anna@firma.example',
      'anna@',
      'soso',
      'x'.repeat(9000),
    ].flatMap((text) => (['command', 'message'] as const).map((as) => ({ type: 'said', text, as }) as const)),
    ...abouts.flatMap((about) =>
      people.flatMap((who): Happening[] => [
        ...buttonActions.map((action) => ({ type: 'pressed', action, about, ...who }) as const),
        ...formNames.flatMap((form) =>
          values.map((typed) => ({ type: 'submitted', form, about, values: typed, ...who }) as const),
        ),
      ]),
    ),
    ...abouts.flatMap((escalationId): Happening[] =>
      ['', 'wann?'].map((text) => ({ type: 'replied-in-thread', escalationId, text, by: omar })),
    ),
    ...['nobody', ...checkIds].flatMap((checkId): Happening[] => [
      ...[allMet, blocked, unsettled, loginPossible].map(
        (assessment) =>
          ({ type: 'check-finished', checkId, assessment, transcripts, durationMs: 1 }) as const,
      ),
      { type: 'check-failed', checkId },
      ...(['sending', 'cleared'] as const).map(
        (phase) => ({ type: 'test-mail', checkId, header: 'd3b07384', phase }) as const,
      ),
    ]),
    ...['nobody', ...caseIds].flatMap((escalationId): Happening[] => aboutCase(conversation, escalationId)),
    ...['', checkIds.at(-1) ?? 'nobody'].flatMap((checkId): Happening[] => [
      { type: 'login-submitted', checkId, noticeId: conversation.openLogin ?? '' },
      { type: 'login-submitted', checkId, noticeId: conversation.openLogin ?? '', sendTestMail: true },
    ]),
    ...[null, ''].flatMap((answers) =>
      outcomes.map(
        (outcome): Happening => ({ type: 'discovered', address: 'anna@firma.example', outcome, answers }),
      ),
    ),
    { type: 'introduced', name: 'Anna', locale: 'en', address: 'anna@firma.example' },
    ...limitedThings.flatMap((what) =>
      acts(caseIds.at(-1) ?? '').map(
        (instead): Happening => ({ type: 'refused', what, until: start + 90_000, instead }),
      ),
    ),
    { type: 'erasing' },
    ...slots.flatMap((slot): Happening[] => [
      { type: 'posted', slot, ref: { platform: 'recording', id: `m-${slot}` } },
      { type: 'undelivered', slot },
    ]),
  ];
};

const host = { conversationId: 'c9', escalationId: 'k9' };

/** What comes from other conversations, from the watch and from the clock. */
const aboutCase = (conversation: Conversation, escalationId: string): Happening[] => {
  const known = conversation.escalations.find(({ id }) => id === escalationId);
  const look = known?.watch?.look ?? 1;
  const count = known?.retry?.count ?? 1;
  const reminder = known?.reminder?.number ?? 1;
  const key = causeKeyOf(conversation, escalationId);
  const root = { platform: 'recording', id: 'm9' };
  const acts = [
    { type: 'claimed', by: omar },
    { type: 'asked', by: omar.name, text: 'wann?' },
    { type: 'resolved', by: omar.name },
    { type: 'reopened', by: omar.name },
    { type: 'gone' },
    { type: 'back' },
  ] as const;
  return [
    ...acts.map((act) => ({ type: 'thread-did', escalationId, act }) as const),
    ...(['left', 'answered', 'reopened'] as const).flatMap((type) =>
      [escalationId, 'bea'].map(
        (member) => ({ type: 'member-did', escalationId, member, act: { type } }) as const,
      ),
    ),
    ...[key, 'another'].map(
      (one) =>
        ({
          type: 'member-came',
          escalationId,
          member: { id: 'bea', conversationId: 'c2', person: ines },
          key: one,
        }) as const,
    ),
    ...[host, null].map((to) => ({ type: 'joining', escalationId, to }) as const),
    ...[omar, null].map((claimedBy) => ({ type: 'joined', escalationId, root, claimedBy }) as const),
    ...[look, look - 1].flatMap((one): Happening[] => [
      ...[allMet, blocked, unsettled, gone].map(
        (assessment) => ({ type: 'watched', escalationId, look: one, assessment }) as const,
      ),
      { type: 'watch-failed', escalationId, look: one },
    ]),
    { type: 'thread-lost', escalationId, root },
    ...[count, count - 1].map((one) => ({ type: 'hand-over-due', escalationId, count: one }) as const),
    ...[reminder, reminder - 1].map((number) => ({ type: 'reminder-due', escalationId, number }) as const),
  ];
};

const causeKeyOf = (conversation: Conversation, escalationId: string): string => {
  const escalation = conversation.escalations.find(({ id }) => id === escalationId);
  return (escalation && causeKey(conversation, escalation)) ?? '';
};

const after = (...happenings: readonly Happening[]): Conversation =>
  happenings.reduce(
    (state, happening, index) => step(state, { ...happening, at: start, id: `e${index}` }, rules)[0],
    begin(),
  );

const byAnna = { about: '', by: anna, inItChannel: false } as const;
const addressGiven: Happening = {
  type: 'submitted',
  form: 'address',
  values: { address: 'anna@firma.example' },
  ...byAnna,
};
/** Where the whole of it begins, and where a link to the login page has just been sent. */
const newcomer = after(addressGiven);
const loggingIn = after(
  addressGiven,
  { type: 'submitted', form: 'servers', values: servers, ...byAnna },
  { type: 'check-finished', checkId: 'e1', assessment: loginPossible, transcripts, durationMs: 1 },
  { type: 'pressed', action: 'test-login', ...byAnna, about: 'e1' },
);

const explore = (first: Conversation, most: number): { states: Conversation[]; steps: number } => {
  const known = new Map([[kindOf(first), first]]);
  const queue = [first];
  let steps = 0;
  for (let conversation = queue.shift(); conversation && known.size < most; conversation = queue.shift()) {
    for (const happening of everything(conversation)) {
      steps += 1;
      const event: Event = { ...happening, at: start + steps, id: `e${steps}` };
      const [next, effects] = step(conversation, event, rules);
      for (const effect of effects) {
        if (effect.type === 'show') expect(dueSubject(next, effect.slot), effect.slot).not.toBeNull();
        if (effect.type === 'diagnose' || effect.type === 'try-login')
          expect(next.checks.find(({ id }) => id === effect.checkId)?.state).toBe('running');
      }
      const answers = effects.filter(({ type }) => type === 'answer' || type === 'open-form');
      if (event.type === 'submitted') expect(answers, JSON.stringify(event)).toHaveLength(1);
      else expect(answers.length).toBeLessThanOrEqual(1);
      const live = `notice:${next.openLogin}`;
      expect(effects.some((effect) => effect.type === 'show' && effect.slot === live)).toBe(false);
      expect(next.checks.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(1);
      const kind = kindOf(next);
      if (next !== conversation && !known.has(kind)) {
        known.set(kind, next);
        queue.push(next);
      }
    }
  }
  return { states: [...known.values()], steps };
};

describe('the conversation', () => {
  const fromStart = explore(newcomer, 800);
  const fromCheck = explore(loggingIn, 200);
  const states = [...fromStart.states, ...fromCheck.states];
  const steps = fromStart.steps + fromCheck.steps;

  test('answers every event in every state that can be reached, without an error', () => {
    expect(steps).toBeGreaterThan(10_000);
    const reached = new Set(states.flatMap(({ escalations }) => escalations.map(({ state }) => state)));
    expect([...reached].sort()).toEqual([...escalationStates].sort());
    expect(states.some(({ openLogin }) => openLogin !== null)).toBe(true);
    expect(states.some(({ checks }) => checks.some(({ withLogin }) => withLogin))).toBe(true);
    const lookups = new Set(states.map(({ lookup }) => lookup?.state));
    expect([...lookups].sort()).toEqual(['failed', 'found', 'looking', 'refused', undefined].sort());
  });

  test('is always one that can be stored and read again', () => {
    for (const state of states)
      expect(conversationSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test('shows only buttons that are accepted, and never two that are the same', () => {
    for (const state of states) {
      for (const slot of Object.keys(state.messages)) {
        const offered = buttonsOf(state, slot, { now: start, itChannel: true, loginPage: true });
        expect(new Set(offered.map(({ action }) => action)).size).toBe(offered.length);
        const who = slot.startsWith('it-')
          ? { by: omar, inItChannel: true }
          : { by: anna, inItChannel: false };
        for (const { action, about } of offered) {
          const [after] = step(
            state,
            { at: start, id: 'click', type: 'pressed', action, about, ...who },
            rules,
          );
          const refused = after.notices.filter(({ id }) => id.startsWith('click-')).map(({ kind }) => kind);
          expect(refused, `${slot} ${action}`).not.toContain('stale');
          expect(refused, `${slot} ${action}`).not.toContain('not-allowed');
        }
      }
    }
  });

  test('has words for every message and form of every state, in both languages', () => {
    for (const state of states) {
      for (const locale of ['de', 'en'] as const) {
        const told = { ...state, locale };
        for (const slot of Object.keys(state.messages) as Parameters<typeof wording.message>[1][]) {
          const message = wording.message(told, slot);
          if (subjectOf(told, slot) === null) continue;
          expect(message.summary, slot).not.toBe('');
          expect(message.blocks.length, slot).toBeGreaterThan(0);
          expect(JSON.stringify(message), slot).not.toMatch(/\{\{|views:|forms:|undefined/u);
        }
        for (const form of formNames) {
          const { title, submit, cancel } = wording.form(told, form, state.escalations[0]?.id ?? '');
          for (const text of [title, submit, cancel]) expect(text.length).toBeLessThanOrEqual(24);
        }
      }
    }
  });

  test('is not changed by an event that comes twice', () => {
    for (const state of states.slice(0, 100)) {
      for (const happening of everything(state)) {
        if (happening.type !== 'check-finished' && happening.type !== 'posted') continue;
        const [once] = step(state, { ...happening, at: start, id: 'first' }, rules);
        const [, effects] = step(once, { ...happening, at: start, id: 'second' }, rules);
        expect(effects).toEqual([]);
      }
    }
  });
});
