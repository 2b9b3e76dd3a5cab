/** Several processes on one database, some of which die: nothing acknowledged is lost, and every queue keeps its order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conversationOf, show } from './conversations-and-jobs.ts';
import { type Database, embedded, postgresOnItsClock } from './engines.ts';
import { type Started, start, temporaryDirectory } from './scratch.ts';

const intact = async (database: Database): Promise<unknown> =>
  database.address.startsWith('postgres')
    ? [{ integrity_check: 'ok' }]
    : await database.sql('PRAGMA integrity_check');

describe.each([embedded, postgresOnItsClock])('$name', ({ newDatabase }) => {
  it('two workers drain 200 jobs although one of them is killed in the middle of its work, six times', {
    retry: 0,
  }, async () => {
    const database = await newDatabase();
    const log = join(await temporaryDirectory(), 'log');
    const store = await database.open();
    const queues = Array.from({ length: 10 }, (_, n) => `q${n}`);
    const slots = Array.from({ length: 20 }, (_, n) => String(n));
    for (const queue of queues)
      await store.save(
        conversationOf(queue),
        null,
        slots.map((slot) => show(slot, { queue })),
      );

    let held = 0;
    let kills = 0;
    const onLine = (_: string, { process }: Started) => {
      held += 1;
      if (held < (kills + 1) * 25 || kills === 6 || process.killed) return;
      kills += 1;
      process.kill('SIGKILL');
    };
    const keepWorking = async (): Promise<void> => {
      const { code, errors } = await start('worker.ts', [database.address, log], onLine).ended;
      expect(errors).toBe('');
      if (code !== 0) await keepWorking();
    };
    await Promise.all([keepWorking(), keepWorking()]);

    expect(kills).toBe(6);
    expect(await store.nextDue(0), 'all are completed').toBeNull();
    const lines = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    for (const queue of queues) {
      const ran = lines.filter(([name]) => name === queue).map(([, slot]) => Number(slot));
      expect([...new Set(ran)], `${queue} is complete`).toEqual(slots.map(Number));
      expect(ran, `${queue} is in order`).toEqual(ran.toSorted((a, b) => a - b));
    }
    const taken = lines.filter(([, , attempts]) => Number(attempts) > 1);
    expect(taken.length, 'jobs of the killed were taken over').toBeGreaterThan(0);
    expect(await intact(database)).toEqual([{ integrity_check: 'ok' }]);
  });

  it('two writers are killed while they write, five times: every acknowledged save is there with its jobs', {
    retry: 0,
  }, async () => {
    const database = await newDatabase();
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 5; round += 1) {
      const writers = ['a', 'b'].map((name) => {
        let lines = 0;
        return start('writer.ts', [database.address, `${name}${round}`], (line, { process }) => {
          const [id = '', revision = ''] = line.split(' ');
          acknowledged.set(id, Number(revision));
          lines += 1;
          if (lines === 40 + round * 7) process.kill('SIGKILL');
        });
      });
      for (const { code, errors } of await Promise.all(writers.map((writer) => writer.ended)))
        expect({ code, errors }).toEqual({ code: null, errors: '' });
    }

    expect(acknowledged.size).toBeGreaterThan(100);
    expect(await intact(database)).toEqual([{ integrity_check: 'ok' }]);
    const store = await database.open();
    const jobs = await database.sql('select queue, count(*) as jobs from jobs group by queue');
    const jobsOf = new Map(jobs.map((row) => [row.queue, Number(row.jobs)]));
    for (const [id, revision] of acknowledged) {
      const present = (await store.load(id))?.revision ?? 0;
      expect(present, id).toBeGreaterThanOrEqual(revision);
      expect(jobsOf.get(id), `jobs of ${id}`).toBe(present);
    }
  });
});
