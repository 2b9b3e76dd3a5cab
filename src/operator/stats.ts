/** How IT's cases have gone, for whoever plans its work: numbers and causes, no names and no addresses. */
import { causesOf } from '../conversation/check/causes.ts';
import { isBeingPassedOn } from '../conversation/escalation/pass-on.ts';
import type { Conversation, Escalation } from '../conversation/state/conversation.ts';
import type { HistoryEntry, threadActs } from '../conversation/state/escalation.ts';
import { checksOfEscalation, isThreadActive, threadOf } from '../conversation/state/selectors.ts';
import type { Store } from '../store/ports.ts';

type Cause = { requirement: string; reason: string | null };

/** One thread in the IT channel. Times in milliseconds since the epoch; null: it has not happened, or is not on record. */
type CaseFacts = {
  id: string;
  begunAt: number;
  claimedAt: number | null;
  /** Of the last time, if it is resolved now. */
  resolvedAt: number | null;
  /** Null: it was never resolved, or what happened afterwards is not on record. */
  isReopened: boolean | null;
  /** Something that has happened to it is not on record: an earlier version did not write it down. */
  lacksTimes: boolean;
  state: 'open' | 'resolved' | 'withdrawn';
  people: number;
  causes: Cause[];
};

/** In milliseconds. */
export type Spread = { count: number; medianMs: number | null; p90Ms: number | null };

/** `reopenRate`: of the cases that were resolved and of which is known what came after, between 0 and 1. */
export type Figures = {
  cases: number;
  people: number;
  open: number;
  withdrawn: number;
  resolved: number;
  reopened: number;
  reopenRate: number | null;
  toClaim: Spread;
  toFix: Spread;
  /** By the reps' own word. */
  worked: number;
  failed: number;
  lacksTimes: number;
};
type CauseFigures = Cause & Figures;
/** `month`: when the cases began, as in 2026-11, by UTC; null: all of them. */
export type Period = Figures & { month: string | null; causes: CauseFigures[] };
/** `since`: milliseconds since the epoch; null: from the beginning. */
export type Stats = { since: number | null; months: Period[]; all: Period; unreadable: number };

type Outcome = 'worked' | 'failed';

const firstOf = (history: readonly HistoryEntry[], act: (typeof threadActs)[number]): number | null =>
  history.find((entry) => entry.act === act)?.at ?? null;

const wasReopened = (history: readonly HistoryEntry[]): boolean | null => {
  const resolved = history.findIndex(({ act }) => act === 'resolved');
  return resolved < 0 ? null : history.slice(resolved).some(({ act }) => act === 'reopened');
};

const stateOf = (escalation: Escalation): CaseFacts['state'] => {
  const { state } = threadOf(escalation);
  if (state === 'withdrawn' || state === 'resolved') return state;
  return isThreadActive(escalation) ? 'open' : 'withdrawn';
};

const uniqueCauses = (conversation: Conversation, escalation: Escalation): Cause[] => {
  const { first } = checksOfEscalation(conversation, escalation);
  const causes = (first ? causesOf(first) : []).map(({ requirement, reason }) => ({ requirement, reason }));
  return [...new Map(causes.map((one) => [JSON.stringify(one), one])).values()];
};

const factsOf = (conversation: Conversation, escalation: Escalation): CaseFacts => {
  const { history, claimedBy, members } = threadOf(escalation);
  const state = stateOf(escalation);
  const begunAt = firstOf(history, 'arrived') ?? firstOf(history, 'handed-over');
  const claimedAt = firstOf(history, 'claimed');
  const lastResolved = history.findLast(({ act }) => act === 'resolved')?.at ?? escalation.resolvedAt;
  const resolvedAt = state === 'resolved' ? lastResolved : null;
  const isReopened = wasReopened(history);
  const lacksClaim = begunAt === null && claimedAt === null && (claimedBy !== null || state === 'resolved');
  const lacksResolution = state === 'resolved' && (resolvedAt === null || isReopened === null);
  return {
    id: escalation.id,
    begunAt: begunAt ?? escalation.openedAt,
    claimedAt,
    resolvedAt,
    isReopened,
    lacksTimes: lacksClaim || lacksResolution,
    state,
    people: Math.max(1, members.length),
    causes: uniqueCauses(conversation, escalation),
  };
};

/** Nearest rank; of an even number of values the median is the mean of the two in the middle. */
const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? 0;
  const { length: count } = sorted;
  if (count === 0) return { count, medianMs: null, p90Ms: null };
  const median = (at(Math.floor((count - 1) / 2)) + at(Math.floor(count / 2))) / 2;
  return { count, medianMs: Math.round(median), p90Ms: at(Math.ceil(count * 0.9) - 1) };
};

