/**
 * A whole rehearsal beside the bare libraries doing the same steps one after another, on the same mailbox in the same run.
 *
 *   node bench/rehearsal.ts           on loopback, behind 50 ms round trips where namespaces are to be had, and at
 *                                     servers that send too much, beside a quiet one
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

/** Starts servers in a process of their own. */
const open = async (script: string) => {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [where] = await once(createInterface(child.stdout), 'line');
  return { where: String(where), close: () => child.stdin.end() };
};

heading('A good mailbox on loopback');
const near = await open(mailbox);
await measure([process.execPath, runner, near.where], 3_000);
near.close();

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

heading('Servers that send too much, each in a process of its own');
const hostile = await open(join(import.meta.dirname, 'rehearsal', 'hostile.ts'));
const one = z.object({ tookMs: z.number(), peakMb: z.number() });
const named = z.array(z.looseObject({ name: z.string() }));
let quietMb = Number.NaN;
for (const { name, ...where } of named.parse(JSON.parse(hostile.where))) {
  const { stdout } = await run(process.execPath, [
    join(import.meta.dirname, 'rehearsal', 'once.ts'),
    JSON.stringify(where),
  ]);
  const { tookMs, peakMb } = one.parse(JSON.parse(stdout));
  if (name === 'quiet') quietMb = peakMb;
  row(name, `${ms(tookMs)}, at most ${peakMb.toFixed(0)} MB`);
  expectation(`${name} / 1000 ms`, tookMs / 1_000, 1);
  expectation(`${name}, more than quiet / 30 MB`, (peakMb - quietMb) / 30, 1);
}
hostile.close();
report();
