/**
 * A whole rehearsal beside the bare libraries doing the same steps one after another, on the same mailbox in the same run.
 *
 *   node bench/rehearsal.ts           on loopback, and behind 50 ms round trips where namespaces are to be had
 *
 * Ends with status 1 when it takes longer than promised.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { openFar } from './diagnose/far.ts';
import { expectation, heading, median, ms, report, row } from './figures.ts';

const run = promisify(execFile);
const mailbox = join(import.meta.dirname, 'rehearsal', 'mailbox.ts');
const runner = join(import.meta.dirname, 'rehearsal', 'run.ts');
const figures = z.object({
  login: z.array(z.number()),
  rehearsal: z.array(z.number()),
  bare: z.array(z.number()),
});

/** `atMostMs`: what is promised for the rehearsal. */
const measure = async (command: readonly string[], atMostMs: number): Promise<void> => {
  const [program = '', ...args] = command;
  const { login, rehearsal, bare } = figures.parse(JSON.parse((await run(program, args)).stdout));
  row('check with a login', ms(median(login)));
  row('rehearsal', ms(median(rehearsal)));
  row('the same steps by the bare libraries', ms(median(bare)));
  expectation(`rehearsal / ${atMostMs} ms`, median(rehearsal) / atMostMs, 1);
};

heading('A good mailbox on loopback');
const near = spawn(process.execPath, [mailbox], { stdio: ['pipe', 'pipe', 'inherit'] });
const [where] = await once(createInterface(near.stdout), 'line');
await measure([process.execPath, runner, String(where)], 3_000);
near.stdin.end();

heading('The same behind 50 ms round trips');
const far = await openFar<Record<string, unknown>>(50, mailbox).catch((error: Error) => {
  row('left out', `namespaces or TUN devices are not to be had here: ${error.message.split('\n')[0]}`);
  return null;
});
if (far) {
  try {
    await measure(far.near([process.execPath, runner, JSON.stringify(far.servers)]), 6_000);
  } finally {
    await far.stop();
  }
}
report();
