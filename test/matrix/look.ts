/** One whole check in this process, as the terminal runs it, and what of it a person has to look at. */
import { expect } from 'vitest';
import { type CheckResult, runCheck } from '../../src/check.ts';
import type { Account } from '../../src/diagnosis/account/account.ts';
import type { Endpoint, Service } from '../../src/diagnosis/account/endpoint.ts';
import { parseHost } from '../../src/diagnosis/account/host.ts';
import { assess } from '../../src/diagnosis/assess.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { findingText } from '../../src/wording/findings/findings.ts';

export type Typed = { host: string; port: number; encryption: Endpoint['encryption'] };
export type Circumstances = {
  authorities: Parameters<typeof runCheck>[1]['authorities'];
  nameServers?: readonly string[];
  timeoutMs?: number;
  /** Default: nobody logs in. */
  login?: Parameters<typeof runCheck>[2];
};

const endpoint = (service: Service, { host, port, encryption }: Typed): Endpoint => {
  const parsed = parseHost(host);
  if (!parsed.ok) throw new Error(`expected a host, got ${host}`);
  return { service, host, asciiHost: parsed.value.asciiHost, port, encryption };
};

export const accountOf = (servers: Record<Service, Typed>): Account => ({
  address: 'rep@example.test',
  imap: endpoint('imap', servers.imap),
  smtp: endpoint('smtp', servers.smtp),
  username: 'rep@example.test',
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: null,
});

/** Counts as inside a network. */
export const insideAddress = '127.0.0.8';
const open = createGuard({
  restricted: false,
  allowNetworks: ['127.0.0.0/29', '127.0.0.9/32', '127.255.255.255/32', '::1/128'],
  allowPorts: [],
});

export const check = (
  account: Account,
  { authorities, nameServers = [], timeoutMs, login = {} }: Circumstances,
) =>
  runCheck(
    account,
    {
      network: createNetwork({ guard: open, nameServers }),
      authorities,
      policy: 'hubspot-2017',
      now: Date.now,
      ...(timeoutMs ? { timeoutMs } : {}),
    },
    login,
  );

/** The same observations, judged by HubSpot's newer page. */
export const judgedAnew = (account: Account, result: CheckResult): CheckResult => ({
  ...result,
  assessment: assess(account, result.observations, {
    now: Date.now(),
    policy: 'hubspot-2024',
    provider: null,
  }),
});

/** `requirement reason` of everything unmet at one service; an address filter that shows no sign is said of every account. */
export const unmetAt = ({ assessment }: CheckResult, service: Service): string[] =>
  assessment.findings
    .filter(({ endpoint: at }) => at?.service === service)
    .filter(({ verdict, severity }) => ['fail', 'warn', 'unknown'].includes(verdict) && severity !== 'info')
    .map(({ requirement, reason }) => `${requirement} ${reason}`);

/** Nothing but passes, what only a login shows, and the address filter that nobody can judge from here. */
export const expectHealthy = (
  { assessment }: CheckResult,
  service: Service,
  besides: readonly string[] = [],
): void => {
  const others = assessment.findings
    .filter(({ endpoint: at, verdict }) => at?.service === service && verdict !== 'pass')
    .filter(({ reason }) => reason !== 'not-tested')
    .map(({ requirement, reason }) => `${requirement} ${reason}`);
  expect(others).toEqual(['ip-allowlist no-sign', ...besides]);
};

/** Every finding can be said in both languages, without a hole in a sentence. */
export const expectWords = (account: Account, { assessment }: CheckResult): void => {
  for (const finding of assessment.findings)
    for (const locale of ['de', 'en'] as const) {
      const { title, explanation, remedy } = findingText(finding, account, locale);
      expect(`${title} ${explanation} ${remedy}`).not.toMatch(/\{\{|undefined|null|\[object/u);
    }
};
