/** Given a process that holds a job and dies, then another runs it again within five seconds; one that stops gives it back. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { conversationOf, diagnose } from '../store/conversations-and-jobs.ts';
import { type Database, embedded, postgresOnItsClock } from '../store/engines.ts';
import { type Started, start } from '../store/scratch.ts';

const program = fileURLToPath(new URL('holder.ts', import.meta.url));

/** Two processes share the store; gives the one that got the job, and who gets it next and when. */
const twoProcesses = async (database: Database) => {
  const taken: { by: Started; attempts: number; at: number }[] = [];
  const processes = [1, 2].map(() =>
    start(program, [database.address], (line, by) => {
      taken.push({ by, attempts: Number(line.split(' ')[1]), at: Date.now() });
    }),
  );
  onTestFinished(() => {
    for (const { process } of processes) process.kill('SIGKILL');
  });
  const store = await database.open();
  await store.save(conversationOf('c1', Date.now()), null, [diagnose('k', { runAt: Date.now() })]);
  const nth = (n: number) =>
    vi.waitFor(() => taken[n - 1] ?? expect.fail(`not taken ${n} times`), { timeout: 15_000, interval: 10 });
  return { nth };
};

describe.each([embedded, postgresOnItsClock])('$name', ({ newDatabase }) => {
  it('killed', { retry: 0 }, async () => {
    const { nth } = await twoProcesses(await newDatabase());
    const first = await nth(1);
    first.by.process.kill('SIGKILL');
    const killed = Date.now();
    const second = await nth(2);
    expect(second).toMatchObject({ attempts: 2 });
    expect(second.by).not.toBe(first.by);
    expect(second.at - killed).toBeLessThan(5000);
  });

  it('stopped', { retry: 0 }, async () => {
    const { nth } = await twoProcesses(await newDatabase());
    const first = await nth(1);
    first.by.process.kill('SIGTERM');
    expect(await first.by.ended).toEqual({ code: 0, errors: '' });
    const ended = Date.now();
    const second = await nth(2);
    expect(second.by).not.toBe(first.by);
    expect(second.at - ended, 'no lease has to end first').toBeLessThan(1500);
  });
});
