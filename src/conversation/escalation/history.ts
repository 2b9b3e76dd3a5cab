/** Who did what in a thread, for whoever has to answer for it later: ids and times, none of anybody's words. */

import type { Event } from '../events/event.ts';
import type { Conversation, Escalation } from '../state/conversation.ts';
import type { HistoryEntry, Member, PersonRef, Thread, threadActs } from '../state/escalation.ts';
import { findEscalation } from '../state/selectors.ts';

type RecordedAct = (typeof threadActs)[number];
type Deed = { act: RecordedAct; who: PersonRef | null };

/** The latest of a thread; one that is opened again and again must not grow without end. */
const mostEntries = 300;

const isSame = (one: PersonRef | null, other: PersonRef | null): boolean =>
  one?.platform === other?.platform && one?.id === other?.id;

const ofMember = (before: Member | undefined, after: Member, isResolved: boolean): RecordedAct | null => {
  if (!before) return after.state === 'left' ? null : 'joined';
  if (before.state === after.state) return null;
  if (after.state === 'left') return 'left';
  return before.state === 'waiting' && !isResolved ? 'answered' : null;
};

const ofMembers = (before: Thread, after: Thread): Deed[] =>
  after.members.flatMap((member) => {
    const known = before.members.find(({ id }) => id === member.id);
    const act = ofMember(known, member, after.state === 'resolved');
    return act ? [{ act, who: member.person }] : [];
  });

const isAsked = (before: Thread, after: Thread): boolean =>
  after.members.some(
    ({ id, state }) =>
      state === 'waiting' && before.members.find((one) => one.id === id)?.state !== 'waiting',
  );

/** By a person whose event it is; a rep's own reach the thread under the id of her case. */
const actorOf = (event: Event, { members }: Thread): PersonRef | null => {
  if ('by' in event) return event.by;
  return event.type === 'member-did' ? (members.find(({ id }) => id === event.member)?.person ?? null) : null;
};

const stateActs = {
  resolved: 'resolved',
  withdrawn: 'withdrawn',
  open: 'reopened',
} as const satisfies Partial<Record<Thread['state'], RecordedAct>>;

const ofState = (before: Thread, after: Thread): RecordedAct | null => {
  const { state } = after;
  if (state === before.state || state === 'claimed' || state === 'waiting-for-rep') return null;
  return state !== 'open' || before.state === 'resolved' ? stateActs[state] : null;
};

const ofThread = (before: Thread, after: Thread, event: Event): Deed[] => {
  const actor = actorOf(event, after);
  const state = ofState(before, after);
  const isClaimed = after.claimedBy !== null && !isSame(before.claimedBy, after.claimedBy);
  return [
    ...ofMembers(before, after),
    ...(isClaimed ? [{ act: 'claimed' as const, who: after.claimedBy }] : []),
    ...(isAsked(before, after) ? [{ act: 'asked' as const, who: actor }] : []),
    ...(state ? [{ act: state, who: actor }] : []),
  ];
};

/** What was done to a case in one step. Where the thread comes from somewhere else, it brings its own. */
const ofEscalation = (before: Escalation | null, after: Escalation, event: Event): Deed[] => {
  const { thread } = after;
  if (!thread || event.type === 'person-forgotten') return [];
  if (!before?.thread && event.type === 'thread-passed') return [{ act: 'moved', who: null }];
  const [rep] = thread.members;
  if (!before?.thread)
    return after.delivery === 'pending' ? [{ act: 'handed-over', who: rep?.person ?? null }] : [];
  const hasArrived = before.delivery !== 'arrived' && after.delivery === 'arrived';
  const told = before.watch?.told === after.watch?.told ? null : after.watch?.told;
  return [
    ...(hasArrived ? [{ act: 'arrived' as const, who: null }] : []),
    ...ofThread(before.thread, thread, event),
    ...(told === 'gone' || told === 'gone-again' ? [{ act: 'gone' as const, who: null }] : []),
    ...(told === 'back' ? [{ act: 'back' as const, who: null }] : []),
  ];
};

const entry = ({ act, who }: Deed, at: number): HistoryEntry => ({
  at,
  act,
  who: who && { platform: who.platform, id: who.id },
});

/** Notes in each thread what this event has done to it. */
export const withHistory = (before: Conversation, after: Conversation, event: Event): Conversation => {
  if (before.escalations === after.escalations) return after;
  const escalations = after.escalations.map((one): Escalation => {
    const done = ofEscalation(findEscalation(before, one.id), one, event);
    if (!one.thread || done.length === 0) return one;
    const history = [...one.thread.history, ...done.map((each) => entry(each, event.at))];
    return { ...one, thread: { ...one.thread, history: history.slice(-mostEntries) } };
  });
  return { ...after, escalations };
};
