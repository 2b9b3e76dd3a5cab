/** Looking again at what a case is about, until it is gone. Nothing is said about a single look. */
import type { Account } from '../../diagnosis/account/account.ts';
import { type Endpoint, services } from '../../diagnosis/account/endpoint.ts';
import type { Assessment } from '../../diagnosis/finding.ts';
import type { Question } from '../../diagnosis/observed/extent.ts';
import { tellAll } from '../escalation/thread.ts';
import type { EventOf } from '../events/event.ts';
import type { Conversation, Escalation } from '../state/conversation.ts';
import type { Watch, WatchedCause } from '../state/escalation.ts';
import {
  checksOfEscalation,
  type FinishedCheck,
  findEscalation,
  isThreadActive,
  threadOf,
} from '../state/selectors.ts';
import { cause, changeEscalation, type Turn, tellThread } from '../turn.ts';
import { watchable } from './causes.ts';
import { showEscalation } from './checks.ts';

const second = 1000;
const hour = 60 * 60 * second;
const day = 24 * hour;
/** After something looks gone, or back, the second look comes this soon. */
const soonMs = 60 * second;
const longestMs = 6 * hour;
/** So many looks in a row make it true. */
const inARow = 2;

/** Doubles with every day on which nothing changed, up to six hours. */
const usualDelay = (unchangedMs: number, intervalMs: number): number =>
  Math.max(intervalMs, Math.min(longestMs, intervalMs * 2 ** Math.floor(unchangedMs / day)));

const isOpen = (escalation: Escalation): boolean =>
  escalation.joinedTo === null && escalation.delivery === 'arrived' && isThreadActive(escalation);

const sameCause = (one: Omit<WatchedCause, 'passes' | 'misses'>, other: WatchedCause): boolean =>
  one.requirement === other.requirement &&
  one.service === other.service &&
  one.host === other.host &&
  one.port === other.port;

const toWatch = (check: FinishedCheck): WatchedCause[] => {
  const all = watchable(check).map(
    ({ requirement, endpoint: { service, host, port } }): WatchedCause => ({
      requirement,
      service,
      host,
      port,
      passes: 0,
      misses: 0,
    }),
  );
  return all.filter((one, index) => all.findIndex((other) => sameCause(one, other)) === index);
};

const plan = (turn: Turn, id: string, watch: Watch): Turn => {
  const { watchIntervalMs } = turn.rules;
  const isDoubtful = watch.causes.some(({ passes, misses }) =>
    watch.told === 'gone' ? misses === 1 : passes === 1,
  );
  const usual = usualDelay(turn.stamp.at - watch.since, watchIntervalMs);
  const afterMs = isDoubtful ? Math.min(soonMs, watchIntervalMs) : usual;
  const look = watch.look + 1;
  const planned = changeEscalation(turn, id, { watch: { ...watch, look } });
  return cause(planned, { type: 'watch', escalationId: id, look, afterMs });
};

/** Begins anew with what `check` has seen, or with what was handed over; what stands in the way comes first. */
export const startWatch = (turn: Turn, id: string, check: FinishedCheck | null = null): Turn => {
  const escalation = findEscalation(turn.conversation, id);
  if (!escalation || !isOpen(escalation)) return turn;
  const { first, newest } = checksOfEscalation(turn.conversation, escalation);
  const seen = [check, newest, first].filter((one) => one !== null);
  const from =
    seen.find((one) => watchable(one).some(({ severity }) => severity === 'blocker')) ??
    seen.find((one) => watchable(one).length > 0);
  if (!from) return turn;
  const look = escalation.watch?.look ?? 0;
  return plan(turn, id, { look, causes: toWatch(from), since: turn.stamp.at, told: 'nothing' });
};

