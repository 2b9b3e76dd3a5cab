/** Checks run in this process: one after another, or many at once. Started by `diagnose.ts`; prints one JSON line. */
import { z } from 'zod';
import { readAuthorities, runCheck } from '../../src/check.ts';
import type { Account } from '../../src/diagnosis/account/account.ts';
import { parseEndpoint } from '../../src/diagnosis/account/parse.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';

const wanted = z
  .object({
    imap: z.string(),
    smtp: z.string(),
    ca: z.string(),
    dns: z.string(),
    /** How often, and how many at the same time. */
    checks: z.number(),
    atOnce: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

const endpoint = (service: 'imap' | 'smtp') => {
  const [host, port, encryption] = wanted[service].split(' ');
  const parsed = parseEndpoint(service, { host, port, encryption }, { allowedPorts: null });
  if (!parsed.ok) throw new Error(`cannot be read: ${wanted[service]}`);
  return parsed.value;
};

const account: Account = {
  address: 'rep@example.test',
  imap: endpoint('imap'),
  smtp: endpoint('smtp'),
  username: 'rep@example.test',
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: null,
};
const guard = createGuard({
  restricted: false,
  allowNetworks: ['127.0.0.0/8', '10.213.0.0/24'],
  allowPorts: [],
});
const parts = {
  network: createNetwork({ guard, nameServers: [wanted.dns] }),
  authorities: await readAuthorities(wanted.ca),
  policy: 'hubspot-2017' as const,
  now: Date.now,
};

const durations: number[] = [];
const verdicts: Record<string, number> = {};
let findings = 0;
const one = async (): Promise<void> => {
  const started = performance.now();
  const { assessment } = await runCheck(account, parts, {});
  durations.push(performance.now() - started);
  verdicts[assessment.verdict] = (verdicts[assessment.verdict] ?? 0) + 1;
  findings = assessment.findings.length;
};

// Once beforehand: code is loaded and compiled on first use, and that is counted with the terminal command.
if (wanted.atOnce === 1) await one();
durations.length = 0;
const started = performance.now();
let left = wanted.checks;
const worker = async (): Promise<void> => {
  while (left > 0) {
    left -= 1;
    await one();
  }
};
await Promise.all(Array.from({ length: wanted.atOnce }, worker));
const wallMs = performance.now() - started;
const memoryMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ durations, wallMs, memoryMb, verdicts, findings })}\n`);
process.exit(0);
