/** What becomes of the conversations of others when somebody in them is forgotten: they go on without her name. */

import { showEscalation } from '../check/checks.ts';
import type { EventOf } from '../events/event.ts';
import type { Conversation, Escalation, Notice } from '../state/conversation.ts';
import type { PersonRef } from '../state/escalation.ts';
import { nobody } from '../state/escalation.ts';
import { findEscalation, isConcerned } from '../state/selectors.ts';
import { change, changeEscalation, type Turn } from '../turn.ts';
import { memberDid } from './thread-members.ts';

type Named = PersonRef & { name: string };

const isPerson = (one: PersonRef | null, other: PersonRef): boolean =>
  one?.platform === other.platform && one.id === other.id;

/** As she was called at the time, besides what she is called now. */
const namesIn = ({ escalations }: Conversation, person: PersonRef, known: readonly string[]): Set<string> => {
  const people: (Named | null)[] = escalations.flatMap(({ claimedBy, thread }) => [
    claimedBy,
    thread?.claimedBy ?? null,
    ...(thread?.members.map((member) => member.person) ?? []),
  ]);
  const names = people.flatMap((one) => (one && isPerson(one, person) ? one.name : []));
  return new Set([...known, ...names].filter((name) => name !== ''));
};

type Claimable = Pick<Escalation, 'state' | 'claimedBy' | 'resolvedBy' | 'before'>;

/** What she had in hand is open again for whoever comes next. */
const without = <T extends Claimable>(one: T, person: PersonRef, names: ReadonlySet<string>): T => {
  const resolvedBy = one.resolvedBy !== null && names.has(one.resolvedBy) ? '' : one.resolvedBy;
  if (!isPerson(one.claimedBy, person)) return resolvedBy === one.resolvedBy ? one : { ...one, resolvedBy };
  const state = one.state === 'claimed' ? 'open' : one.state;
  return { ...one, resolvedBy, claimedBy: null, state, before: 'open' };
};

const escalationWithout = (
  escalation: Escalation,
  person: PersonRef,
  names: ReadonlySet<string>,
): Escalation => {
  const own = without(escalation, person, names);
  if (!own.thread) return own;
  const thread = without(own.thread, person, names);
  const isIn = thread.members.some((member) => isPerson(member.person, person));
  const members = thread.members.map((member) =>
    isPerson(member.person, person) ? { ...member, person: nobody(member.person) } : member,
  );
  const history = thread.history.map((entry) =>
    isPerson(entry.who, person) ? { ...entry, who: { ...person, id: '' } } : entry,
  );
  const isKept = thread.history.some(({ who }) => isPerson(who, person));
  if (!isIn && !isKept && thread === own.thread) return own;
  return { ...own, thread: isIn || isKept ? { ...thread, members, history } : thread };
};

const noticesWithout = (
  notices: Conversation['notices'],
  person: PersonRef,
  names: ReadonlySet<string>,
): Conversation['notices'] => {
  const isHers = (text: string | null): boolean => text !== null && names.has(text);
  const callsHer = (notice: Notice): boolean => notice.to === 'thread' && isPerson(notice.calls, person);
  if (!notices.some((one) => isHers(one.by) || isHers(one.text) || callsHer(one))) return notices;
  return notices.map((notice) => ({
    ...notice,
    by: isHers(notice.by) ? '' : notice.by,
    text: isHers(notice.text) ? '' : notice.text,
    ...(callsHer(notice) && { calls: null }),
  }));
};

/** Whom it concerned no longer does, even where her own leaving was never heard of. */
const leave = (turn: Turn, before: Escalation, person: PersonRef): Turn => {
  const still = before.thread?.members.filter(
    (member) => isConcerned(member) && isPerson(member.person, person),
  );
  return (still ?? []).reduce(
    (left, { id }) => memberDid(left, { escalationId: before.id, member: id, act: { type: 'left' } }),
    turn,
  );
};

export const personForgotten = (turn: Turn, { person, names }: EventOf<'person-forgotten'>): Turn => {
  const { escalations } = turn.conversation;
  const called = namesIn(turn.conversation, person, names);
  const notices = noticesWithout(turn.conversation.notices, person, called);
  const anonymous = notices === turn.conversation.notices ? turn : change(turn, { notices });
  return escalations.reduce((so, before) => {
    const after = escalationWithout(before, person, called);
    if (after === before) return so;
    const changed = leave(changeEscalation(so, before.id, after), before, person);
    return showEscalation(changed, findEscalation(changed.conversation, before.id) ?? after);
  }, anonymous);
};