const figuresOf = (cases: readonly CaseFacts[], outcomes: ReadonlyMap<string, Outcome[]>): Figures => {
  const known = cases.filter(({ isReopened }) => isReopened !== null);
  const reopened = known.filter(({ isReopened }) => isReopened).length;
  const said = cases.flatMap(({ id }) => outcomes.get(id) ?? []);
  const since = (begunAt: number, at: number | null): number[] =>
    at === null ? [] : [Math.max(0, at - begunAt)];
  return {
    cases: cases.length,
    people: cases.reduce((sum, { people }) => sum + people, 0),
    open: cases.filter(({ state }) => state === 'open').length,
    withdrawn: cases.filter(({ state }) => state === 'withdrawn').length,
    resolved: cases.filter(({ state }) => state === 'resolved').length,
    reopened,
    reopenRate: known.length === 0 ? null : reopened / known.length,
    toClaim: spreadOf(cases.flatMap(({ begunAt, claimedAt }) => since(begunAt, claimedAt))),
    toFix: spreadOf(cases.flatMap(({ begunAt, resolvedAt }) => since(begunAt, resolvedAt))),
    worked: said.filter((one) => one === 'worked').length,
    failed: said.filter((one) => one === 'failed').length,
    lacksTimes: cases.filter(({ lacksTimes }) => lacksTimes).length,
  };
};

const periodOf = (
  month: string | null,
  cases: readonly CaseFacts[],
  outcomes: ReadonlyMap<string, Outcome[]>,
): Period => {
  const byCause = new Map(cases.flatMap(({ causes }) => causes.map((one) => [JSON.stringify(one), one])));
  const causes = [...byCause].map(([key, cause]) => {
    const own = cases.filter((one) => one.causes.some((other) => JSON.stringify(other) === key));
    return { ...cause, ...figuresOf(own, outcomes) };
  });
  return {
    month,
    ...figuresOf(cases, outcomes),
    causes: causes.sort((one, other) => other.cases - one.cases),
  };
};

const monthOf = ({ begunAt }: CaseFacts): string => new Date(begunAt).toISOString().slice(0, 7);

/** Every case that has reached the IT channel and is still stored; `since`: those that began then or later. */
export const readStats = async (store: Store, since: number | null): Promise<Stats> => {
  const cases: CaseFacts[] = [];
  const outcomes = new Map<string, Outcome[]>();
  let unreadable = 0;
  for await (const conversation of store.conversations()) {
    if (!conversation) unreadable += 1;
    for (const one of conversation?.escalations ?? []) {
      const id = one.joinedTo?.escalationId ?? one.id;
      if (one.outcome)
        outcomes.set(id, [...(outcomes.get(id) ?? []), one.outcome.worked ? 'worked' : 'failed']);
      const isOwn = one.delivery === 'arrived' && one.joinedTo === null && !isBeingPassedOn(one);
      if (conversation && isOwn) cases.push(factsOf(conversation, one));
    }
  }
  const counted = cases.filter(({ begunAt }) => since === null || begunAt >= since);
  const months = [...Map.groupBy(counted, monthOf)].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    since,
    months: months.map(([month, own]) => periodOf(month, own, outcomes)),
    all: periodOf(null, counted, outcomes),
    unreadable,
  };
};

const seconds = (ms: number | null): string => (ms === null ? '' : String(Math.round(ms / 1000)));

const columns: Readonly<Record<string, (figures: Figures) => string>> = {
  cases: ({ cases }) => String(cases),
  people: ({ people }) => String(people),
  open: ({ open }) => String(open),
  withdrawn: ({ withdrawn }) => String(withdrawn),
  resolved: ({ resolved }) => String(resolved),
  reopened: ({ reopened }) => String(reopened),
  reopen_rate: ({ reopenRate }) => reopenRate?.toFixed(3) ?? '',
  claimed: ({ toClaim }) => String(toClaim.count),
  claim_median_seconds: ({ toClaim }) => seconds(toClaim.medianMs),
  claim_p90_seconds: ({ toClaim }) => seconds(toClaim.p90Ms),
  fixed: ({ toFix }) => String(toFix.count),
  fix_median_seconds: ({ toFix }) => seconds(toFix.medianMs),
  fix_p90_seconds: ({ toFix }) => seconds(toFix.p90Ms),
  worked: ({ worked }) => String(worked),
  failed: ({ failed }) => String(failed),
  without_times: ({ lacksTimes }) => String(lacksTimes),
};

/** RFC 4180. A line for each month, and below it one for each cause. All is ids and numbers, so that nothing needs quotes. */
export const statsAsCsv = ({ months }: Stats): string => {
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
  const cells = (figures: Figures): string[] => Object.values(columns).map((column) => column(figures));
  const rows = months.flatMap((period) => [
    line([period.month ?? '', 'all', '', ...cells(period)]),
    ...period.causes.map((cause) =>
      line([period.month ?? '', cause.requirement, cause.reason ?? '', ...cells(cause)]),
    ),
  ]);
  return [line(['month', 'requirement', 'reason', ...Object.keys(columns)]), ...rows].join('');
};
