import { performance } from 'node:perf_hooks';
import { type CheckResult, type CheckSurroundings, runCheck } from '../check.ts';
import type { Account } from '../diagnosis/account/account.ts';
import type { Proposal } from '../diagnosis/account/provider.ts';
import type { Finding, OverallVerdict } from '../diagnosis/finding.ts';
import { recogniseProvider } from '../discovery/recognise.ts';
import { limits } from '../net/limits.ts';
import type { Rehearsal } from '../probe/diagnose.ts';
import type { Secret } from '../secret.ts';
import { findingText } from '../wording/findings/findings.ts';
import type { HintText } from '../wording/messages/discovery.ts';
import type { CheckCommand } from './command.ts';
import { partsOf, proposalFor, type Terminal } from './surroundings.ts';

const exitCodes = {
  ready: 0,
  'ready-with-warnings': 0,
  blocked: 1,
  inconclusive: 3,
} as const satisfies Record<OverallVerdict, number>;

/** What nobody typed is proposed for the address; each server on its own. */
const complete = (command: CheckCommand, proposal: Proposal): Account => {
  const { account, usernameTyped } = command;
  const { imap, smtp, username } = proposal;
  // Said by whoever named the servers, and so known before anybody logs in.
  const isDifferent = !account.imap && !account.smtp && proposal.hints.includes('different-usernames');
  return {
    ...account,
    smtpLogin: isDifferent ? 'different' : account.smtpLogin,
    imap: account.imap ?? imap,
    smtp: account.smtp ?? smtp,
    username: usernameTyped ? account.username : (username ?? account.username),
  };
};

/** The account to check and who hosts it; asks for a proposal where a server was not typed. */
const prepare = async (
  command: CheckCommand,
  parts: Pick<CheckSurroundings, 'network' | 'authorities'>,
): Promise<
  { account: Account; proposal: Proposal | null } & Pick<CheckSurroundings, 'recogniseProvider'>
> => {
  const { account } = command;
  const { records } = parts.network;
  if (account.imap && account.smtp)
    return {
      account,
      proposal: null,
      recogniseProvider: (address, signal) => recogniseProvider(address, { records, signal }),
    };
  const proposal = await proposalFor(account.address, parts);
  const recognised = async () => proposal.provider;
  return { account: complete(command, proposal), proposal, recogniseProvider: recognised };
};

/** Why a server is missing, where the search has found that out. */
const reasonsFor = async (
  { address, imap, smtp }: Account,
  proposal: Proposal | null,
  locale: Terminal['locale'],
): Promise<HintText[]> => {
  if (!proposal || (imap && smtp)) return [];
  const { missingInWords } = await import('../wording/messages/discovery.ts');
  return missingInWords(proposal, address, locale);
};

const shown = (endpoint: CheckCommand['account']['imap'], result: CheckResult) => {
  if (!endpoint) return null;
  const used = result.assessment.findings.find((finding) => finding.endpoint?.service === endpoint.service);
  return { host: endpoint.host, port: endpoint.port, encryption: used?.endpoint?.encryption ?? null };
};

/** The reasons for a missing server belong to the very finding that says so. */
const withReasons = (
  finding: Finding & { text: ReturnType<typeof findingText> },
  reasons: readonly HintText[],
) =>
  finding.reason === 'no-server-known' && reasons.length > 0
    ? {
        ...finding,
        evidence: { ...finding.evidence, hints: reasons.map(({ id }) => id) },
        text: {
          ...finding.text,
          explanation: [finding.text.explanation, ...reasons.map(({ text }) => text)].join(' '),
        },
      }
    : finding;

const toJson = (
  account: Account,
  result: CheckResult,
  { locale, reasons }: { locale: Terminal['locale']; reasons: readonly HintText[] },
) => {
  const { assessment, observations, durationMs } = result;
  return {
    verdict: assessment.verdict,
    loginTested: assessment.loginTested,
    rehearsed: result.rehearsed,
    policy: assessment.policy,
    account: {
      address: account.address,
      imap: shown(account.imap, result),
      smtp: shown(account.smtp, result),
      username: account.username,
    },
    findings: assessment.findings.map((finding) =>
      withReasons({ ...finding, text: findingText(finding, account, locale) }, reasons),
    ),
    observations,
    durationMs,
    settings: assessment.settings,
    servers: assessment.servers ?? [],
  };
};

/**
 * Runs `check` and prints its result. Returns the exit status, and where it was broken off what is to be said of that.
 * @throws UnreadableAuthorities
 */
export const check = async (
  command: CheckCommand,
  terminal: Terminal & { secret: Secret | null; rehearsal: Rehearsal | null },
): Promise<{ status: number; remark: string | null }> => {
  const { locale, secret, rehearsal, output } = terminal;
  const started = performance.now();
  const surroundings = await partsOf(command, terminal);
  const { account, proposal, recogniseProvider: recognise } = await prepare(command, surroundings);
  const reasons = await reasonsFor(account, proposal, locale);
  const paper = command.json ? null : await (await import('./paper.ts')).openPaper(account, terminal);
  const parts: CheckSurroundings = {
    ...surroundings,
    policy: command.policy,
    now: Date.now,
    // Finding the servers is part of the time that was given.
    timeoutMs: Math.max(1, Math.round((command.timeoutMs ?? limits.wholeMs) - performance.now() + started)),
    ...(recognise ? { recogniseProvider: recognise } : {}),
  };
  const signal = rehearsal ? (await import('./rehearsal.ts')).interruption() : null;
  const result = await runCheck(account, parts, {
    ...(secret ? { secret } : {}),
    ...(rehearsal && signal ? { rehearsal, signal } : {}),
    ...paper?.watch,
  });
  const isBrokenOff = signal?.aborted === true;
  if (paper) paper.print(isBrokenOff ? null : result, reasons);
  else {
    const { printable } = await import('./json.ts');
    output.write(`${printable(toJson(account, result, { locale, reasons }))}\n`);
  }
  const remark = isBrokenOff ? (await import('./rehearsal.ts')).whatStays(result, locale) : null;
  return { status: exitCodes[result.assessment.verdict], remark };
};
