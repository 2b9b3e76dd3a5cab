/**
 * A process with a worker as in the product that takes checks and never ends one. Argument: address of the database.
 * Prints `holding ATTEMPTS` for each it takes. SIGTERM: stops in good order.
 */
import { writeSync } from 'node:fs';
import { workerLimits } from '../../src/bot/ports.ts';
import { createWorker } from '../../src/bot/worker/worker.ts';
import type { Job } from '../../src/store/ports.ts';
import { openAt } from '../store/open-at.ts';

const store = await openAt(process.argv[2] ?? '');
const runner = {
  run: (job: Job, signal: AbortSignal) => {
    writeSync(1, `holding ${job.attempts}\n`);
    return new Promise<void>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  },
  giveUp: async () => {},
  atOnce: 1,
  tries: 9,
};
const worker = createWorker({
  store,
  runners: {
    show: runner,
    diagnose: runner,
    watch: runner,
    relay: runner,
    'login-lost': runner,
    'hand-over-again': runner,
    remind: runner,
    erase: runner,
  },
  clock: { now: Date.now },
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  limits: workerLimits,
  holder: crypto.randomUUID(),
  random: Math.random,
});
worker.start();
process.on('SIGTERM', async () => {
  await worker.stop();
  await store.close();
});
