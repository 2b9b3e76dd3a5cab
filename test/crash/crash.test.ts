/** Given a bot that dies at random moments, when reps and IT go their whole way, then no case and no message is lost. */
import { describe, expect, it } from 'vitest';
import { embedded, postgresOnItsClock } from '../store/engines.ts';
import { runCrashes } from './run.ts';

/** What is lost one time in two is lost. */
const onceOnly = { timeout: 120_000, retry: 0 };

describe.each([embedded, postgresOnItsClock])('$name', ({ newDatabase }) => {
  it('one process, killed five times', onceOnly, async () => {
    const { address } = await newDatabase();
    const { faults, journeys, messages } = await runCrashes(address, { kills: 5, processes: 1, atOnce: 3 });
    expect(faults).toEqual([]);
    expect(journeys).toBeGreaterThanOrEqual(3);
    expect(messages).toBeGreaterThan(journeys * 8);
  });
});

it(
  'two processes share one PostgreSQL behind a proxy, and one of them is killed, five times',
  onceOnly,
  async () => {
    const { address } = await postgresOnItsClock.newDatabase();
    const { faults, journeys } = await runCrashes(address, { kills: 5, processes: 2, atOnce: 3 });
    expect(faults).toEqual([]);
    expect(journeys).toBeGreaterThanOrEqual(3);
  },
);
