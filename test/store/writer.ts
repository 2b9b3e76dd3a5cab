/**
 * A process that saves conversations, each three times with a job each, and prints `ID REVISION` for each save
 * that was acknowledged. Arguments: address of the database, prefix of the ids, bytes of text in each. When one
 * is refused it prints `save MESSAGE`, then pings and prints `ping MESSAGE` for each failure.
 */
import { writeSync } from 'node:fs';
import { conversationOf, show } from './conversations-and-jobs.ts';
import { openAt } from './open-at.ts';

const [address = '', prefix = '', bytes = '0'] = process.argv.slice(2);
const store = await openAt(address);
const draft = { address: 'x'.repeat(Number(bytes)) };

const write = async (): Promise<never> => {
  for (let n = 0; ; n += 1) {
    const id = `${prefix}-${n}`;
    let revision: number | null = null;
    for (let round = 0; round < 3; round += 1) {
      const jobs = [show(`slot-${round}`, { queue: id, runAt: 0 })];
      revision = await store.save({ ...conversationOf(id), draft }, revision, jobs);
      writeSync(1, `${id} ${revision}\n`);
    }
  }
};

const tell = (what: string) => (error: unknown) => {
  writeSync(1, `${what} ${error instanceof Error ? error.message : String(error)}\n`);
};
await store.ping();
await write().catch(tell('save'));
// A ping is small: a few may find room where a conversation did not.
for (let n = 0; n < 50; n += 1) await store.ping().catch(tell('ping'));
