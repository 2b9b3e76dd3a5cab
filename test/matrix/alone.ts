/** One check of 127.0.0.1 in a process of its own: port, encryption, time in milliseconds. Prints what it cost and found. */
import { performance } from 'node:perf_hooks';
import { runCheck } from '../../src/check.ts';
import { encryptions } from '../../src/diagnosis/account/endpoint.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { evidenceContent } from '../../src/wording/findings/evidence.ts';
import { findingText } from '../../src/wording/findings/findings.ts';

const [port, typed, timeoutMs] = process.argv.slice(2);
const encryption = encryptions.find((known) => known === typed) ?? 'starttls';
const host = '127.0.0.1';
const account = {
  address: 'rep@example.test',
  imap: { service: 'imap', host, asciiHost: host, port: Number(port), encryption },
  smtp: null,
  username: 'rep@example.test',
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: null,
} as const;

const before = process.resourceUsage().maxRSS;
const started = performance.now();
const { assessment, transcripts } = await runCheck(
  account,
  {
    network: createNetwork({
      guard: createGuard({ restricted: false, allowNetworks: ['127.0.0.0/8'], allowPorts: [] }),
      nameServers: [],
    }),
    authorities: [],
    policy: 'hubspot-2017',
    now: Date.now,
    timeoutMs: Number(timeoutMs),
  },
  {},
);
const own = assessment.findings.filter(({ endpoint }) => endpoint?.service === 'imap');
const check = {
  id: 'c1',
  account,
  startedAt: 0,
  state: 'finished',
  durationMs: 0,
  assessment,
  transcripts,
  detailsShown: false,
  forCase: null,
  byWatch: false,
  withLogin: false,
  foreignServers: [],
} as const;
const shown = evidenceContent({ ...check, transcripts: [...transcripts], foreignServers: [] }, 'imap', 'en');
process.stdout.write(
  JSON.stringify({
    rssMb: (process.resourceUsage().maxRSS - before) / 1024,
    ms: performance.now() - started,
    verdict: assessment.verdict,
    imap: own
      .filter(
        ({ verdict, severity }) => (verdict === 'fail' || verdict === 'unknown') && severity === 'blocker',
      )
      .map(({ requirement, reason }) => `${requirement} ${reason}`),
    text: [
      ...own.map(
        (finding) =>
          `${finding.reason} ${JSON.stringify(Object.values(findingText(finding, account, 'de')).join(' ')).slice(1, -1)}`,
      ),
      ...shown.blocks
        .flatMap((block) => Object.values(block).flat())
        .map((part) => (typeof part === 'string' ? part : Object.values(part).join(' '))),
    ]
      .join(' ')
      .replaceAll('\n', ' '),
  }),
);
