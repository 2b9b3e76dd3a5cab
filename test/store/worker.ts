/** A process that works off jobs until there are none. Arguments: address of the database, log file. Prints `holding ID` before it works on a job. */
import { appendFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { nameOf } from './conversations-and-jobs.ts';
import { openAt } from './open-at.ts';

const [address = '', log = ''] = process.argv.slice(2);
const leaseMs = 1000;
const store = await openAt(address);

for (;;) {
  const job = await store.claim(Date.now(), leaseMs);
  if (job === null) {
    const due = await store.nextDue(Date.now());
    if (due === null) break;
    await pause(Math.min(20, Math.max(1, due - Date.now())));
    continue;
  }
  writeSync(1, `holding ${job.id}\n`);
  await pause(15);
  if ((await store.extend([job], Date.now(), leaseMs)).length > 0) continue;
  appendFileSync(log, `${job.queue} ${nameOf(job)} ${job.attempts}\n`);
  await store.complete(job);
}
await store.close();