/** Absent, unknown and not applicable are neither gone nor there: they only break the row. */
const lookAt = (cause: WatchedCause, { findings }: Assessment): WatchedCause => {
  const verdicts = findings
    .filter(({ requirement, endpoint }) => endpoint && sameCause({ requirement, ...endpoint }, cause))
    .map(({ verdict }) => verdict);
  if (verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass'))
    return { ...cause, passes: Math.min(inARow, cause.passes + 1), misses: 0 };
  const isThere = verdicts.some((verdict) => verdict === 'fail' || verdict === 'warn');
  return { ...cause, passes: 0, misses: isThere ? Math.min(inARow, cause.misses + 1) : 0 };
};

const tellGone = (turn: Turn, escalation: Escalation): Turn => {
  const told = tellThread(turn, 'gone', {
    escalationId: escalation.id,
    calls: threadOf(escalation).claimedBy,
  });
  return tellAll(showEscalation(told, escalation), escalation.id, { act: { type: 'gone' } });
};

const tellBack = (turn: Turn, escalation: Escalation): Turn => {
  const relapse = { at: turn.stamp.at, isOver: false };
  const known = changeEscalation(turn, escalation.id, { relapse });
  const told = tellThread(known, 'back', {
    escalationId: escalation.id,
    calls: threadOf(escalation).claimedBy,
  });
  return tellAll(showEscalation(told, escalation), escalation.id, { act: { type: 'back' } });
};

/** Gone, back and gone again: after that it has been said often enough. */
const judge = (turn: Turn, escalation: Escalation, watch: Watch): Turn => {
  const allGone = watch.causes.every(({ passes }) => passes >= inARow);
  const isBack = watch.causes.some(({ misses }) => misses >= inARow);
  const become = (told: Watch['told']): Watch => ({ ...watch, told, since: turn.stamp.at });
  const { id } = escalation;
  if (watch.told === 'nothing' && allGone) return tellGone(plan(turn, id, become('gone')), escalation);
  if (watch.told === 'gone' && isBack) return tellBack(plan(turn, id, become('back')), escalation);
  if (watch.told === 'back' && allGone)
    return tellGone(changeEscalation(turn, id, { watch: become('gone-again') }), escalation);
  return watch.told === 'gone-again' ? turn : plan(turn, id, watch);
};

const isPassing = ({ passes }: WatchedCause): boolean => passes > 0;

/** One look has been made, by ourselves or because IT asked for it. */
const observe = (turn: Turn, escalation: Escalation, assessment: Assessment): Turn => {
  const { watch } = escalation;
  if (!watch || !isOpen(escalation)) return turn;
  const causes = watch.causes.map((one) => lookAt(one, assessment));
  const isChanged = causes.some((one, index) => {
    const before = watch.causes[index];
    return !before || isPassing(before) !== isPassing(one);
  });
  return judge(turn, escalation, { ...watch, causes, since: isChanged ? turn.stamp.at : watch.since });
};

/** A whole check for the case: what it finds in the way besides is watched from now on. */
export const observeCheck = (turn: Turn, escalation: Escalation, check: FinishedCheck): Turn => {
  const known = escalation.watch?.causes ?? [];
  const blockers = watchable(check).filter(({ severity }) => severity === 'blocker');
  const isNew = blockers.some(
    ({ requirement, endpoint }) => !known.some((one) => sameCause({ requirement, ...endpoint }, one)),
  );
  return isNew ? startWatch(turn, escalation.id, check) : observe(turn, escalation, check.assessment);
};

/** The case whose planned look this is; null: it has ended, or another look is planned. */
const planned = (
  conversation: Conversation,
  { escalationId, look }: { escalationId: string; look: number },
) => {
  const escalation = findEscalation(conversation, escalationId);
  return escalation && isOpen(escalation) && escalation.watch?.look === look ? escalation : null;
};

/** The way in that was found where nobody had named one: to look for it again would cost connections. */
const withWayIn = (endpoint: Endpoint | null, { assessment }: FinishedCheck): Endpoint | null => {
  if (endpoint?.encryption !== 'auto') return endpoint;
  const used = assessment.findings.find((one) => one.endpoint?.service === endpoint.service)?.endpoint;
  return { ...endpoint, encryption: used?.encryption ?? 'auto' };
};

/** What a planned look is about. Null: nothing any more. */
export const questionToWatch = (
  conversation: Conversation,
  due: { escalationId: string; look: number },
): { account: Account; question: Question } | null => {
  const escalation = planned(conversation, due);
  const { first } = escalation ? checksOfEscalation(conversation, escalation) : { first: null };
  if (!escalation?.watch || !first) return null;
  const { causes, told } = escalation.watch;
  const requirements = Object.fromEntries(
    services.flatMap((service) => {
      const own = causes.filter((one) => one.service === service).map(({ requirement }) => requirement);
      return own.length > 0 ? [[service, own]] : [];
    }),
  );
  const { account } = first;
  return {
    account: { ...account, imap: withWayIn(account.imap, first), smtp: withWayIn(account.smtp, first) },
    // Until it has once been gone, that it is there is known already.
    question: { requirements, isProofSought: told === 'gone' },
  };
};

export const watched = (turn: Turn, event: EventOf<'watched'>): Turn => {
  const escalation = planned(turn.conversation, event);
  return escalation ? observe(turn, escalation, event.assessment) : turn;
};

export const watchFailed = (turn: Turn, event: EventOf<'watch-failed'>): Turn => {
  const escalation = planned(turn.conversation, event);
  return escalation?.watch ? plan(turn, escalation.id, escalation.watch) : turn;
};
