/** How the cases went, as the operator's command counts it. */
import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../src/conversation/state/conversation.ts';
import { readStats, statsAsCsv } from '../../src/operator/stats.ts';
import type { Store } from '../../src/store/ports.ts';
import { statsBlocks } from '../../src/wording/messages/stats.ts';
import { handedOver, start, type Tale } from '../conversation/fixtures.ts';
import { engines } from '../store/engines.ts';

const minute = 60_000;
const hour = 60 * minute;
const month = 31 * 24 * hour;

/** Claimed and resolved after so many minutes; what it began with is the same for all. */
const fixed = (claimed: number, resolved: number): Tale => {
  const tale = handedOver();
  tale.later(claimed * minute);
  tale.pressAsIt('claim', tale.newestCaseId());
  tale.later((resolved - claimed) * minute);
  tale.pressAsIt('resolve', tale.newestCaseId());
  return tale;
};

/** Everything that it says of time, moved. */
const moved = <T>(value: T, ms: number): T =>
  JSON.parse(JSON.stringify(value), (key, one: unknown) =>
    ['at', 'openedAt', 'resolvedAt', 'createdAt', 'updatedAt', 'startedAt'].includes(key) &&
    typeof one === 'number'
      ? one + ms
      : one,
  ) as T;

/** Tales give the same ids; cases never have the same. */
const apart = (conversation: Conversation, index: number): Conversation => {
  const [one] = conversation.escalations;
  const text = JSON.stringify(conversation);
  return JSON.parse(text.replaceAll(`"${one?.id}"`, `"case-${index}"`)) as Conversation;
};

const keep = async (store: Store, ...all: Conversation[]): Promise<void> => {
  for (const [index, conversation] of all.entries())
    await store.save({ ...conversation, id: `c${index}` }, null, []);
};

describe.each(engines)('$name', ({ newDatabase }) => {
  test('times, causes and reopened cases are counted by the month in which they began', async () => {
    const store = await (await newDatabase()).open();
    const again = fixed(10, 60);
    again.press('it-failed', again.newestCaseId());
    again.later(hour);
    again.pressAsIt('resolve', again.newestCaseId());
    const worked = fixed(20, 40);
    worked.press('it-worked', worked.newestCaseId());
    const withdrawn = handedOver();
    withdrawn.press('withdraw', withdrawn.newestCaseId());
    const later = moved(fixed(5, 8).now, month);
    await keep(store, ...[again.now, worked.now, withdrawn.now, handedOver().now, later].map(apart));

    const stats = await readStats(store, null);
    expect(stats.months.map((one) => one.month)).toEqual(['2026-11', '2026-12']);
    expect(stats.months[0]).toMatchObject({
      cases: 4,
      people: 4,
      open: 1,
      withdrawn: 1,
      resolved: 2,
      reopened: 1,
      reopenRate: 0.5,
      toClaim: { count: 2, medianMs: 15 * minute, p90Ms: 20 * minute },
      toFix: { count: 2, medianMs: 80 * minute, p90Ms: 120 * minute },
      worked: 1,
      failed: 0,
      lacksTimes: 0,
      causes: [{ requirement: 'tls-min-version', reason: 'legacy-only', cases: 4 }],
    });
    expect(stats.months[1]).toMatchObject({ cases: 1, reopenRate: 0, toFix: { medianMs: 8 * minute } });
    expect(stats.all).toMatchObject({ cases: 5, reopened: 1 });

    const since = await readStats(store, Date.UTC(2026, 11, 1));
    expect(since.months.map((one) => [one.month, one.cases])).toEqual([['2026-12', 1]]);
  });

  test('data from before this was written down: what is known counts, what is missing is left out and said', async () => {
    const store = await (await newDatabase()).open();
    const { now } = fixed(10, 60);
    const [old] = now.escalations;
    if (!old?.thread) throw new Error('expected a case with a thread');
    const { outcome: _, ...before } = old;
    const withoutHistory = { ...before, thread: { ...old.thread, history: [] } };
    const withoutThread = { ...before, thread: null };
    const stored = [withoutHistory, withoutThread].map((one) => ({ ...now, escalations: [one] }));
    await keep(store, ...(stored as unknown as Conversation[]));

    const stats = await readStats(store, null);
    expect(stats.all).toMatchObject({
      cases: 2,
      resolved: 2,
      lacksTimes: 2,
      toClaim: { count: 0, medianMs: null, p90Ms: null },
      toFix: { count: 2, medianMs: hour },
      reopenRate: null,
    });
    const said = (locale: 'de' | 'en') => JSON.stringify(statsBlocks(stats, locale));
    expect(said('de')).toContain(
      'Bei 2 Fällen aus einer früheren Version sind nicht alle Zeiten aufgezeichnet.',
    );
    expect(said('en')).toContain('For 2 cases from an earlier version, not every time was recorded.');
  });

  test('a case that several share counts once, and all of their answers do', async () => {
    const store = await (await newDatabase()).open();
    const keeper = fixed(10, 60);
    keeper.press('it-worked', keeper.newestCaseId());
    const [own] = keeper.now.escalations;
    if (!own?.thread) throw new Error('expected a case with a thread');
    const bea = { platform: 'recording', id: 'U9', name: 'Bea Lang' };
    const member = { id: 'k2', conversationId: 'c1', person: bea, state: 'in' as const };
    const shared = { ...own, thread: { ...own.thread, members: [...own.thread.members, member] } };
    const joined = {
      ...own,
      id: 'k2',
      thread: null,
      joinedTo: { conversationId: 'c0', escalationId: own.id },
      outcome: { worked: false, at: start, isExplained: true },
    };
    await keep(
      store,
      { ...keeper.now, escalations: [shared] },
      { ...keeper.now, person: bea, escalations: [joined] },
    );
    expect((await readStats(store, null)).all).toMatchObject({ cases: 1, people: 2, worked: 1, failed: 1 });
  });
});

test('nothing in it says who it was, in any form', async () => {
  const [engine] = engines;
  const store = await (await engine.newDatabase()).open();
  await keep(store, fixed(10, 60).now, moved(fixed(5, 8).now, month));
  const stats = await readStats(store, null);
  const csv = statsAsCsv(stats);
  const all = JSON.stringify([stats, csv, statsBlocks(stats, 'de'), statsBlocks(stats, 'en')]);
  expect(all).not.toMatch(/anna|omar|firma\.example|@|U1/iu);

  const [header = '', ...rows] = csv.trimEnd().split('\r\n');
  expect(header).toMatch(/^month,requirement,reason,cases,people,open,/u);
  expect(rows.map((row) => row.split(',').slice(0, 4))).toEqual([
    ['2026-11', 'all', '', '1'],
    ['2026-11', 'tls-min-version', 'legacy-only', '1'],
    ['2026-12', 'all', '', '1'],
    ['2026-12', 'tls-min-version', 'legacy-only', '1'],
  ]);
  for (const row of rows) expect(row.split(',')).toHaveLength(header.split(',').length);
  expect(rows[0]).toContain(',600,600,1,3600,3600,');
});
