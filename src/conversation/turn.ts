import type { ParseRules } from '../diagnosis/account/parse.ts';
import type { LoginRules } from './check/login-test.ts';
import type { Effect, Slot } from './events/effect.ts';
import type { Stamp } from './events/event.ts';
import type { Check, Conversation, Escalation, Notice } from './state/conversation.ts';
import { buttonsOf } from './view/buttons.ts';
import { dueSubject } from './view/slot.ts';

/** What the operator allows. `itChannel`: there is one to hand a case over to. */
export type Rules = ParseRules &
  LoginRules & {
    itChannel: boolean;
    /** Between two looks at what a case is about, in milliseconds. */
    watchIntervalMs: number;
    /** Whoever is waited for is reminded of it. */
    reminders?: boolean;
  };

/** One step under way: the conversation so far and what is to be done. Never changed, only replaced. */
export type Turn = {
  conversation: Conversation;
  effects: readonly Effect[];
  stamp: Stamp;
  rules: Rules;
};

export const change = (turn: Turn, changes: Partial<Conversation>): Turn => ({
  ...turn,
  conversation: { ...turn.conversation, ...changes },
});

export const cause = (turn: Turn, ...effects: readonly Effect[]): Turn => ({
  ...turn,
  effects: [...turn.effects, ...effects],
});

export const show = (turn: Turn, ...slots: readonly Slot[]): Turn =>
  cause(turn, ...slots.map((slot) => ({ type: 'show', slot }) as const));

export const changeCheck = (turn: Turn, id: string, changes: Partial<Check>): Turn =>
  change(turn, {
    checks: turn.conversation.checks.map((check) => (check.id === id ? { ...check, ...changes } : check)),
  });

export const changeEscalation = (turn: Turn, id: string, changes: Partial<Escalation>): Turn =>
  change(turn, {
    escalations: turn.conversation.escalations.map((one) => (one.id === id ? { ...one, ...changes } : one)),
  });

type NoticeContent = { by?: string; text?: string; checkId?: string };
type RepKind = Extract<Notice, { to: 'rep' }>['kind'];
type ThreadKind = Extract<Notice, { to: 'thread' }>['kind'];

const addNotice = (turn: Turn, notice: Notice): Turn =>
  show(change(turn, { notices: [...turn.conversation.notices, notice] }), `notice:${notice.id}`);

const filled = ({ by, text, checkId }: NoticeContent) => ({
  by: by ?? null,
  text: text ?? null,
  checkId: checkId ?? null,
});

/** A line of its own for the rep. */
export const tellRep = (
  turn: Turn,
  kind: RepKind,
  about: NoticeContent & { escalationId?: string } = {},
): Turn =>
  addNotice(turn, {
    id: `${turn.stamp.id}-${kind}`,
    to: 'rep',
    kind,
    ...filled(about),
    escalationId: about.escalationId ?? null,
  });

/** A line of its own in the thread of a case. */
export const tellThread = (
  turn: Turn,
  kind: ThreadKind,
  about: NoticeContent & { escalationId: string; calls?: Escalation['claimedBy'] },
): Turn =>
  addNotice(turn, {
    id: `${turn.stamp.id}-${kind}-thread`,
    to: 'thread',
    kind,
    ...filled(about),
    escalationId: about.escalationId,
    calls: about.calls ?? null,
  });

/** Messages whose buttons are no longer what they were when this turn began: stale ones must not stay. */
const outdated = (before: Conversation, turn: Turn): Effect[] => {
  const { itChannel, loginPage = false, refusesForeignServers = false } = turn.rules;
  const around = { now: turn.stamp.at, itChannel, loginPage, refusesForeignServers };
  const buttons = (conversation: Conversation, slot: string) =>
    JSON.stringify(buttonsOf(conversation, slot, around));
  return (Object.keys(turn.conversation.messages) as Slot[])
    .filter((slot) => buttons(before, slot) !== buttons(turn.conversation, slot))
    .map((slot) => ({ type: 'show', slot }));
};

const sameEffect = (one: Effect) => (other: Effect) => JSON.stringify(one) === JSON.stringify(other);

/** Ends a turn: outdated messages are shown again, nothing is done twice, and nothing is shown that has no words. */
export const finish = (before: Conversation, turn: Turn): [Conversation, Effect[]] => {
  const isDue = (effect: Effect) =>
    effect.type !== 'show' || dueSubject(turn.conversation, effect.slot) !== null;
  const all = [...outdated(before, turn), ...turn.effects].filter(isDue);
  const once = all.filter((effect, index) => all.findIndex(sameEffect(effect)) === index);
  const changed = turn.conversation !== before;
  return [changed ? { ...turn.conversation, updatedAt: turn.stamp.at } : before, once];
};
